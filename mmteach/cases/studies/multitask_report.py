"""The report of two tasks on one body: each task alone beside both together, gains paired by seed, gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmteach.cases.report import MAJORITY, Report, Row
from mmteach.cases.studies.imbalance_report import METRIC
from mmteach.infer import interval_over_seeds

ALONE = "alone"  # the model that learns one task


def majority_rows(n_classes: Mapping[str, int]) -> list[Row]:
    """One row a task: always one class finds all of it and nothing of the others, 1/C."""
    share = {task: 1 / c for task, c in n_classes.items()}
    return [Row(MAJORITY, METRIC, p, (p, p), 0.0, {"setting": "", "task": task}) for task, p in share.items()]


def gain_rows(
    setting: str, scores: Mapping[str, Mapping[str, Sequence[float]]], seconds: Mapping[str, float], equal: str
) -> list[Row]:
    """One row for each task and model of a setting; gains over the task alone, and over equal weights, are paired.

    Parameters
    ----------
    scores : {task: {model: one value a seed}}, the same seeds everywhere.
    equal : the model that the cleverer ones are measured against.
    """
    rows = []
    for task, models in scores.items():
        for model, values in models.items():
            further: dict[str, Any] = {"setting": setting, "task": task, "seeds": list(values)}
            if model != ALONE:
                further |= _gain("gain", values, models[ALONE])
            if model not in (ALONE, equal):
                further |= _gain("over_equal", values, models[equal])
            interval = interval_over_seeds(list(values))
            rows.append(Row(model, METRIC, float(np.mean(values)), interval, seconds.get(model, 0.0), further))
    return rows


def _gain(name: str, values: Sequence[float], base: Sequence[float]) -> dict[str, Any]:
    gain = np.array(values) - np.array(base)
    return {name: float(gain.mean()), f"{name}_ci95": interval_over_seeds(gain.tolist(), -1.0, 1.0)}


def cosine_rows(cosines: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, dict[str, Any]]:
    """Mean cosine of the tasks' gradients, its interval over runs, and the share of steps below 0, by model."""
    found = {}
    for model, runs in cosines.items():
        means = [float(np.nanmean(run)) for run in runs]
        below = float(np.mean([np.mean(np.array(run) < 0) for run in runs]))
        interval = interval_over_seeds(means, -1.0, 1.0)
        found[model] = {"cosine": float(np.mean(means)), "cosine_ci95": interval, "in_conflict": below}
    return found


@dataclass(frozen=True)
class MultitaskReport(Report):
    """A Report with what the gradients did.

    Parameters
    ----------
    n_tested : test samples of each task with the first seed.
    cosines : {setting: {model: as in `cosine_rows`}}.
    """

    n_seeds: int
    n_tested: Mapping[str, int]
    cosines: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def of(self, setting: str, task: str, model: str) -> Row:
        """Return the row of a model in a setting."""
        return next(r for r in self._of(setting, task) if r.model == model)

    def _of(self, setting: str, task: str) -> list[Row]:
        return [r for r in self.rows if (r.further["setting"], r.further["task"]) == (setting, task)]

    def to_text(self) -> str:
        """Return a table for a terminal."""
        lines = [f"{self.case} on {self.data}: {self.task}, {self.protocol}", self.note]
        lines += [f"n_train {self.n_train}, {self.seconds:.1f} s"]
        guess = ", ".join(f"{r.further['task']} {r.value:.3f}" for r in self.rows if r.model == MAJORITY)
        lines += [f"balanced accuracy; always one class: {guess}"]
        for setting, cosines in self.cosines.items():
            lines += ["", f"{setting:<22}{'task':<14}{'value (95 %)':<26}{'points over alone (95 %)':<28}"]
            here = [r for r in self.rows if r.further["setting"] == setting]
            lines += [_line(r) for r in here]
            lines += [
                f"  {model}: cosine of the gradients {c['cosine']:+.3f} ({c['cosine_ci95'][0]:+.3f} to "
                f"{c['cosine_ci95'][1]:+.3f}), below 0 in {100 * c['in_conflict']:.0f} % of the steps"
                for model, c in cosines.items()
            ]
        return "\n".join([*lines, "", self.verdict()])

    def to_markdown(self) -> str:
        """Return the rows as a table for a card."""
        lines = ["| setting | task | model | value | 95 % interval | points over alone |", "|---|---|---|---|---|---|"]
        for r in self.rows:
            where = f"{r.further['setting'] or 'any'} | {r.further['task']} | {r.model}"
            gain = points(r, "gain") if "gain" in r.further else ""
            lines.append(f"| {where} | {r.value:.3f} | {r.ci95[0]:.3f} to {r.ci95[1]:.3f} | {gain} |")
        return "\n".join(lines)

    def verdict(self) -> str:
        """Say for each setting and task whether learning both at once helped, hurt, or cannot be told."""
        said = []
        for setting in self.cosines:
            for task in self.n_tested:
                row = next(r for r in self._of(setting, task) if "gain" in r.further)  # equal weights stand first
                said.append(f"{setting}: {task} {effect(row)}, {points(row, 'gain')}.")
        head = f"Both at once, equal weights, over each alone (points, 95 % over {self.n_seeds} seeds):"
        tail = f"Of these {len(said)} comparisons one in twenty would look like an effect by chance alone."
        return "\n".join([head, *said, tail])


def effect(row: Row, of: str = "gain") -> str:
    """Say "is helped", "is hurt" or neither, by whether the interval of the gain leaves out 0."""
    low, high = row.further[f"{of}_ci95"]
    return "is helped" if low > 0 else "is hurt" if high < 0 else "is neither helped nor hurt beyond chance"


def points(row: Row, of: str) -> str:
    """A gain in points with its interval.

    >>> points(Row("x", METRIC, 0.5, (0, 1), 0.0, {"gain": 0.021, "gain_ci95": (-0.01, 0.05)}), "gain")
    '+2.1 (-1.0 to +5.0)'
    """
    low, high = row.further[f"{of}_ci95"]
    return f"{100 * row.further[of]:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


def _line(row: Row) -> str:
    value = f"{row.value:.3f} ({row.ci95[0]:.3f} to {row.ci95[1]:.3f})"
    gain = points(row, "gain") if "gain" in row.further else ""
    return f"  {row.model:<20}{row.further['task']:<14}{value:<26}{gain}".rstrip()
