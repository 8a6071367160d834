"""Mute a modality, or spoil it, and watch what is left of the accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import ipywidgets
import numpy as np
import torch

from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.infer import Interval, wilson_interval
from mmteach.infer.predict import run
from mmteach.preprocess import Upright, apply_steps
from mmteach.types import Image, Modality, Sample
from mmteach.widgets.figure import BLUE, GREY, ORANGE, Plot, bare, plain
from mmteach.widgets.panel import Data, Panel, column, follow, on_change, row, slider, tick
from mmteach.widgets.small import FIRST_STEPS, one_thread, trained_on

WORDS = {"image": "image: pixels", "features": "features: edges", "landmarks": "landmarks: shape"}


class Row(NamedTuple):
    """One bar: how often a model that hears only some modalities is right."""

    name: str
    accuracy: float
    ci95: Interval


class Level(NamedTuple):
    """Spoilt samples, each modality's logits (N, C), and which samples have it (N,)."""

    samples: list[Sample]
    votes: dict[Modality, torch.Tensor]
    present: dict[Modality, torch.Tensor]


def shrink(sample: Sample) -> Sample:
    """The sample with its picture grey and 64 x 64: the pipeline's first steps, taken once and not at every move."""
    return replace(sample, media={**sample.media, "image": apply_steps(_picture(sample), FIRST_STEPS)})


def _picture(sample: Sample) -> Image:
    picture = sample.media.get("image")
    if not isinstance(picture, Image):
        raise DataError(f"sample {sample.id} has no picture: choose a set in which every sample has one")
    return picture


def spoil(samples: Sequence[Sample], noise: float = 0, cover: float = 0, jitter: float = 0) -> list[Sample]:
    """Make samples worse, each always in the same way.

    Parameters
    ----------
    noise : of the pixels, standard deviation in grey levels.
    cover : side of a grey square that hides part of the picture, as a share of the shorter side, in [0, 1].
    jitter : of the landmarks, standard deviation in pixels.
    """
    return [_spoil(s, noise, cover, jitter, np.random.default_rng(i)) for i, s in enumerate(samples)]


def _spoil(sample: Sample, noise: float, cover: float, jitter: float, rng: np.random.Generator) -> Sample:
    media = dict(sample.media)
    picture, points = media.get("image"), media.get("landmarks")
    if isinstance(picture, Image) and (noise or cover):
        shake, place = rng.standard_normal(picture.pixels.shape), rng.random(2)
        pixels = np.clip(picture.pixels + noise * shake, 0, 255).astype(np.uint8)
        side = round(cover * min(pixels.shape[:2]))
        top, left = (place * (np.array(pixels.shape[:2]) - side)).astype(int)
        pixels[top : top + side, left : left + side] = 128
        media["image"] = replace(picture, pixels=pixels)
    if isinstance(points, np.ndarray) and jitter:
        media["landmarks"] = points + jitter * np.random.default_rng(rng.integers(2**31)).standard_normal(points.shape)
    return replace(sample, media=media)


