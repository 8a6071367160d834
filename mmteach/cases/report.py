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
    model : "majority", the name of a single modality, "fused", several names joined by " + ", or "fused, ..." for a
        test in which something is missing, or "..., 5 each" for a training part of five examples of each class.
    metric : "accuracy" (more is better) or "eer" (less is better).
    ci95 : 95 % interval of the value.
    seconds : to fit and to answer.
    further : more numbers of the same model, for example macro_f1. "aspects" are shares of answers that are right in
        one respect, {name: share}; "aside" says why a row is no rival of the others.
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
        width, aspects = max(12, 2 + max(len(r.model) for r in self.rows)), self.aspects()
        lines = [
            f"{self.case} on {self.data}: {self.task}, protocol {self.protocol}",
            self.note,
            f"n_train {self.n_train}, n_test {self.n_test}, {self.seconds:.1f} s",
            "",
            f"{'model':<{width}}{'metric':<10}{'value':>7}   {'95 % interval':<16}{'seconds':>8}{_titles(aspects)}",
        ]
        lines += [
            f"{r.model:<{width}}{r.metric:<10}{r.value:>7.3f}   {r.ci95[0]:.3f} to {r.ci95[1]:.3f}  {r.seconds:>8.1f}"
            + "".join(f"{share:>10}" for share in _shares(r, aspects))
            for r in self.rows
        ]
        return "\n".join([*lines, "", self.verdict()])

    def to_markdown(self) -> str:
        """Return the rows as a table for a card."""
        aspects = self.aspects()
        head = ["model", "metric", "value", "95 % interval", *aspects]
        lines = [_cells(head), "|" + "---|" * len(head)]
        for r in self.rows:
            interval = f"{r.ci95[0]:.3f} to {r.ci95[1]:.3f}"
            lines.append(_cells([r.model, r.metric, f"{r.value:.3f}", interval, *_shares(r, aspects)]))
        return "\n".join(lines)

    def aspects(self) -> list[str]:
        """Return in which respects answers were looked at."""
        return list(dict.fromkeys(name for r in self.rows for name in r.further.get("aspects", {})))

    def verdict(self) -> str:
        """Say in words what all modalities together add to the best single one, and which of them tell nothing."""
        singles = [r for r in self.rows if r.model not in (MAJORITY, FUSED) and not _several(r)]
        fused = next((r for r in self.rows if r.model == FUSED), None)
        if not singles:
            return ""
        if fused is None:
            return f"One modality, {singles[0].model}: there is nothing to fuse."
        best = max(singles, key=lambda r: _sign(r) * r.value)
        return " ".join([_gain(fused, best), *_tell_nothing(self.rows, singles)])


def _several(row: Row) -> bool:
    """Whether a row is of several modalities or features, of a test in which one is missing, or no rival at all."""
    return "+" in row.model or bool({"missing", "examples", "aside"} & set(row.further))


def _titles(aspects: Sequence[str]) -> str:
    return "".join(f"{name:>10}" for name in aspects)


def _shares(row: Row, aspects: Sequence[str]) -> list[str]:
    """Shares that are right in each respect; empty where a row was not looked at so."""
    found = row.further.get("aspects", {})
    return [f"{found[name]:.3f}" if name in found else "" for name in aspects]


def _cells(words: Sequence[str]) -> str:
    return f"| {' | '.join(words)} |"


def _sign(row: Row) -> int:
    return -1 if row.metric == "eer" else 1


def _gain(fused: Row, best: Row) -> str:
    """What fusing adds to the best single modality, and whether that could be chance."""
    gain = 100 * _sign(fused) * (fused.value - best.value)
    p = fused.further.get("p_against_best")
    number = "" if p is None else "McNemar p < 0.001" if p < 0.001 else f"McNemar p = {p:.3f}"
    if abs(gain) < 0.05 or (p is not None and p >= 0.05):
        doubt = f" ({gain:+.1f} points; {number}: could be chance)" if number else ""
        return f"Fused adds nothing to {best.model} alone that is beyond chance here{doubt}."
    doubt = f" ({number}: no chance)" if number else ""
    way = "better" if gain > 0 else "worse"
    return f"Fused is {abs(gain):.1f} points {way} than the best single modality, {best.model}{doubt}."


def _tell_nothing(rows: Sequence[Row], singles: Sequence[Row]) -> list[str]:
    """Name the modalities whose interval reaches down to the majority's value."""
    majority = next((r for r in rows if r.model == MAJORITY and r.metric == "accuracy"), None)
    if majority is None:
        return []
    low = [r for r in singles if r.ci95[0] <= majority.value]
    return [
        f"{r.model} alone ({r.value:.3f}) cannot be told from always answering the most frequent class "
        f"({majority.value:.3f})."
        for r in low
    ]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, list | tuple) else value
