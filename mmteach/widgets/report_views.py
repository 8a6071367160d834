"""The figures of ReportExplorer: confusions with their photos, reliability, and the table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmteach.cases.report import Row
from mmteach.infer import Reliability
from mmteach.preprocess import Grey, Resize, Upright, apply_steps
from mmteach.types import Image, Sample
from mmteach.widgets.figure import BLUE, GREY, MAP, ORANGE, VERMILION, Plot, bare, limit, plain
from mmteach.widgets.html_table import html_table
from mmteach.widgets.report_data import Confusion

_N_FACES = 4


class ConfusionPlot(Plot):
    """The matrix, and photos of a pair that was confused."""

    def __init__(self, matrix: np.ndarray, classes: Sequence[str]) -> None:
        super().__init__((8.6, 3.5), columns=2, width_ratios=[1, 1.3])
        ax = self.axes[0]
        ax.imshow(matrix, cmap=MAP)
        ax.set_title(f"photos: dark 0, bright {matrix.max()}", fontsize=9)
        ax.set_xlabel("answer", fontsize=9)
        ax.set_ylabel("truth", fontsize=9)
        step = max(1, len(classes) // 8)
        ax.set_xticks(range(0, len(classes), step), classes[::step], fontsize=7, rotation=90)
        ax.set_yticks(range(0, len(classes), step), classes[::step], fontsize=7)
        (self._mark,) = ax.plot([], [], "s", mfc="none", mec=VERMILION, mew=2, ms=11)
        self._faces = bare(self.axes[1]).imshow(np.full((2, 2), 255), cmap="gray", vmin=0, vmax=255)
        self.axes[1].axis("off")
        self._right, self._n = int(np.trace(matrix)), int(matrix.sum())
        self._index = {c: i for i, c in enumerate(classes)}

    def show_pair(self, pair: Confusion | None, wrong: Sequence[Sample], other: Sequence[Sample]) -> None:
        """Show the photos that were got wrong above photos of the person they were taken for."""
        said = f"confusion matrix: {self._right} of {self._n} answers on the diagonal"
        if pair is None:
            self.redraw(f"{said}; nobody was confused")
            return
        self._mark.set_data([self._index[pair.answer]], [self._index[pair.truth]])
        faces = np.vstack([_strip(wrong), np.full((6, 64 * _N_FACES), 255), _strip(other)])
        self._faces.set_data(faces)
        self._faces.set_extent((0, faces.shape[1], faces.shape[0], 0))
        title = f"above: {pair.truth}, taken for {pair.answer}\nbelow: {pair.answer}"
        self.axes[1].set_title(title, fontsize=10)
        self.redraw(
            f"{said}; {pair.truth} was taken for {pair.answer} {len(pair.rows)} times, photos of both beside it"
        )


class ReliabilityPlot(Plot):
    """Accuracy against confidence in bins, and how many answers each bin holds."""

    def __init__(self, n_bins: int = 10) -> None:
        super().__init__((8.6, 2.9), columns=2, width_ratios=[1.2, 1])
        bins, counts = self.axes
        plain(bins, "of answers this sure, how many are right?", "confidence", "share that is right")
        plain(counts, "how many answers are this sure", "confidence", "answers")
        middles = (np.arange(n_bins) + 0.5) / n_bins
        bins.plot([0, 1], [0, 1], color=GREY, ls=":", label="calibrated")
        self._right = bins.bar(middles, np.zeros(n_bins), width=0.9 / n_bins, color=BLUE, label="accuracy")
        (self._sure,) = bins.plot([], [], "_", color=ORANGE, ms=22, mew=3, label="mean confidence")
        bins.set(xlim=(0, 1), ylim=(0, 1.02))
        bins.legend(fontsize=8, frameon=False, loc="upper left")
        self._count = counts.bar(middles, np.zeros(n_bins), width=0.9 / n_bins, color=GREY)
        self._numbers = [counts.text(x, 0, "", ha="center", va="bottom", fontsize=7) for x in middles]
        counts.set_xlim(0, 1)
        self._middles = middles

    def show_bins(self, r: Reliability, temperature: float) -> None:
        """Draw the diagram at a temperature."""
        for bar, share in zip(self._right, np.nan_to_num(r.accuracy), strict=True):
            bar.set_height(share)
        full = r.n > 0
        self._sure.set_data(self._middles[full], r.confidence[full])
        for bar, text, n in zip(self._count, self._numbers, r.n, strict=True):
            bar.set_height(n)
            text.set_y(n)
            text.set_text(str(n) if n else "")
        limit(self.axes[1], y=(0.0, float(max(1, r.n.sum()) * 1.08)))
        self.redraw(f"at temperature {temperature:.2f} the expected calibration error is {r.ece:.3f}")


def rows_table(rows: Sequence[Row]) -> str:
    """Rows as an HTML table: value, 95 % interval, n, seconds where it was trained on its own."""
    lines = []
    for r in rows:
        seconds = f"{r.seconds:.1f}" if r.seconds else ""
        interval = f"{r.ci95[0]:.3f} to {r.ci95[1]:.3f}"
        lines.append([r.model, r.metric, f"{r.value:.3f}", interval, str(r.further.get("n", "")), seconds])
    return html_table(("model", "measure", "value", "95 % interval", "n", "seconds"), lines)


def _strip(samples: Sequence[Sample]) -> np.ndarray:
    """Up to four faces side by side, (64, 256)."""
    faces = []
    for s in samples[:_N_FACES]:
        image = s.media.get("image")
        if isinstance(image, Image):
            faces.append(apply_steps(image, (Upright(), Grey(), Resize(64, 64))).pixels)
    faces += [np.full((64, 64), 255, np.uint8)] * (_N_FACES - len(faces))
    return np.hstack(faces)
