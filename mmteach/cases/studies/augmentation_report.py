"""The report of learning curves: balanced accuracy by method and size, gains by seed, and their worth in samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmteach.cases.report import MAJORITY, Report, Row
from mmteach.cases.studies.imbalance_report import METRIC
from mmteach.infer import interval_over_seeds

PLAIN = "plain"


def make_rows(
    found: Mapping[tuple[str, int], Sequence[float]], seconds: Mapping[str, float], sizes: Sequence[int], n_classes: int
) -> list[Row]:
    """One row a method and size, beside always answering one class.

    Parameters
    ----------
    found : balanced accuracies of every seed, by method and samples of a class.
    seconds : of a method, all sizes together.
    """
    plain = [float(np.mean(found[PLAIN, n])) for n in sizes]
    rows = [Row(MAJORITY, METRIC, 1 / n_classes, (1 / n_classes,) * 2, 0.0)]
    for name in dict.fromkeys(name for name, _ in found):
        for n in sizes:
            values, base = np.array(found[name, n]), np.array(found[PLAIN, n])
            further = {"method": name, "n_per_class": n, "seeds": values.tolist()}
            if name != PLAIN:
                gain = (values - base).tolist()
                further |= {"gain": float(np.mean(gain)), "gain_ci95": interval_over_seeds(gain, -1.0, 1.0)}
                further["worth"] = worth(sizes, plain, float(values.mean()))
            interval = interval_over_seeds(values.tolist())
            share = seconds.get(name, 0.0) / len(sizes)
            rows.append(Row(f"{name}, {n} a class", METRIC, float(values.mean()), interval, share, further))
    return rows


def worth(sizes: Sequence[int], plain: Sequence[float], value: float) -> float | None:
    """How many samples of a class plain training needs for this value; None where the largest size does not reach it.

    Between two sizes it goes along a line over the logarithm of the size. A curve that falls is taken to have stayed.

    >>> worth([3, 6, 12], [0.4, 0.5, 0.6], 0.5)
    6.0
    """
    risen = np.maximum.accumulate(plain)
    if value > risen[-1]:
        return None
    if value <= risen[0]:
        return float(sizes[0])
    at = int(np.argmax(risen >= value))
    share = (value - risen[at - 1]) / (risen[at] - risen[at - 1])
    return float(sizes[at - 1] * (sizes[at] / sizes[at - 1]) ** share)


@dataclass(frozen=True)
class AugmentationReport(Report):
    """A Report of learning curves.

    Parameters
    ----------
    sizes : training samples of each class, ascending.
    """

    n_seeds: int
    sizes: tuple[int, ...]
    classes: tuple[str, ...]

    @property
    def methods(self) -> list[str]:
        """Names of the methods, plain first."""
        return list(dict.fromkeys(r.further["method"] for r in self.rows if "method" in r.further))

    def at(self, method: str, size: int) -> Row:
        """Return the row of a method with so many samples of a class."""
        return self[f"{method}, {size} a class"]

    def to_text(self) -> str:
        """Return a table for a terminal: a line a method, a column a size."""
        lines = [
            f"{self.case} on {self.data}: {METRIC} by samples of a class ({', '.join(self.classes)})", self.note,
            f"n_train at most {self.n_train}, n_test {self.n_test}, {self.seconds:.1f} s; always one class: "
            f"{1 / len(self.classes):.3f}", "", f"{'':<20}" + "".join(f"{n:>18}" for n in self.sizes),
        ]  # fmt: skip
        for name in self.methods:
            cells = [self.at(name, n) for n in self.sizes]
            lines.append(
                f"{name:<20}" + "".join(f"{f'{r.value:.3f} ({r.ci95[0]:.2f}-{r.ci95[1]:.2f})':>18}" for r in cells)
            )
        return "\n".join([*lines, "", *self.verdicts()])

    def verdict(self) -> str:
        """Say what each method gains."""
        return " ".join(self.verdicts())

    def verdicts(self) -> list[str]:
        """A sentence for each method: where its gain is beyond chance, and what it is worth there."""
        return [self._of(name) for name in self.methods if name != PLAIN]

    def _of(self, name: str) -> str:
        said = []
        for n in self.sizes:
            row = self.at(name, n)
            low, high = row.further["gain_ci95"]
            if low > 0 or high < 0:
                said.append(f"{100 * row.further['gain']:+.1f} points at {n} ({100 * low:+.1f} to {100 * high:+.1f})")
        if not said:
            return f"{name}: no gain or loss beyond chance at any size (95 % over {self.n_seeds} seeds)."
        return f"{name}: {', '.join(said)} (95 % over {self.n_seeds} seeds); elsewhere it could be chance."
