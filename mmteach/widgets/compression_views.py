"""Figures of CompressionLab: what is won and what it costs, and the weights before and after."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator, NullLocator

from mmteach.cases.studies.compression_report import Judged, recalls
from mmteach.infer import wilson_interval
from mmteach.widgets.figure import BLUE, GREY, ORANGE, Plot, limit, plain

NAMES = ("as trained", "now")
N_BINS = 61


class Seen(NamedTuple):
    """One model in the lab.

    times, times_before : (n,) milliseconds of one sample, of it and, in turns with it, of the model as trained;
    weights : (n,) of the largest layer.
    """

    judged: Judged
    times: np.ndarray
    times_before: np.ndarray
    weights: np.ndarray


class CostPlot(Plot):
    """Size, latency and accuracy of the model as trained and as it is now, side by side."""

    def __init__(self, majority: float) -> None:
        super().__init__((8.8, 2.7), 1, 3)
        titles = (
            ("size of the file", "kB"), ("one sample, model alone", "ms: median; line to p95"),
            ("accuracy", "share right; line: 95 %"),
        )  # fmt: skip
        self._bars, self._words, self._lines = [], [], []
        for ax, (title, unit) in zip(self.axes, titles, strict=True):
            plain(ax, title, unit)
            ax.xaxis.set_major_locator(MaxNLocator(4))
            ax.set_yticks([1, 0], NAMES if ax is self.axes[0] else ["", ""], fontsize=9)
            ax.set_ylim(-0.6, 1.6)
            self._bars.append(ax.barh([1, 0], [0.0, 0.0], color=[GREY, BLUE], height=0.55))
            self._lines.append([ax.plot([], [], color="black", lw=1.3)[0] for _ in NAMES])
            self._words.append([ax.text(0, y, "", va="center", fontsize=8.5) for y in (1, 0)])
        self.axes[2].axvline(majority, color="#555555", ls="--", lw=1)
        self.axes[2].text(majority, 1.42, " one answer always", fontsize=7.5, color="#555555")
        self.axes[2].set_xlim(0, 1.25)
        self.axes[2].set_xticks(np.linspace(0, 1, 5))
        self.majority = majority

    def draw(self, before: Seen, now: Seen) -> str:
        """Draw both, and return what is seen, in words."""
        sizes = [seen.judged.n_bytes / 1000 for seen in (before, now)]
        self._show(0, sizes, [f"{v:.0f}" for v in sizes], None, 1.25 * sizes[0])
        median = [float(np.median(times)) for times in (now.times_before, now.times)]
        p95 = [float(np.percentile(times, 95)) for times in (now.times_before, now.times)]
        words = [f"{a:.2f}" for a in median]
        self._show(1, median, words, list(zip(median, p95, strict=True)), _round_up(1.3 * max(p95)))
        right = [seen.judged.right for seen in (before, now)]
        ends = [wilson_interval(int(r.sum()), len(r)) for r in right]
        shares = [float(r.mean()) for r in right]
        self._show(2, shares, [f"{v:.3f}" for v in shares], [(e.low, e.high) for e in ends], 1.25)
        said = (
            f"File {sizes[1]:.0f} kB, {sizes[0] / sizes[1]:.1f} times smaller than the {sizes[0]:.0f} kB as trained. "
            f"Accuracy {shares[1]:.3f} ({ends[1].low:.3f} to {ends[1].high:.3f}), as trained {shares[0]:.3f}, one "
            f"answer always {self.majority:.3f}, n {len(right[0])}. "
            f"Model alone {median[1]:.2f} ms (p95 {p95[1]:.2f}), as trained {median[0]:.2f} ms (p95 {p95[0]:.2f})."
        )
        self.redraw(said)
        return said

    def _show(
        self, i: int, values: list[float], words: list[str], ends: list[tuple[float, float]] | None, right: float
    ) -> None:
        limit(self.axes[i], x=(0.0, right))
        for k, y in enumerate((1, 0)):
            self._bars[i][k].set_width(values[k])
            low, high = ends[k] if ends else (values[k], values[k])
            self._lines[i][k].set_data([low, high], [y, y])
            self._words[i][k].set_position((high + 0.02 * right, y))
            self._words[i][k].set_text(words[k])


def _round_up(value: float) -> float:
    """The next of 1, 2 or 5 times a power of ten, so that axes do not twitch with every measurement."""
    power = 10.0 ** np.floor(np.log10(max(value, 1e-6)))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= value))


class WeightPlot(Plot):
    """Left the weights of the largest layer before and after, right what became of each class."""

    def __init__(self, layer: str, weights: np.ndarray, classes: list[str]) -> None:
        super().__init__((8.8, 2.9), 1, 2)
        left, right = self.axes
        reach = float(np.quantile(np.abs(weights), 0.999)) or 1.0
        self._edges = np.linspace(-reach, reach, N_BINS + 1)
        plain(left, f"weights of the largest layer ({layer})", "weight", "how many, log scale")
        left.set_yscale("log")
        left.yaxis.set_minor_locator(NullLocator())
        left.set_ylim(0.7, 2 * len(weights))
        left.set_xlim(-reach, reach)
        counts = self._counts(weights)
        left.stairs(counts, self._edges, color=GREY, fill=True, alpha=0.6, label="as trained")
        self._after = left.stairs(counts, self._edges, color=BLUE, lw=1.4, label="now", baseline=0.7)
        left.legend(fontsize=8, frameon=False, loc="upper left")
        plain(right, "recall of each class, change in points", "now minus as trained")
        places = np.arange(len(classes))[::-1]
        self.classes = classes
        self._bars = right.barh(places, 0.0, color=BLUE, height=0.6)
        self._words = [right.text(0, y, "", va="center", fontsize=8.5) for y in places]
        right.set_yticks(places, classes, fontsize=9)
        right.axvline(0, color="black", lw=0.8)
        right.set_xlim(-50, 50)

    def _counts(self, weights: np.ndarray) -> np.ndarray:
        return np.histogram(weights.clip(self._edges[0], self._edges[-1]), self._edges)[0]

    def draw(self, before: Seen, now: Seen) -> str:
        """Draw what the weights are now, and the harm to each class; return it in words."""
        self._after.set_data(self._counts(now.weights))
        old, new = recalls([before.judged]), recalls([now.judged])
        change = {c: 100 * (new.get(c, 0.0) - old.get(c, 0.0)) for c in self.classes}
        for bar, word, c in zip(self._bars, self._words, self.classes, strict=True):
            bar.set_width(change[c])
            bar.set_color(BLUE if change[c] >= 0 else ORANGE)
            n = int((now.judged.truth == c).sum())
            at = float(np.clip(change[c], -46, 26))
            word.set_position((at + 1 if change[c] >= 0 else 1, word.get_position()[1]))
            word.set_text(f"{change[c]:+.1f} (n {n})")
        zero, levels = float((now.weights == 0).mean()), len(np.unique(now.weights))
        changed = int((before.judged.said != now.judged.said).sum())
        said = (
            f"{100 * zero:.0f} % of the largest layer's weights are zero, {levels:,} different values are left. "
            f"{changed} of {len(now.judged.truth)} answers have changed. Recall: "
            + ", ".join(f"{c} {v:+.1f} points" for c, v in change.items())
            + "."
        )
        self.redraw(said)
        return said
