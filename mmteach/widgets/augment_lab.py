"""AugmentLab: change a picture, a voice or a text, see and hear it before and after; does its label still hold?"""

from __future__ import annotations

import html
from typing import NamedTuple

import ipywidgets
import numpy as np
import torch

from mmteach.datasets import Dataset, load
from mmteach.errors import DataError
from mmteach.preprocess import require_sound
from mmteach.preprocess.augment import OPERATIONS
from mmteach.preprocess.augment.labels import Verdict, label_holds
from mmteach.types import Image, Media, Modality, Waveform
from mmteach.widgets.audio_views import Pair, rms_db
from mmteach.widgets.augment_views import PicturePair, badge, described
from mmteach.widgets.panel import Panel, choice, column, on_change, prose, row, slider
from mmteach.widgets.parts import read_one
from mmteach.widgets.sentiment_voice import Player
from mmteach.widgets.text_views import N_CHARACTERS, trail


class Subject(NamedTuple):
    """What can be changed: its modality, what may be asked of it, and the column of the set that answers."""

    modality: Modality
    questions: dict[str, str]


SUBJECTS = {
    "a face": Subject("image", {"which expression?": "expression", "who is it?": ""}),
    "a digit": Subject("image", {"which digit?": ""}),
    "a voice": Subject("audio", {"which mood has the voice?": "voice_mood", "which words are said?": "text"}),
    "a text": Subject("text", {"which mood has the text?": "text_mood"}),
}


