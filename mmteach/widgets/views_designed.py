"""Views of features that people designed: pixels, local binary patterns, oriented gradients, landmark geometry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from mmteach.features import HOG, LBP, Landmarks, Pixels, landmark_geometry, lbp_codes
from mmteach.types import Image
from mmteach.widgets.feature_view import SIDE, Control, blank
from mmteach.widgets.figure import BLUE, ORANGE, Plot, plain


class PixelsView:
    """The grey values themselves, row after row."""

    title, modality, columns = "Pixels", "image", 2
    controls: ClassVar[tuple[Control, ...]] = ()

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """No parameters."""
        return Pixels()

    def make(self, plot: Plot) -> None:
        """A picture, and its middle row as a curve."""
        self.picture = blank(plot.axes[0], f"{SIDE} x {SIDE} = {SIDE * SIDE} numbers")
        plot.axes[0].axhline(SIDE // 2, color=ORANGE, lw=1)
        (self.row,) = plain(plot.axes[1], "the orange row", "column", "grey value").plot(
            np.arange(SIDE), np.zeros(SIDE), color=BLUE
        )
        plot.axes[1].set_ylim(0, 255)

    def draw(self, medium: Image, extractor: Any, values: dict[str, int]) -> str:
        """Show them."""
        self.picture.set_data(medium.pixels)
        self.row.set_ydata(medium.pixels[SIDE // 2])
        return f"grey values from {medium.pixels.min()} to {medium.pixels.max()}, mean {medium.pixels.mean():.0f}"


class LBPView:
    """Codes of each pixel's ring of neighbours, counted in cells."""

    title, modality, columns = "LBP", "image", 3
    controls: ClassVar[tuple[Control, ...]] = (("Cell (px)", 16, 8, 32, 4), ("Look at cell", 0, 0, 48, 1))

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """Cells of the size asked for."""
        return LBP(cell=values["Cell (px)"])

    def make(self, plot: Plot) -> None:
        """Picture, codes, and the histogram of one cell."""
        self.picture = blank(plot.axes[0], "picture")
        self.codes = blank(plot.axes[1], "codes, 0 to 255")
        self.frames = [ax.add_patch(Rectangle((0, 0), 1, 1, fill=False, ec=ORANGE, lw=2)) for ax in plot.axes[:2]]
        self.axes = plain(plot.axes[2], "histogram of the framed cell", "pattern (59 kinds)", "share")
        self.bars = self.axes.bar(np.arange(59), np.zeros(59), color=BLUE, width=0.9)
        self.axes.set_ylim(0, 0.5)

    def draw(self, medium: Image, extractor: LBP, values: dict[str, int]) -> str:
        """Show them; the histogram is read back from the feature vector itself."""
        across = (SIDE - 2) // extractor.cell
        at = min(values["Look at cell"], across**2 - 1)
        top, left = divmod(at, across)
        self.picture.set_data(medium.pixels)
        self.codes.set_data(np.pad(lbp_codes(medium.pixels[None])[0], 1))
        for frame in self.frames:  # codes begin one pixel from the edge
            frame.set_bounds(left * extractor.cell + 0.5, top * extractor.cell + 0.5, extractor.cell, extractor.cell)
        shares = np.asarray(extractor([medium])[0]).reshape(across**2, 59)[at] ** 2
        for bar, share in zip(self.bars, shares, strict=True):
            bar.set_height(share)
        return f"{across} x {across} cells; in cell {at} the commonest pattern has a share of {shares.max():.2f}"


class HOGView:
    """In which direction the edges of each cell run."""

    title, modality, columns = "HOG", "image", 2
    controls: ClassVar[tuple[Control, ...]] = (("Cell (px)", 8, 4, 16, 2), ("Directions", 9, 4, 18, 1))

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """Cells and directions as asked for."""
        return HOG(cell=values["Cell (px)"], orientations=values["Directions"])

    def make(self, plot: Plot) -> None:
        """Picture, and a star of strokes for each cell."""
        self.picture = blank(plot.axes[0], "picture")
        blank(plot.axes[1], "edges: one star a cell", cmap="gray_r")
        self.strokes = LineCollection([], colors=BLUE)
        plot.axes[1].add_collection(self.strokes)

    def draw(self, medium: Image, extractor: HOG, values: dict[str, int]) -> str:
        """Draw each direction's share as a stroke along the edge, read back from the feature vector."""
        self.picture.set_data(medium.pixels)
        cells = cell_histograms(np.asarray(extractor([medium])[0]), SIDE // extractor.cell, extractor.orientations)
        n, o, cell = len(cells), extractor.orientations, extractor.cell
        angle = np.deg2rad((np.arange(o) + 0.5) * 180 / o) + np.pi / 2  # an edge runs across its gradient
        reach = 0.5 * cell * cells / max(float(cells.max()), 1e-6)  # (n, n, o)
        ends = reach[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)  # (n, n, o, 2)
        middle = (np.arange(n) + 0.5) * cell - 0.5
        centre = np.stack(np.meshgrid(middle, middle), axis=-1)[:, :, None]  # (n, n, 1, 2) as x, y
        self.strokes.set_segments(list(np.stack([centre - ends, centre + ends], axis=-2).reshape(-1, 2, 2)))
        return f"{n} x {n} cells with {o} directions each"


def cell_histograms(vector: np.ndarray, n: int, orientations: int) -> np.ndarray:
    """A HOG vector -> (n, n, O): each cell's mean over the blocks that hold it."""
    blocks = vector.reshape(n - 1, n - 1, 4, orientations)
    total, count = np.zeros((n, n, orientations)), np.zeros((n, n, 1))
    for corner, (i, j) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
        total[i : i + n - 1, j : j + n - 1] += blocks[:, :, corner]
        count[i : i + n - 1, j : j + n - 1] += 1
    return total / count


class LandmarksView:
    """Points as found, and as shape alone: without place and size."""

    title, modality, columns = "Landmarks", "landmarks", 2
    controls: ClassVar[tuple[Control, ...]] = ()

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """No parameters."""
        return Landmarks()

    def make(self, plot: Plot) -> None:
        """Two scatter plots, up pointing up."""
        (self.points,) = plain(plot.axes[0], "as found", "x (px)", "y (px)").plot([], [], "o", ms=4, color=BLUE)
        (self.shape,) = plain(plot.axes[1], "centred, size 1").plot([], [], "o", ms=4, color=BLUE)
        (self.pairs,) = plot.axes[1].plot([], [], lw=0.3, color=ORANGE, zorder=0)
        plot.axes[1].set(xlim=(-2.6, 2.6), ylim=(2.6, -2.6))
        self.axes = plot.axes[0]
        for ax in plot.axes[:2]:
            ax.set_aspect("equal")

    def draw(self, medium: np.ndarray, extractor: Any, values: dict[str, int]) -> str:
        """Show both; thin lines are the distances between all pairs."""
        n = len(medium)
        shape = landmark_geometry(medium[None, :, :2].astype(float))[0, : 2 * n].reshape(n, 2)
        self.points.set_data(*medium.T[:2])
        reach = 1.1 * max(96.0, float(medium.max()))
        self.axes.set(xlim=(0, reach), ylim=(reach, 0))
        self.shape.set_data(*shape.T)
        i, j = np.triu_indices(n, 1)
        gap = np.full(len(i), np.nan)
        self.pairs.set_data(*(np.stack([shape[i, a], shape[j, a], gap], axis=1).reshape(-1) for a in (0, 1)))
        return f"{n} landmarks give {2 * n} coordinates, {len(i)} distances and {2 * n} numbers for angles"