class ModalityMixer(Panel):
    """Accuracy of each modality alone and of those that are heard together, on people's pictures not trained on.

    Parameters
    ----------
    data : a set, its name, or a DataPicker.

    Attributes
    ----------
    rows : list of Row, one a bar, after the last change.
    """

    def __init__(self, data: Data = "faces") -> None:
        self.rows: list[Row] = []
        self._levels: dict[tuple[float, ...], Level] = {}  # what was judged before is not judged again
        self.noise = slider("Noise", 0, 0, 80, 10, unit="grey levels")
        self.cover = slider("Covered", 0, 0, 80, 10, unit="% of side")
        self.jitter = slider("Landmark error", 0, 0, 6, 1, unit="px")
        self.heard: dict[Modality, ipywidgets.Checkbox] = {m: tick(words, True) for m, words in WORDS.items()}
        self.plot = Plot((7.4, 3.0), 1, 2, width_ratios=[1, 2.3])
        super().__init__()
        title = ipywidgets.HTML("<b>Heard together</b>")
        controls = row(column(self.noise, self.cover, self.jitter), column(title, *self.heard.values()))
        self.children = [controls, self.plot, self.source, self.message]
        on_change(self.spoil_again, self.noise, self.cover, self.jitter)
        on_change(self.update, *self.heard.values())
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Train on another set, or take what was trained on it before."""
        with self.telling():
            self.say(f"training on {dataset.name}: about ten seconds", "busy")
            self.trained = trained_on(dataset)
            self.small = [shrink(sample) for sample in self.trained.test]
            self._levels.clear()
            self.say()
            self.name_source(dataset)
            names = tuple(self.trained.pipeline.branches)
            for m, box in self.heard.items():
                box.layout.display = None if m in names else "none"
            self.jitter.layout.display = None if "landmarks" in names else "none"
            self._make_artists(names)
            self.spoil_again()

    def spoil_again(self) -> None:
        """Spoil the test samples as the sliders say, and let each modality judge them by itself."""
        with self.telling():
            at = (self.noise.value, self.cover.value / 100, self.jitter.value)
            if at not in self._levels:
                self._levels[at] = self._judge(spoil(self.small, *at))
            self.level = self._levels[at]
            self.update()

    def _judge(self, samples: list[Sample]) -> Level:
        with one_thread():
            batch = self.trained.pipeline.batch(samples)
            out = run(self.trained.pipeline.fitted()[1], batch)
        return Level(samples, {m: torch.from_numpy(out[f"unimodal.{m}"]) for m in batch.present}, batch.present)

    def update(self) -> None:
        """Let the modalities that are ticked vote, and show everyone's accuracy."""
        with self.telling():
            heard = [m for m in self.level.votes if self.heard[m].value]
            self.rows = [self._row(m, [m]) for m in self.level.votes]
            if heard:
                self.rows.append(self._row("together", heard))
            self._show(heard)

    def _row(self, name: str, heard: Sequence[Modality]) -> Row:
        y = [s.label for s in self.trained.test]
        n_right = sum(a == b for a, b in zip(y, self.answers(heard), strict=True))
        return Row(name, n_right / len(y), wilson_interval(n_right, len(y)))

    def answers(self, heard: Sequence[Modality]) -> list[str]:
        """What the model answers if it hears only these modalities; "" for a sample that has none of them."""
        fusion = self.trained.pipeline.fitted()[1].fusion
        present = {m: p & (m in heard) for m, p in self.level.present.items()}
        with torch.inference_mode():
            best = fusion(self.level.votes, present).argmax(dim=1).tolist()
        anyone = torch.stack(list(present.values())).any(dim=0).tolist()
        classes = self.trained.pipeline.classes
        return [classes[k] if there else "" for k, there in zip(best, anyone, strict=True)]

    def _make_artists(self, names: Sequence[Modality]) -> None:
        example, chart = self.plot.axes
        example.clear()
        chart.clear()
        bare(example, "one of the test pictures")
        self._example = example.imshow(np.zeros((64, 64)), cmap="gray", vmin=0, vmax=255)
        (self._dots,) = example.plot([], [], "o", ms=3, mfc=ORANGE, mec="black", mew=0.4)
        places = np.arange(len(names) + 1)[::-1]
        plain(chart, x=f"accuracy on {len(self.trained.test)} pictures; lines are 95 % intervals").set_xlim(0, 1.12)
        chart.set_yticks(places, [*(WORDS[m] for m in names), "together"], fontsize=9)
        chart.set_xticks([0, 0.25, 0.5, 0.75, 1])
        self._bars = chart.barh(places, 0.0, color=[BLUE] * len(names) + [ORANGE], height=0.6)
        self._spread = [chart.plot([], [], color="black", lw=1.2)[0] for _ in places]
        self._words = [chart.text(0, y, "", va="center", fontsize=9) for y in places]
        chart.axvline(self.trained.majority, color=GREY, ls="--", lw=1)
        said = f"always the same person: {self.trained.majority:.3f}"
        chart.text(self.trained.majority + 0.01, places[0] + 0.42, said, fontsize=8, color="#555555", va="bottom")
        chart.set_ylim(-0.6, len(names) + 0.75)
        self.plot.place_again()

    def _show(self, heard: Sequence[Modality]) -> None:
        at = next((i for i, s in enumerate(self.level.samples) if len(s.media) > 1), 0)
        pixels = _picture(self.level.samples[at]).pixels
        self._example.set_data(pixels)
        height, width = Upright()(_picture(self.trained.test[at])).pixels.shape[:2]
        self._example.set_extent((-0.5, width - 0.5, height - 0.5, -0.5))  # landmarks keep the pixels of the photo
        points = self.level.samples[at].media.get("landmarks")
        self._dots.set_data(*(points.T[:2] if isinstance(points, np.ndarray) else ([], [])))
        shown: Mapping[int, Row] = dict(enumerate(self.rows))
        for i, (bar, spread, words) in enumerate(zip(self._bars, self._spread, self._words, strict=True)):
            value, (low, high) = (shown[i].accuracy, shown[i].ci95) if i in shown else (0.0, Interval(0, 0))
            y = bar.get_y() + bar.get_height() / 2
            bar.set_width(value)
            bar.set_alpha(1.0 if i >= len(self.level.votes) or self.rows[i].name in heard else 0.3)
            spread.set_data([low, high], [y, y])
            words.set_position((high + 0.02, y))
            words.set_text(f"{value:.3f}" if i in shown else "all muted")
        said = "; ".join(f"{r.name} {r.accuracy:.3f} ({r.ci95.low:.2f} to {r.ci95.high:.2f})" for r in self.rows)
        muted = ", ".join(m for m in self.level.votes if m not in heard) or "none"
        self.plot.redraw(f"Accuracy: {said}; always the same person {self.trained.majority:.3f}. Muted: {muted}.")