class AugmentLab(Panel):
    """One operation on one sample, before and after; a badge says whether the label survives.

    Parameters
    ----------
    faces : a set with pictures, or its name.
    reviews : a set with recordings and texts, or its name.

    Attributes
    ----------
    before, after : the medium, and what has become of it.
    verdict : whether the label holds.
    """

    def __init__(self, faces: str | Dataset = "faces", reviews: str | Dataset = "spoken_reviews") -> None:
        self._sets = [d if isinstance(d, Dataset) else load(d) for d in (faces, reviews)]
        self.subject = choice("Change", list(SUBJECTS))
        self.which = slider("Sample", 0, 0, 1)
        self.question = choice("Question", [])
        self.operation = choice("Operation", [])
        self.strength = slider("Strength", 25, 0, 100, unit="%")
        self.draw = slider("Dice", 0, 0, 20, help="another number, another draw")
        self.pictures, self.sounds, self.texts = PicturePair(), Pair(), ipywidgets.HTML()
        self.players = Player(), Player()
        self.badge, self.code = ipywidgets.HTML(), ipywidgets.HTML()
        self._filling = False
        self.before: Media = ""
        self.answers: dict[str, str] = {}
        super().__init__()
        self._shown = column()
        self.children = [
            row(column(self.subject, self.which, self.question), column(self.operation, self.strength, self.draw)),
            self.badge, self.message, self._shown, self.code, self.source,
        ]  # fmt: skip
        on_change(self.turn, self.subject)
        on_change(self.pick, self.which)
        on_change(self.choose, self.operation)
        on_change(self.update, self.question, self.strength, self.draw)
        self.turn()

    def turn(self) -> None:
        """Take another kind of subject: other samples, questions and operations."""
        kind = SUBJECTS[self.subject.value]
        self._filling = True
        self.which.max = self._n() - 1
        self.which.value = self._first()
        self.question.options = list(kind.questions)
        self.question.index = 0
        self.operation.options = [
            (f"{name}: {o.about}", name) for name, o in OPERATIONS.items() if o.modality == kind.modality
        ]
        self.operation.index = 0
        self._filling = False
        self._shown.children = {
            "image": [self.pictures], "audio": [self.sounds, row(*self.players)], "text": [self.texts],
        }[kind.modality]  # fmt: skip
        self.choose(update=False)
        self.pick()

    def choose(self, update: bool = True) -> None:
        """Take another operation: those with a sign have a slider to both sides."""
        if self._filling:
            return
        self._filling = True
        self.strength.min = -100 if OPERATIONS[self.operation.value].signed else 0
        self._filling = False
        if update:
            self.update()

    def _first(self) -> int:
        """Sample to begin with: the first; of texts the first that says "not"."""
        if self.subject.value != "a text":
            return 0
        texts = [str(row.media.get("text", "")) for row in self._dataset().rows]
        return next((i for i, text in enumerate(texts) if " not " in text), 0)

    def _n(self) -> int:
        return 200 if self.subject.value == "a digit" else len(self._dataset())

    def _dataset(self) -> Dataset:
        return self._sets[self.subject.value in ("a voice", "a text")]

    def pick(self) -> None:
        """Read the sample that the slider names."""
        if self._filling:
            return
        with self.telling():
            at = self.which.value
            if self.subject.value == "a digit":
                self.before, self.answers = digit(at)
                self.source.value = "<small>Data: the handwritten digits that come with scikit-learn (8 x 8).</small>"
            else:
                dataset, kind = self._dataset(), SUBJECTS[self.subject.value]
                self.before = read_one(dataset, at, kind.modality)
                if isinstance(self.before, Waveform):
                    require_sound(self.before)
                meta, own = dataset.rows[at].meta, dataset.rows[at]
                known = {**meta, "": own.label, "text": own.media.get("text", "")}
                self.answers = {q: str(known.get(c) or "") for q, c in kind.questions.items()}
                self.name_source(dataset)
            self.say()
            if isinstance(self.before, Waveform):
                self.players[0].show(self.before, "before")
            self.update()

    @property
    def amount(self) -> float:
        """How far the operation goes, in its own unit."""
        operation, share = OPERATIONS[self.operation.value], self.strength.value / 100
        return operation.most * (share if operation.unit else float(share > 0))

    def update(self) -> None:
        """Change the sample and show it."""
        if self._filling:
            return
        with self.telling():
            name, operation = self.operation.value, OPERATIONS[self.operation.value]
            generator = torch.Generator().manual_seed(self.draw.value)
            self.after = operation.apply(self.before, self.amount, generator) if self.amount else self.before
            question = self.question.value
            self.verdict = label_holds(question, name, self.amount)
            if _same(self.before, self.after):
                self.verdict = Verdict("holds", "nothing has changed")
            self.badge.value = badge(self.verdict, question, self.answers[question])
            self.code.value = prose(
                f"The same in code: <code>OPERATIONS[{html.escape(repr(name))}].apply(medium, {self.amount:.3g}, "
                f"generator)</code> <small>({html.escape(self._unit())})</small>"
            )
            self._show(f"{self.subject.value} before and after {name} ({self._unit()})")

    def _unit(self) -> str:
        unit = OPERATIONS[self.operation.value].unit
        return f"{self.amount:.3g} {unit}" if unit else "on" if self.amount else "off"

    def _show(self, what: str) -> None:
        if isinstance(self.before, Image) and isinstance(self.after, Image):
            self.pictures.compare(self.before, self.after, f"{what}: {described(self.before, self.after)}")
        elif isinstance(self.before, Waveform) and isinstance(self.after, Waveform):
            lengths = [len(v.samples) / v.sample_rate for v in (self.before, self.after)]
            levels = [rms_db(v.samples) for v in (self.before, self.after)]
            said = "; then ".join(f"{s:.2f} s, RMS {db:.1f} dB" for s, db in zip(lengths, levels, strict=True))
            self.sounds.compare(self.before, self.after, (0.0, lengths[0]), lengths[1], f"{what}: {said}")
            self.players[1].show(self.after, f"after: {html.escape(self._unit())}")
        else:
            stages = [
                ("original", str(self.before)[:N_CHARACTERS]),
                (self.operation.value, str(self.after)[:N_CHARACTERS]),
            ]
            self.texts.value = trail(stages)


def digit(at: int) -> tuple[Image, dict[str, str]]:
    """One of scikit-learn's digits, sixes first, and what it is."""
    from sklearn.datasets import load_digits

    data = load_digits()
    order = np.argsort(data.target != 6, kind="stable")
    if not 0 <= at < len(order):
        raise DataError(f"there are {len(order)} digits, and none has the number {at}")
    pixels = (data.images[order[at]] * 15.9375).astype(np.uint8)
    return Image(np.kron(pixels, np.ones((4, 4), np.uint8))), {"which digit?": str(data.target[order[at]])}


def _same(a: Media, b: Media) -> bool:
    if isinstance(a, Waveform) and isinstance(b, Waveform):
        return np.array_equal(a.samples, b.samples)
    if isinstance(a, Image) and isinstance(b, Image):
        return np.array_equal(a.pixels, b.pixels)
    return a is b or bool(a == b)
