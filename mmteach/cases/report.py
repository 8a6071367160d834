"""What an experiment found: the majority, each modality by itself, and all together, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MAJORITY, FUSED = "majority", "fused"


@dataclass(frozen=True)
class Row:
    """One line of a report.

    Parameters
    ----------
    model : "majority", the name of a single modality, "fused", or several names joined by " + ".
    metric : "accuracy" (more is better) or "eer" (less is better).
    ci95 : 95 % interval of the value.
    seconds : to fit and to answer.
    further : more numbers of the same model, for example macro_f1.
    """

    model: str
    metric: str
    value: float
    ci95: tuple[float, float]
    seconds: float
    further: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The rows, and everything that is needed to read them rightly."""

    case: str
    data: str
    task: str
    protocol: str
    note: str
    n_train: int
    n_test: int
    rows: Sequence[Row]
    seconds: float
    seed: int

    def __getitem__(self, model: str) -> Row:
        """Return the row of a model."""
        return next(row for row in self.rows if row.model == model)

    def to_json(self) -> dict[str, Any]:
        """Return plain values; a row's further numbers stand beside its value."""
        out = asdict(self)
        out["rows"] = [{**{k: v for k, v in row.items() if k != "further"}, **row["further"]} for row in out["rows"]]
        return _rounded(out)

    def to_text(self) -> str:
        """Return a table for a terminal."""
        lines = [
            f"{self.case} on {self.data}: {self.task}, protocol {self.protocol}",
            self.note,
            f"n_train {self.n_train}, n_test {self.n_test}, {self.seconds:.1f} s",
            "",
            f"{'model':<12}{'metric':<10}{'value':>7}   {'95 % interval':<16}{'seconds':>8}",
        ]
        lines += [
            f"{r.model:<12}{r.metric:<10}{r.value:>7.3f}   {r.ci95[0]:.3f} to {r.ci95[1]:.3f}  {r.seconds:>8.1f}"
            for r in self.rows
        ]
        return "\n".join([*lines, "", self.verdict()])

    def to_markdown(self) -> str:
        """Return the rows as a table for a card."""
        lines = ["| model | metric | value | 95 % interval |", "|---|---|---|---|"]
        lines += [f"| {r.model} | {r.metric} | {r.value:.3f} | {r.ci95[0]:.3f} to {r.ci95[1]:.3f} |" for r in self.rows]
        return "\n".join(lines)

    def verdict(self) -> str:
        """Say in words what all modalities together add to the best single one."""
        sign = -1 if self[FUSED].metric == "eer" else 1
        singles = [r for r in self.rows if r.model not in (MAJORITY, FUSED) and "+" not in r.model]
        if not singles:
            return ""
        best = max(singles, key=lambda r: sign * r.value)
        gain = 100 * sign * (self[FUSED].value - best.value)
        way = "better" if gain > 0 else "worse"
        said = f"Fused is {abs(gain):.1f} points {way} than the best single modality, {best.model}"
        p = self[FUSED].further.get("p_against_best")
        number = "p < 0.001" if p is not None and p < 0.001 else f"p = {p or 0:.3f}"
        doubt = "" if p is None else f" (McNemar {number}: {'no chance' if p < 0.05 else 'could be chance'})"
        return f"{said}{doubt}." if abs(gain) >= 0.05 else f"Fused adds nothing to {best.model} alone here{doubt}."


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, list | tuple) else value
