"""One photo's way through the library, room by room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from mmteach.datasets import Dataset
from mmteach.infer.predict import run, softmax
from mmteach.types import Image, Sample
from mmteach.widgets.figure import BLUE, GREY, MAP, ORANGE, Plot, bare, plain
from mmteach.widgets.panel import Data, Panel, follow, prose, rich, row
from mmteach.widgets.small import one_thread, trained_on


class Station(NamedTuple):
    """A place on the way: what the photo is called there, the room, the line of code, what one sees."""

    name: str
    room: str
    code: str
    seen: str


class Tour(Panel):
    """Follow one test photo from its file to the answer.

    Parameters
    ----------
    data : a set, its name, or a DataPicker.

    Attributes
    ----------
    station : Station where the tour stands.
    prediction : Prediction at its end.
    """

    def __init__(self, data: Data = "faces") -> None:
        self.back = ipywidgets.Button(description="Back", icon="arrow-left", layout={"width": "100px"})
        self.on = ipywidgets.Button(description="Next", icon="arrow-right", layout={"width": "100px"})
        self.other = ipywidgets.Button(description="Another photo", layout={"width": "140px"})
        self.back.on_click(lambda _button: self.go(self.at - 1))
        self.on.on_click(lambda _button: self.go(self.at + 1))
        self.other.on_click(lambda _button: self.take(self.which + 1))
        self.way, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.plot = Plot((7.4, 2.6), 1, 2, width_ratios=[1, 2])
        self.at: int = 0
        self.which: int = 0
        super().__init__()
        self.children = [self.way, row(self.back, self.on, self.other), self.text, self.plot, self.source, self.message]
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Train the small pipeline on another set, and begin again."""
        with self.telling():
            self.say(f"training on {dataset.name}: about ten seconds", "busy")
            self.trained = trained_on(dataset)
            self.say()
            self.name_source(dataset)
            self.at = 0
            self.take(next(i for i, s in enumerate(self.trained.test) if len(s.media) == len(dataset.modalities)))

    def take(self, which: int) -> None:
        """Send another test photo on its way."""
        with self.telling(), one_thread():
            self.which = which % len(self.trained.test)
            sample, pipeline = self.trained.test[self.which], self.trained.pipeline
            (self.cleaned,), (self.features,) = pipeline.preprocess([sample]), pipeline.extract([sample])
            self.batch = pipeline.batch([sample])
            self.logits = run(pipeline.fitted()[1], self.batch)["logits"][0]  # (C,)
            (self.prediction,) = pipeline.predict([sample])
            self.sample: Sample = sample
            self.go(self.at)

    def go(self, at: int) -> None:
        """Go to a station, counted from 0."""
        with self.telling():
            stops = self._stops()
            self.at = min(max(at, 0), len(stops) - 1)
            self.station, draw = stops[self.at]
            self.back.disabled, self.on.disabled = self.at == 0, self.at == len(stops) - 1
            names = (f"<b>{s.name}</b>" if i == self.at else s.name for i, (s, _) in enumerate(stops))
            self.way.value = " → ".join(names)
            s = self.station
            self.text.value = prose(
                f"<b>{rich(s.name)}</b>, from <code>{rich(s.room)}</code><br><code>{rich(s.code)}</code><br>"
                + rich(s.seen)
            )
            left, right = self.plot.arrange(1, 2, width_ratios=[1, 2])
            draw(left, right)
            self.plot.redraw(f"{s.name} of {self.sample.id}: {s.seen.replace('`', '')}")

    def _stops(self) -> list[tuple[Station, Callable[[Axes, Axes], None]]]:
        media = "; ".join(f"`{m}` {_shape(v)}" for m, v in sorted(self.sample.media.items()))
        cleaned = "; ".join(f"`{m}` {_shape(v)}" for m, v in sorted(self.cleaned.media.items()))
        x = "; ".join(f"`{m}` {v.shape}" for m, v in sorted(self.features.x.items()))
        tensors = "; ".join(f"`{m}` {tuple(v.shape)}" for m, v in sorted(self.batch.x.items()))
        p, classes = self.prediction, len(self.logits)
        shares = "; ".join(f"`{m}` {v:+.2f}" for m, v in sorted(p.contributions.items()))
        verdict = "right" if p.label == self.sample.label else f"wrong, it is {self.sample.label}"
        return [
            (Station("Sample", "mmteach.datasets", "sample = dataset[i]", f"Recorded: {media}."), self._sample),
            (
                Station("Cleaned", "mmteach.preprocess", "pipeline.preprocess([sample])",
                        f"Every picture in the same shape: {cleaned}."), self._clean,
            ),
            (
                Station("Features", "mmteach.features", "pipeline.extract([sample])", f"Numbers: {x}."), self._numbers,
            ),
            (
                Station("Batch", "mmteach.batch", "pipeline.batch([sample])",
                        f"Tensors with the batch axis in front: {tensors}."), self._numbers,
            ),
            (
                Station("Output", "mmteach.models", "model(batch).logits", f"One score for each of {classes} people."),
                self._scores,
            ),
            (
                Station("Prediction", "mmteach.infer", "pipeline.predict([sample])",
                        f"{p.label} with probability {p.probs.max():.2f}: {verdict}. What each modality added to the "
                        f"blind guess of {1 / classes:.3f}: {shares}."), self._answer,
            ),
        ]  # fmt: skip

    def _picture(self, ax: Axes, pixels: np.ndarray, title: str) -> None:
        bare(ax, title).imshow(pixels, cmap="gray")

    def _sample(self, left: Axes, right: Axes) -> None:
        self._picture(left, _pixels(self.sample.media["image"]), self.sample.id)
        points = self.sample.media.get("landmarks")
        if isinstance(points, np.ndarray):
            left.autoscale(False)
            left.plot(*points.T[:2], "o", ms=3, mfc=ORANGE, mec="black", mew=0.4)
        right.axis("off")
        listed = [f"id: {self.sample.id}", f"label: {self.sample.label}", f"group: {self.sample.group}"]
        listed += [f"meta {key}: {value}" for key, value in self.sample.meta.items()]
        right.text(0, 1, "\n".join(listed), va="top", fontsize=9, family="monospace", transform=right.transAxes)

    def _clean(self, left: Axes, right: Axes) -> None:
        self._picture(left, _pixels(self.cleaned.media["image"]), "for the network")
        plain(right, "its values: about zero mean, unit deviation", "value", "pixels")
        right.hist(_pixels(self.cleaned.media["image"]).ravel(), 40, color=BLUE)

    def _numbers(self, left: Axes, right: Axes) -> None:
        self._picture(left, self.features.x["image"][0], "image")
        vector = self.features.x["features"]
        width = 84
        rows = -(-len(vector) // width)
        grid = np.pad(vector, (0, rows * width - len(vector))).reshape(rows, width)
        bare(right, f"features: {len(vector)} numbers, as a picture").imshow(
            grid, cmap=MAP, vmin=-2, vmax=2, aspect="auto"
        )

    def _scores(self, left: Axes, right: Axes) -> None:
        self._picture(left, _pixels(self.sample.media["image"]), "who is it?")
        plain(right, "logits", "class", "score").bar(np.arange(len(self.logits)), self.logits, color=GREY)
        best = int(self.logits.argmax())
        right.patches[best].set_color(ORANGE)
        right.annotate(
            self.trained.pipeline.classes[best], (best, self.logits[best]), ha="center", va="bottom", fontsize=8
        )

    def _answer(self, left: Axes, right: Axes) -> None:
        self._picture(left, _pixels(self.sample.media["image"]), f"it says {self.prediction.label}")
        probs = softmax(self.logits[None], self.trained.pipeline.temperature)[0]
        best = np.argsort(-probs, kind="stable")[:5][::-1]
        names = [self.trained.pipeline.classes[i] for i in best]
        colours = [ORANGE if name == self.sample.label else GREY for name in names]
        plain(right, "the five likeliest; the true one is orange", "probability").barh(
            names, probs[best], color=colours
        )
        right.set_xlim(0, 1)


def _pixels(medium: Any) -> np.ndarray:
    return medium.pixels if isinstance(medium, Image) else np.asarray(medium)


def _shape(medium: Any) -> str:
    return str(_pixels(medium).shape)
