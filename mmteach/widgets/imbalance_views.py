"""Figures of ImbalanceLab: remedies side by side with the recall of each class, and what a missing modality costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.lines import Line2D

from mmteach.cases.studies.imbalance import MODALITY_REMEDIES, PLAIN, Results
from mmteach.infer import interval_over_seeds
from mmteach.types import Modality
from mmteach.widgets.figure import BLUE, COLOURS, GREEN, GREY, ORANGE, PURPLE, Plot, plain
from mmteach.widgets.imbalance_worker import RATES

MARKS = "osD^v"


class RemedyPlot(Plot):
    """Left the balanced accuracy of every remedy, right how much of each class it finds.

    Parameters
    ----------
    names : remedies, top to bottom.
    classes : most frequent first; of many, the first, the middle and the last are shown.
    """

    def __init__(self, names: Sequence[str], classes: Sequence[str]) -> None:
        super().__init__((8.8, 0.42 * len(names) + 1.5), 1, 2)
        self.names, self.classes = list(names), list(classes)
        n = len(classes)
        self.shown = list(range(n)) if n <= 5 else [0, n // 2, n - 1]
        left, right = self.axes
        places = np.arange(len(names))[::-1]
        plain(left, "balanced accuracy", "mean recall; lines: 95 % over seeds")
        plain(right, "recall of each class", "share that is found")
        for ax in self.axes:
            ax.set_yticks(places, names if ax is left else [""] * len(names), fontsize=9)
            ax.set_ylim(-0.7, len(names) - 0.3)
            ax.set_xlim(-0.03, 1.03 if ax is right else 1.2)
            ax.set_xticks(np.linspace(0, 1, 5))
        left.axvline(1 / n, color=GREY, ls="--", lw=1)
        left.text(1 / n + 0.01, -0.66, f"one class always: {1 / n:.2f}", fontsize=7.5, color="#555555", va="bottom")
        self._bars = left.barh(places, 0.0, color=[GREY if name == PLAIN else BLUE for name in names], height=0.6)
        (self._spread,) = left.plot([], [], color="black", lw=1.2)
        self._words = [left.text(0, y, "", va="center", fontsize=8.5) for y in places]
        self._dots: dict[int, Line2D] = {}
        self._lines: dict[int, Line2D] = {}
        offsets = np.linspace(0.2, -0.2, len(self.shown)) if len(self.shown) > 1 else [0.0]
        for i, (k, offset) in enumerate(zip(self.shown, offsets, strict=True)):
            (self._lines[k],) = right.plot([], [], color=COLOURS[i], lw=1.2, alpha=0.6)
            (self._dots[k],) = right.plot([], [], MARKS[i], color=COLOURS[i], ms=6, label=classes[k])
            self._dots[k].set_gid(str(offset))
        self._legend = right.legend(fontsize=8, loc="lower center", bbox_to_anchor=(0.4, 1.1), ncols=3, frameon=False)

    def draw(self, results: Results | None, ratio: float) -> None:
        """Draw what is known so far."""
        known = results.recall if results else {}
        said, ends = [], []
        for i, name in enumerate(self.names):
            runs = known.get(name, [])
            value = float(np.mean([r.mean() for r in runs])) if runs else 0.0
            low, high = interval_over_seeds([float(r.mean()) for r in runs]) if len(runs) > 1 else (value, value)
            y = len(self.names) - 1 - i
            self._bars[i].set_width(value)
            ends.append((low, high, y))
            self._words[i].set_position((max(high, value) + 0.02, y))
            self._words[i].set_text(f"{value:.2f}" if runs else "...")
            if runs:
                said.append(f"{name} {value:.2f} ({low:.2f} to {high:.2f}), {self._recalls(runs)}")
        self._spread.set_data(*_segments(ends))
        for k in self.shown:
            self._show_class(k, known)
        if results and results.counts:
            for text, k in zip(self._legend.get_texts(), self.shown, strict=True):
                text.set_text(f"{self.classes[k]} (n {results.counts[0][k]})")
        self.redraw(f"Ratio {ratio:g}. Balanced accuracy: {'; '.join(said) or 'nothing is trained yet'}.")

    def _recalls(self, runs: Sequence[np.ndarray]) -> str:
        return "recall " + ", ".join(f"{self.classes[k]} {np.mean([r[k] for r in runs]):.2f}" for k in self.shown)

    def _show_class(self, k: int, known: Mapping[str, Sequence[np.ndarray]]) -> None:
        offset, points, ends = float(self._dots[k].get_gid() or 0), [], []
        for i, name in enumerate(self.names):
            found = [float(r[k]) for r in known.get(name, [])]
            y = len(self.names) - 1 - i + offset
            if len(found) > 1:
                ends.append((*interval_over_seeds(found), y))
            if found:
                points.append((float(np.mean(found)), y))
        self._lines[k].set_data(*_segments(ends))
        self._dots[k].set_data(*(np.array(points).T if points else ([], [])))


def _segments(ends: Sequence[tuple[float, float, float]]) -> tuple[list[float], list[float]]:
    """Horizontal lines from low to high at y as a single line with gaps: one artist is drawn faster than many."""
    x = [v for low, high, _ in ends for v in (low, high, np.nan)]
    return x, [v for *_, y in ends for v in (y, y, np.nan)]


class MissingPlot(Plot):
    """Balanced accuracy against the share of test samples that have lost a modality, one line a way of training."""

    def __init__(self, modalities: Sequence[Modality], n_classes: int) -> None:
        super().__init__((8.8, 3.0), 1, len(modalities))
        self.modalities, self._cursor = list(modalities), list[Line2D]()
        self._lines: dict[tuple[Modality, str], Line2D] = {}
        self._bands: dict[tuple[Modality, str], Line2D] = {}
        for ax, m in zip(self.axes, self.modalities, strict=True):
            side = "" if self._lines else "balanced accuracy"
            plain(
                ax,
                f"without {m}",
                "share of test samples without it (%)",
                side,
            )
            ax.set_xlim(-2, 92)
            ax.set_ylim(0, 1.02)
            ax.axhline(1 / n_classes, color=GREY, ls="--", lw=1)
            looks = zip(MODALITY_REMEDIES, (GREY, BLUE, ORANGE, PURPLE, GREEN), "osD^v", strict=False)
            for remedy, colour, mark in looks:
                (self._lines[m, remedy],) = ax.plot([], [], mark + "-", color=colour, ms=4, lw=1.4, label=remedy)
                (self._bands[m, remedy],) = ax.plot([], [], color=colour, lw=2, alpha=0.6)
            self._cursor.append(ax.axvline(0, color="black", lw=1, ls=":"))
        self.axes[0].legend(fontsize=8, loc="lower left", frameon=False)

    def draw(self, curves: Mapping[str, Sequence[Mapping[Modality, Sequence[float]]]], rate: float) -> str:
        """Draw the curves, and mark one rate; return what stands there, in words."""
        said, at = [], min(range(len(RATES)), key=lambda i: abs(RATES[i] - rate))
        for (m, remedy), line in self._lines.items():  # at the marked rate each has its interval over seeds
            runs = [c[m] for c in curves.get(remedy, [])]
            mean = np.mean(runs, axis=0) if runs else np.array([])
            line.set_data(100 * np.array(RATES[: len(mean)]), mean)
            ends = interval_over_seeds([float(r[at]) for r in runs]) if len(runs) > 1 else (np.nan, np.nan)
            aside = 0.8 * (list(MODALITY_REMEDIES).index(remedy) - 1.5)  # side by side, not one on the other
            self._bands[m, remedy].set_data([100 * RATES[at] + aside] * 2, ends)
            if runs:
                said.append(f"without {m}, {remedy} {mean[at]:.2f}")
        for cursor in self._cursor:
            cursor.set_xdata([100 * RATES[at]] * 2)
        words = "; ".join(said) or "nothing is trained yet"
        self.redraw(f"{100 * RATES[at]:.0f} % of the test samples lack a modality. Balanced accuracy: {words}.")
        return words
