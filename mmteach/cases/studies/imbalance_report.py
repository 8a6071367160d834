"""The report of remedies for imbalance: balanced accuracy and recall of each class, with intervals over seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmteach.cases.report import MAJORITY, Report, Row
from mmteach.infer import interval_over_seeds

METRIC = "balanced accuracy"


def make_rows(
    classes: Sequence[str], recall: Mapping[str, Sequence[np.ndarray]], seconds: Mapping[str, float], plain: str
) -> list[Row]:
    """One row a remedy, beside always answering the most frequent class.

    Parameters
    ----------
    recall : for each remedy the recalls (C,) of every seed.
    plain : the remedy that gains are measured against, seed by seed.
    """
    base = np.array([r.mean() for r in recall[plain]])
    rows = [Row(MAJORITY, METRIC, 1 / len(classes), (1 / len(classes),) * 2, 0.0)]
    for name, runs in recall.items():
        values = np.array([r.mean() for r in runs])
        gain = values - base[: len(values)]
        further: dict[str, Any] = {
            "seeds": values.tolist(),
            "recall": {c: float(np.mean([r[i] for r in runs])) for i, c in enumerate(classes)},
            "recall_ci95": {c: interval_over_seeds([float(r[i]) for r in runs]) for i, c in enumerate(classes)},
        }
        if name != plain:
            further |= {"gain": float(gain.mean()), "gain_ci95": interval_over_seeds(gain.tolist(), -1.0, 1.0)}
        interval = interval_over_seeds(values.tolist())
        rows.append(Row(name, METRIC, float(values.mean()), interval, seconds.get(name, 0.0), further))
    return rows


@dataclass(frozen=True)
class ImbalanceReport(Report):
    """A Report with what the imbalance was.

    Parameters
    ----------
    counts : training samples of each class with the first seed, most frequent first.
    leak : what resampling before the split would have reported, and what is true.
    """

    ratio: float
    n_seeds: int
    counts: Mapping[str, int]
    leak: Sequence[Row]

    def to_json(self) -> dict[str, Any]:
        """Return plain values; a row's further numbers stand beside its value."""
        told = replace(self, rows=self.leak, leak=())
        return {**super().to_json(), "leak": Report.to_json(told)["rows"] if self.leak else []}

    @property
    def best(self) -> Row:
        """The remedy with the highest balanced accuracy."""
        return max((r for r in self.rows if "gain" in r.further), key=lambda r: r.value)

    def to_text(self) -> str:
        """Return a table for a terminal."""
        sizes = ", ".join(f"{c} {n}" for c, n in self.counts.items())
        lines = [
            f"{self.case} on {self.data}: {self.protocol}", self.note,
            f"n_train {self.n_train} ({sizes}), n_test {self.n_test}, {self.seconds:.1f} s", "",
            f"{'model':<36}{'balanced accuracy':<26}recall: {', '.join(self.counts)}",
        ]  # fmt: skip
        for r in [*self.rows, *self.leak]:
            found = "  ".join(f"{v:.2f}" for v in r.further.get("recall", {}).values())
            lines.append(f"{r.model:<36}{r.value:.3f} ({r.ci95[0]:.3f} to {r.ci95[1]:.3f})    {found}".rstrip())
        return "\n".join([*lines, "", self.verdict()])

    def verdict(self) -> str:
        """Say what the best remedy gains over plain cross-entropy, and how much the leak would have lied."""
        best = self.best
        low, high = (100 * v for v in best.further["gain_ci95"])
        said = (
            f"Best: {best.model}, {100 * best.further['gain']:+.1f} points of balanced accuracy over plain "
            f"cross-entropy (95 % over {self.n_seeds} seeds: {low:+.1f} to {high:+.1f})."
        )
        if not self.leak:
            return said
        told, real = self.leak
        return f"{said} Resampling before the split would have reported {told.value:.3f}; true is {real.value:.3f}."
