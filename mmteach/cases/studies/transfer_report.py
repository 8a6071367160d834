"""The report of a transfer: students side by side, and whether it was the teacher or merely soft labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmteach.cases.report import MAJORITY, Report, Row
from mmteach.infer import interval_over_seeds, majority_accuracy

METRIC = "accuracy"
HARD, SMOOTHED, MEANS = "labels alone", "smoothed labels", "class means"
SHUFFLED, TEACHER = "teacher, shuffled in class", "teacher"
CONTROLS = (SMOOTHED, MEANS, SHUFFLED)


def compare(
    one: Sequence[np.ndarray], other: Sequence[np.ndarray], tested: Sequence[np.ndarray], groups: np.ndarray
) -> dict[str, Any]:
    """Mean difference of accuracy, one minus other, with two 95 % intervals of the paired difference.

    Over seeds it says whether other folds and weights would change the answer; over groups, the mean of each person
    over all seeds, whether other people would.

    Parameters
    ----------
    one, other : for each seed (n,) bool, what was right.
    tested : for each seed the positions (n,) of these samples.
    groups : (N,) the group of each sample.
    """
    by_seed = [float(np.mean(a.astype(float) - b)) for a, b in zip(one, other, strict=True)]
    difference = np.concatenate([a.astype(float) - b for a, b in zip(one, other, strict=True)])
    whose = groups[np.concatenate(tested)]
    by_group = [float(difference[whose == g].mean()) for g in sorted(set(whose))]
    return {
        "gain": float(np.mean(by_seed)),
        "ci95": interval_over_seeds(by_seed, -1.0, 1.0),
        "ci95_groups": interval_over_seeds(by_group, -1.0, 1.0),
        "seeds": by_seed,
    }


def beyond_chance(found: Mapping[str, Any]) -> int:
    """1 where both intervals lie above 0, -1 where both lie below, else 0: no difference is shown."""
    ends = [found["ci95"], found["ci95_groups"]]
    return int(all(low > 0 for low, _ in ends)) - int(all(high < 0 for _, high in ends))


def make_rows(
    right: Mapping[str, Sequence[np.ndarray]],
    tested: Sequence[np.ndarray],
    groups: np.ndarray,
    y: np.ndarray,
    seconds: Mapping[str, float],
    teacher: str,
) -> list[Row]:
    """One row a way of teaching, beside the majority and the teacher itself.

    Parameters
    ----------
    right, tested, groups : as for `compare`; the first of `right` is the teacher itself.
    y : (N,) labels.
    teacher : what the teacher sees, for the name of its row.
    """
    most = majority_accuracy(y, y)
    rows = [Row(MAJORITY, METRIC, most, (most, most), 0.0, {"n": len(y)})]
    for i, (name, runs) in enumerate(right.items()):
        values = [float(r.mean()) for r in runs]
        further: dict[str, Any] = {"seeds": values, "n": len(runs[0])}
        if i and name != HARD:
            further["against"] = {HARD: compare(runs, right[HARD], tested, groups)}
        if name == TEACHER:
            further["against"] |= {c: compare(runs, right[c], tested, groups) for c in CONTROLS if c in right}
        shown = name if i else f"the teacher itself ({teacher})"
        rows.append(
            Row(shown, METRIC, float(np.mean(values)), interval_over_seeds(values), seconds.get(name, 0.0), further)
        )
    return rows


@dataclass(frozen=True)
class TransferReport(Report):
    """A Report with who taught whom."""

    teacher: tuple[str, ...]
    student: str
    temperature: float
    weight: float
    n_labelled: int | None
    n_seeds: int
    n_groups: int

    def to_json(self) -> dict[str, Any]:
        """Return plain values, the verdict among them."""
        return {**super().to_json(), "verdict": self.verdict()}

    def to_text(self) -> str:
        """Return a table for a terminal."""
        lines = [
            f"{self.case} on {self.data}: {self.protocol}", self.note,
            f"n_train {self.n_train}, n_test {self.n_test} (each once a seed), {self.n_groups} groups, "
            f"{self.seconds:.1f} s", "",
            f"{'student learns from':<34}{'accuracy, 95 % over seeds':<29}gain over {HARD}, points",
        ]  # fmt: skip
        for r in self.rows:
            found = r.further.get("against", {}).get(HARD)
            gain = "" if found is None else points(found, self.n_seeds, self.n_groups)
            lines.append(f"{r.model:<34}{r.value:.3f} ({r.ci95[0]:.3f} to {r.ci95[1]:.3f})       {gain}".rstrip())
        return "\n".join([*lines, "", self.verdict()])

    def verdict(self) -> str:
        """Say whether the teacher helps, whether it was the teacher or merely soft labels, and what helps beside it."""
        shown = [r for r in self.rows if r.model in CONTROLS and beyond_chance(r.further["against"][HARD]) > 0]
        also = [f"{r.model} {points(r.further['against'][HARD], self.n_seeds, self.n_groups)}" for r in shown]
        guess = "" if self.n_labelled is None else " (whoever has no label gets the teacher's likeliest class)"
        beside = f" Beyond chance over {HARD}{guess}: {'; '.join(also)}." if also else ""
        return self._of_the_teacher() + beside

    def _of_the_teacher(self) -> str:
        against = self[TEACHER].further["against"]
        gain = against[HARD]
        told, who = points(gain, self.n_seeds, self.n_groups), f"A teacher that has {' and '.join(self.teacher)}"
        whom = f"a student that has {self.student} alone"
        if beyond_chance(gain) < 0:
            return f"{who} makes {whom} worse: {told}."
        if not beyond_chance(gain):
            return f"{who} gives {whom} no gain that is beyond chance here: {told}."
        beaten = [c for c in CONTROLS if c in against and beyond_chance(against[c]) > 0]
        equal = [c for c in CONTROLS if c in against and c not in beaten]
        if not equal:
            return f"{who} makes {whom} better: {told}; and it is the teacher, for it also beats {', '.join(beaten)}."
        numbers = "; ".join(f"against {c} {points(against[c], self.n_seeds, self.n_groups)}" for c in equal)
        better = f"{who} makes {whom} better than {HARD}: {told}."
        return f"{better} But that it is more than soft labels is not shown: {numbers}."


def points(found: Mapping[str, Any], n_seeds: int, n_groups: int) -> str:
    """A difference in points with its two intervals."""
    (a, b), (c, d) = ([100 * v for v in found[k]] for k in ("ci95", "ci95_groups"))
    return (
        f"{100 * found['gain']:+.1f} (95 % over {n_seeds} seeds {a:+.1f} to {b:+.1f}, "
        f"over {n_groups} groups {c:+.1f} to {d:+.1f})"
    )
