"""One matplotlib Figure that stays: artists get new data, the picture is drawn again and sent to the page.

Nothing passes through pyplot, so no figure is left behind in the notebook, and a slider step costs one drawing.
"""

from __future__ import annotations

import io
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image as Pillow

# Eight colours that people with any kind of colour blindness tell apart (Okabe, Ito 2008).
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY = "#999999"  # for what is only there to compare with: a baseline, chance
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, YELLOW, BLACK)
RIGHT, WRONG = BLUE, VERMILION  # never by colour alone: put a mark or a word beside it
MAP = "cividis"  # for heat maps: even to every eye, and in print

DPI = 96  # the page's own pixels
SHARPNESS = 1.25  # drawn finer than shown, for screens with small pixels

_SHOW = """
function render({ model, el }) {
  const img = document.createElement("img");
  img.style.cssText = "max-width: 100%; height: auto; background: white; border-radius: 3px; display: block;";
  el.append(img);
  let shown = null;
  const size = () => { img.width = model.get("width"); img.height = model.get("height"); };
  const name = () => { img.alt = model.get("alt"); };
  const draw = async () => {
    const url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
    const next = new Image();
    next.src = url;
    try { await next.decode(); } catch { /* an empty picture */ }
    size(); name();
    img.src = url;
    if (shown) URL.revokeObjectURL(shown);
    shown = url;
  };
  model.on("change:png", draw);
  model.on("change:alt", name);
  draw();
  return () => { model.off("change:png", draw); model.off("change:alt", name); if (shown) URL.revokeObjectURL(shown); };
}
export default { render };
"""


class Picture(anywidget.AnyWidget):
    """A PNG on the page, with the words that stand for it where it cannot be seen.

    Parameters
    ----------
    png : the file's bytes.
    alt : text alternative; it must say what the picture shows now, numbers included.
    width, height : pixels on the page; a narrow page shrinks it.
    """

    _esm = _SHOW
    png = traitlets.Bytes(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(100).tag(sync=True)
    height = traitlets.Int(100).tag(sync=True)

    def show(self, pixels: np.ndarray, alt: str, width: int | None = None) -> None:
        """Show pixels (H, W) or (H, W, 3) uint8; `width` on the page, by default one page pixel a pixel."""
        width = width or pixels.shape[1]
        height = round(width * pixels.shape[0] / pixels.shape[1])
        with self.hold_sync():
            self.width, self.height, self.alt, self.png = width, height, alt, to_png(pixels)


class Plot(Picture):
    """Axes that stay. Make the artists once, change their data, then call `redraw`.

    Parameters
    ----------
    size : (width, height) in inches, 96 page pixels each.
    rows, columns : of axes.
    **grid : for Figure.subplots, as in `width_ratios=[2, 1]`.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    axes : np.ndarray [shape=(rows * columns,)] of Axes, row by row.

    Examples
    --------
    >>> plot = Plot((3, 2))
    >>> (line,) = plot.axes[0].plot([0, 1], [0, 1])
    >>> line.set_ydata([1, 0])
    >>> plot.redraw("a line that falls from 1 to 0")
    """

    def __init__(self, size: tuple[float, float], rows: int = 1, columns: int = 1, **grid: Any) -> None:
        super().__init__(width=round(size[0] * DPI), height=round(size[1] * DPI))
        self.figure = Figure(figsize=size, dpi=DPI * SHARPNESS, facecolor="white")
        self._canvas = FigureCanvasAgg(self.figure)
        self.arrange(rows, columns, **grid)

    def arrange(self, rows: int, columns: int, **grid: Any) -> np.ndarray:
        """Throw the axes away and make others; return them."""
        self.figure.clear()
        made = self.figure.subplots(rows, columns, squeeze=False, gridspec_kw=grid or None)
        self.axes: np.ndarray = made.reshape(-1)
        self._placed, self._still = False, None
        return self.axes

    def redraw(self, alt: str) -> None:
        """Draw and send. The places of axes and labels are found at the first call and kept, so nothing jumps.

        Parameters
        ----------
        alt : what the figure shows now.
        """
        if self._placed:
            self._paint()
        else:
            self._still = None
            self.figure.set_layout_engine("constrained")
            self._paint()
            self.figure.set_layout_engine("none")
            self._placed = True
        pixels = np.asarray(self._canvas.buffer_rgba())[..., :3]
        with self.hold_sync():
            self.alt, self.png = alt, to_png(pixels)

    def _paint(self) -> None:
        """Draw what stands within the axes anew, and their ticks and labels only where they have changed.

        Words are slow to draw. What matplotlib calls animated is left out when the figure is drawn, and a change of it
        does not make the figure stale.
        """
        within = [(ax, artist) for ax in self.figure.axes for artist in _within(ax)]
        for _, artist in within:
            artist.set_animated(True)
        if self._still is None or self.figure.stale:
            self._canvas.draw()
            self._still = self._canvas.copy_from_bbox(self.figure.bbox)
        else:
            self._canvas.restore_region(self._still)
        for ax, artist in within:
            ax.draw_artist(artist)
        self.figure.stale = False  # a legend moves its own parts while it is drawn

    def place_again(self) -> None:
        """Let the next `redraw` find new places, after axes or labels came or went."""
        self._placed = False


def _within(ax: Axes) -> list[Artist]:
    """Everything of some axes but the ground, the ticks and what they say, from back to front."""
    outside = (ax.patch, ax.xaxis, ax.yaxis, *ax.child_axes)
    return sorted((a for a in ax.get_children() if a not in outside), key=lambda a: a.get_zorder())


def to_png(pixels: np.ndarray) -> bytes:
    """Pixels (H, W) or (H, W, 3) uint8 -> PNG, compressed lightly: speed counts more than bytes here."""
    out = io.BytesIO()
    Pillow.fromarray(np.ascontiguousarray(pixels)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def limit(ax: Axes, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> None:
    """Set limits where they are others: the same ones set again would have every tick drawn again."""
    if x is not None and tuple(ax.get_xlim()) != x:
        ax.set_xlim(x)
    if y is not None and tuple(ax.get_ylim()) != y:
        ax.set_ylim(y)


def caption(ax: Axes) -> Text:
    """Make a line below some axes that changes at every step: unlike an x label it needs no ticks drawn again."""
    return ax.text(0.5, -0.04, " ", transform=ax.transAxes, fontsize=8, ha="center", va="top")


def bare(ax: Axes, title: str = "") -> Axes:
    """Prepare axes for a picture: no ticks, a thin frame, a small title."""
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_color(GREY)
    ax.set_title(title, fontsize=9)
    return ax


def plain(ax: Axes, title: str = "", x: str = "", y: str = "") -> Axes:
    """Prepare axes for a plot: no frame above and right, labels of one size."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=8)
    ax.set_title(title, fontsize=10)
    ax.set_xlabel(x, fontsize=9)
    ax.set_ylabel(y, fontsize=9)
    return ax
