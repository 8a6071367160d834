"""Put preprocessing steps together, and see what each does to the picture and to its grey values."""

from __future__ import annotations

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset, split
from mmteach.errors import DataError
from mmteach.preprocess import (
    STEPS,
    Crop,
    Equalise,
    Grey,
    Resize,
    Rotate,
    Standardise,
    Step,
    Upright,
    before_and_after,
    fit_steps,
)
from mmteach.types import Image
from mmteach.widgets.figure import BLACK, BLUE, GREEN, VERMILION, Plot, bare, caption, limit
from mmteach.widgets.panel import Data, Panel, column, follow, on_change, prose, row, slider, span, tick
from mmteach.widgets.upload import read_upload, upload_button

N_FIT = 24  # training pictures from which Standardise learns while a slider moves
LARGEST = 640  # px; of a larger photo a smaller copy is shown, so that sliders stay quick
ORDER = ("Upright", "Grey", "Crop", "Rotate", "Resize", "Equalise", "Standardise")


class ImagePrep(Panel):
    """Preprocessing of one picture, step by step, before and after, each with its histogram.

    Parameters
    ----------
    data : a set, its name, or a DataPicker; its training part is what Standardise learns from.

    Attributes
    ----------
    image : the picture that goes in.
    trail : list of (step's name, picture after it), the original first.
    """

    def __init__(self, data: Data = "faces") -> None:
        self.plot = Plot((8.2, 2.9), 2, 1)
        self._shown: tuple[str, ...] = ()
        self._make_controls()
        self.code = ipywidgets.HTML()
        super().__init__()
        self.children = [
            row(self.which, self.upload),
            row(column(*self.on.values()), column(*self._parameters())),
            self.message, self.plot, self.code, self.source,
        ]  # fmt: skip
        follow(data, self.use)

    def _make_controls(self) -> None:
        self.which = slider("Picture", 0, 0, 1)
        self.upload = upload_button()
        begun = ("Upright", "Grey", "Crop", "Resize")
        self.on = {name: tick(name, name in begun) for name in ORDER}
        self.rows, self.columns = (
            span("Crop rows", (10, 95), 0, 100, unit="%"),
            span("Crop columns", (15, 85), 0, 100, unit="%"),
        )
        self.degrees = slider("Rotate", 15, -180, 180, unit="°", help="counter-clockwise")
        self.side = slider("Resize to", 64, 8, 128, 8, unit="px")
        on_change(self.pick, self.which)
        on_change(self.update, *self.on.values(), *self._parameters())
        self.upload.observe(lambda change: self.take(change["new"]), names="value")

    def _parameters(self) -> tuple[ipywidgets.Widget, ...]:
        return self.rows, self.columns, self.degrees, self.side

    def use(self, dataset: Dataset) -> None:
        """Show the pictures of another set."""
        with self.telling():
            train = split(dataset).train
            spread = np.linspace(0, len(train) - 1, min(N_FIT, len(train))).astype(int)
            self._train = [_image(dataset, int(train[i])) for i in spread]
            self.dataset = dataset
            self.name_source(dataset)
            self.which.max = len(dataset) - 1
            self.pick()

    def pick(self) -> None:
        """Take the picture of the set that the slider names."""
        with self.telling():
            at = min(self.which.value, len(self.dataset) - 1)
            self.take_image(_image(self.dataset, at), str(self.dataset.ids[at]))

    def take(self, uploaded: object) -> None:
        """Take the picture that was uploaded; a file that is none leaves the former picture in place."""
        with self.telling():
            image = read_upload(uploaded)
            if image is not None:
                self.take_image(image, "your photo")

    def take_image(self, image: Image, name: str) -> None:
        """Work on this picture."""
        self.image, self.name = _smaller(image), name
        if self.image is not image:
            sides = " x ".join(map(str, self.image.pixels.shape[:2]))
            self.say(f"{name} is large: a copy of {sides} pixels is shown", "note")
        self.update()

    @property
    def steps(self) -> list[Step]:
        """The steps that are ticked, in order, with the parameters of the sliders."""
        (top, bottom), (left, right) = self.rows.value, self.columns.value
        made: dict[str, Step] = {
            "Upright": Upright(),
            "Grey": Grey(),
            "Crop": Crop(top / 100, left / 100, (bottom - top) / 100, (right - left) / 100),
            "Rotate": Rotate(self.degrees.value),
            "Resize": Resize(self.side.value, self.side.value),
            "Equalise": Equalise(),
            "Standardise": Standardise(),
        }
        return [made[name] for name in ORDER if self.on[name].value]

    def update(self) -> None:
        """Run the steps again and show every picture on the way."""
        with self.telling():
            steps = self.steps
            if any(isinstance(step, Standardise) for step in steps):
                steps = list(fit_steps(self._train, steps)[0])
            self.trail = before_and_after(self.image, steps)
            listed = ", ".join(_as_code(step) for step in steps)
            self.code.value = prose(f"The same in code: <code>apply_steps(image, [{listed}])</code>")
            self._show()

    def _show(self) -> None:
        names = tuple(name for name, _ in self.trail)
        if names != self._shown:
            self._make_artists(names)
        said = []
        for i, (name, image) in enumerate(self.trail):
            x = image.pixels
            self._draw_picture(i, x)
            self._draw_histogram(i, x)
            height, width = x.shape[:2]
            said.append(f"{name}: {height} x {width}, mean {x.mean():.3g}, deviation {x.std():.3g}")
        self.plot.redraw(f"{self.name}, step by step. " + "; ".join(said) + ".")

    def _make_artists(self, names: tuple[str, ...]) -> None:
        axes = self.plot.arrange(2, len(names), height_ratios=[2.2, 1])
        self._pictures, self._curves = [], []
        self._captions = [caption(ax) for ax in axes]
        for ax, name in zip(axes[: len(names)], names, strict=True):
            self._pictures.append(bare(ax, name).imshow(np.zeros((2, 2)), cmap="gray", vmin=0, vmax=255))
        for ax in axes[len(names) :]:
            self._curves.append([bare(ax).plot([], [], color=c, lw=1)[0] for c in (BLACK, VERMILION, GREEN, BLUE)])
            ax.set_ylim(0, 1.05)
        self._shown = names

    def _draw_picture(self, i: int, x: np.ndarray) -> None:
        picture, (height, width) = self._pictures[i], x.shape[:2]
        low, high = (0.0, 255.0) if x.dtype == np.uint8 else (-2.5, 2.5)
        picture.set_data(x if x.dtype == np.uint8 or x.ndim == 2 else np.clip((x - low) / (high - low), 0, 1))
        picture.set_clim(low, high)
        if tuple(picture.get_extent()) != (0, width, height, 0):  # it sets limits too, and ticks are drawn
            picture.set_extent((0, width, height, 0))
            limit(self.plot.axes[i], x=(0, width), y=(height, 0))
        self._captions[i].set_text(f"{height} x {width}" + (" x 3" if x.ndim == 3 else ""))

    def _draw_histogram(self, i: int, x: np.ndarray) -> None:
        """Shares of the grey values in 32 bins, tallest at the top; in colour one curve a channel."""
        ends = (0, 256) if x.dtype == np.uint8 else (-3, 3)
        channels = [x] if x.ndim == 2 else [x[..., k] for k in range(3)]
        counts = [np.histogram(channel, 32, ends)[0] for channel in channels]
        tallest = max(1, *(int(count.max()) for count in counts))
        middles = np.linspace(*ends, 33)[:-1] + (ends[1] - ends[0]) / 64
        drawn = [counts[0], None, None, None] if x.ndim == 2 else [None, *counts]
        for curve, count in zip(self._curves[i], drawn, strict=True):
            curve.set_data(([], []) if count is None else (middles, count / tallest))
        at = len(self.trail) + i
        limit(self.plot.axes[at], x=ends)
        digits = 0 if x.dtype == np.uint8 else 2
        self._captions[at].set_text(f"{x.mean():.{digits}f} ± {x.std():.{digits}f}")


