"""What TaskBalance shows: both tasks as a point in a plane, their gradients, their losses, and a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from mmteach.cases.studies.multitask import Found
from mmteach.cases.studies.multitask_report import ALONE
from mmteach.infer import interval_over_seeds
from mmteach.train.multitask_loop import TaskHistory
from mmteach.widgets.figure import BLUE, GREEN, GREY, ORANGE, PURPLE, Plot, limit, plain
from mmteach.widgets.html_table import html_table
from mmteach.widgets.task_worker import FIXED, MODELS

LEARNT = {"uncertainty": (ORANGE, "s"), "PCGrad": (GREEN, "D")}
_OVER = 10  # steps that a curve is averaged over


class BalancePlot(Plot):
    """Left the plane of both tasks; then the cosine of their gradients, and the logarithm of their losses with s."""

    def __init__(self, tasks: Sequence[str]) -> None:
        super().__init__((9.6, 3.5), 1, 3, width_ratios=[1.35, 1, 1])
        self.tasks = tuple(tasks)
        plane, cosine, losses = self.axes
        plain(plane, "balanced accuracy of both", self.tasks[0], self.tasks[1])
        plain(cosine, "cosine of the gradients", "step")
        plain(losses, "ln of the training loss", "step")
        for ax in self.axes:
            ax.locator_params(nbins=5)  # fewer words are drawn sooner
        self._make_plane()
        cosine.axhline(0, color=GREY, lw=1)
        cosine.set_ylim(-1.02, 1.02)
        (self._cosine,) = cosine.plot([], [], color=BLUE, lw=1.6)
        self._losses: list[Line2D] = []
        self._s: list[Line2D] = []
        for task, colour, look in zip(self.tasks, (PURPLE, "black"), ("-", "--"), strict=True):
            self._losses += losses.plot([], [], look, color=colour, lw=1.4, label=task)
            self._s += losses.plot([], [], look, color=colour, lw=3.2, alpha=0.35, label=f"its s ({task})")
        losses.legend(fontsize=7, frameon=False, loc="lower left")

    def _make_plane(self) -> None:
        plane = self.axes[0]
        wide, tall = plane.get_xaxis_transform(), plane.get_yaxis_transform()
        self._bands = [Rectangle((0, 0), 0, 1, transform=wide), Rectangle((0, 0), 1, 0, transform=tall)]
        for band in self._bands:
            band.set(color=GREY, alpha=0.25, lw=0)
            plane.add_patch(band)
        self._alone = [plane.axvline(np.nan, color=GREY, ls="--", lw=1.2, label="alone"), plane.axhline(
            np.nan, color=GREY, ls="--", lw=1.2)]  # fmt: skip
        (self._fixed,) = plane.plot([], [], "o-", color=BLUE, ms=5, lw=0.8, label="fixed weights")
        self._points = {
            name: plane.plot([], [], mark, color=colour, ms=7, label=name)[0] for name, (colour, mark) in LEARNT.items()
        }
        (self._here,) = plane.plot([], [], "o", mfc="none", mec="black", ms=13, mew=1.5)
        self._spread = [plane.plot([], [], color="black", lw=1)[0] for _ in range(2)]
        plane.legend(fontsize=7, frameon=False, loc="lower left")

    def draw(self, found: Found | None, model: str, setting: str) -> None:
        """Draw what is known so far; `model` is ringed, and its gradients and losses are shown."""
        scores = {m: task_scores(found, m) for m in (ALONE, *MODELS)} if found else {}
        means = {m: tuple(np.mean(values, axis=1)) for m, values in scores.items() if values.size}
        self._show_alone(scores.get(ALONE, np.empty((2, 0))))
        fixed = [means[m] for m in FIXED if m in means]
        self._fixed.set_data(*(np.array(fixed).T if fixed else ([], [])))
        for name, point in self._points.items():
            point.set_data(*([[v] for v in means[name]] if name in means else ([], [])))
        self._show_here(scores.get(model, np.empty((2, 0))))
        self._frame(list(means.values()))
        history = list(found.histories.get(model, [])) if found else []
        said = self._show_steps(history)
        told = "; ".join(f"{m} {a:.2f} and {b:.2f}" for m, (a, b) in means.items())
        names = " and ".join(self.tasks)
        self.redraw(f"{setting}. Balanced accuracy of {names}: {told or 'nothing is trained yet'}. {model}: {said}")

    def _show_alone(self, values: np.ndarray) -> None:
        for line, band, axis, runs in zip(self._alone, self._bands, "xy", values, strict=True):
            mean = float(np.mean(runs)) if len(runs) else np.nan
            low, high = interval_over_seeds(runs.tolist()) if len(runs) > 1 else (mean, mean)
            getattr(line, f"set_{axis}data")([mean, mean])
            band.set(**({"x": low, "width": high - low} if axis == "x" else {"y": low, "height": high - low}))
            band.set_visible(len(runs) > 1)

    def _show_here(self, values: np.ndarray) -> None:
        n = values.shape[1]
        x, y = np.mean(values, axis=1) if n else (np.nan, np.nan)
        (left, right), (low, high) = (
            interval_over_seeds(runs.tolist()) if n > 1 else (np.nan, np.nan) for runs in values
        )
        self._here.set_data([x], [y])
        self._spread[0].set_data([left, right], [y, y])
        self._spread[1].set_data([x, x], [low, high])

    def _frame(self, points: Sequence[tuple[float, ...]]) -> None:
        """Show all points with a margin, in steps of a tenth, so that the axes seldom jump."""
        if not points:
            return
        low, high = np.min(points, axis=0), np.max(points, axis=0)
        low, high = np.floor(10 * low - 1.2) / 10, np.ceil(10 * high + 0.5) / 10
        ends = [(max(0.0, a), min(1.02, b)) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
        limit(self.axes[0], *ends)

    def _show_steps(self, history: Sequence[TaskHistory]) -> str:
        """Draw what happened step by step, the mean over seeds; say it in words."""
        if not history:
            for line in (self._cosine, *self._losses, *self._s):
                line.set_data([], [])
            return "not trained yet."
        cosines = np.nanmean([h.cosines for h in history], axis=0)  # (steps,)
        losses = np.log(np.mean([h.losses for h in history], axis=0))  # (steps, 2)
        s = np.mean([h.s for h in history], axis=0) if history[0].s else np.full_like(losses, np.nan)
        at = np.arange(len(smooth(cosines))) + _OVER / 2
        self._cosine.set_data(at, smooth(cosines))
        for i in range(2):
            self._losses[i].set_data(at, smooth(losses[:, i]))
            self._s[i].set_data(np.arange(len(s)), s[:, i])
        for ax, values in ((self.axes[1], None), (self.axes[2], np.concatenate([losses, s]))):
            limit(ax, x=(0.0, 1.06 * len(cosines)))
            if values is not None:
                limit(ax, y=(float(np.floor(np.nanmin(values) - 0.8)), float(np.ceil(np.nanmax(values)))))
        said = f"mean cosine {np.mean(cosines):+.2f}; training loss at the end " + " and ".join(
            f"{v:.2f}" for v in np.exp(losses[-_OVER:]).mean(axis=0)
        )
        return f"{said}; s {s[-1, 0]:+.2f} and {s[-1, 1]:+.2f}." if history[0].s else f"{said}."


def task_scores(found: Found, model: str) -> np.ndarray:
    """Scores of both tasks, (2, n seeds), as far as both are known."""
    runs = [list(found.scores.get(task, {}).get(model, ())) for task in found.tasks]
    n = min(map(len, runs))
    return np.array([r[:n] for r in runs])


def smooth(values: np.ndarray) -> np.ndarray:
    """Running mean over _OVER steps: (n,) -> (n - _OVER + 1,), or as they are where there are few."""
    return values if len(values) < _OVER else np.convolve(values, np.ones(_OVER) / _OVER, mode="valid")


def balance_table(found: Found) -> str:
    """Each model's balanced accuracy of both tasks, and what it gains over the task alone, paired by seed."""
    alone, rows = task_scores(found, ALONE), []
    for model in (ALONE, *MODELS):
        values = task_scores(found, model)
        n = min(values.shape[1], alone.shape[1])
        if not n:
            continue
        cells = [model, str(n)]
        for runs, base in zip(values[:, :n], alone[:, :n], strict=True):
            cells += [f"{np.mean(runs):.2f}", "" if model == ALONE else _gain(runs - base)]
        rows.append(cells)
    head = ["weights", "seeds", *(name for task in found.tasks for name in (task, "points over alone"))]
    return html_table(head, rows) if rows else ""


def _gain(gains: np.ndarray) -> str:
    told = whole(np.mean(gains))
    if len(gains) < 2:
        return told
    low, high = interval_over_seeds(gains.tolist(), -1.0, 1.0)
    return f"{told} ({whole(low)} to {whole(high)})"


def whole(gain: float) -> str:
    """A gain in whole points with its sign; none is 0.

    >>> whole(-0.004), whole(0.076)
    ('0', '+8')
    """
    return f"{round(100 * gain):+d}" if round(100 * gain) else "0"