def _image(dataset: Dataset, at: int) -> Image:
    picture = dataset[at].media.get("image")
    if not isinstance(picture, Image):
        raise DataError(f"sample {dataset.ids[at]} of '{dataset.name}' has no picture: move the slider to another")
    return picture


def _smaller(image: Image) -> Image:
    """The picture itself, or where it is large a copy, every k-th pixel averaged."""
    k = -(-max(image.pixels.shape[:2]) // LARGEST)
    if k == 1:
        return image
    height, width = (max(side // k, 1) for side in image.pixels.shape[:2])
    x = image.pixels[: height * k, : width * k] if min(image.pixels.shape[:2]) >= k else image.pixels[::k, ::k]
    if x.shape[0] == height * k:
        x = x.reshape(height, k, width, k, *x.shape[2:]).mean(axis=(1, 3)).astype(np.uint8)
    return Image(x, image.orientation)


def _as_code(step: Step) -> str:
    """A step as it would be typed, numbers rounded."""
    fields = {k: round(v, 3) if isinstance(v, float) else v for k, v in vars(step).items() if v is not None}
    if isinstance(step, Rotate):
        fields.pop("fill")
    name = next(name for name, kind in STEPS.items() if isinstance(step, kind))
    return f"{name}({', '.join(f'{k}={v}' for k, v in fields.items())})"
