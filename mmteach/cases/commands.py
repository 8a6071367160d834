"""Spoken commands: what is to be done, and where, when or with what.

A command is one of few *frames*: an intent with at most one slot, such as "light_on room=kitchen". Its words come from
a recogniser that errs, most of all in noise; its sound comes from the voice itself. Each side votes for frames, and the
votes are weighed. How likely an intent is, whatever its slot holds, is a sum over frames; so no answer contradicts
itself, as "stop in the kitchen" would.

Read this file from top to bottom: frames, branches, pipeline, evaluate, train.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from mmteach.cases.compare import by_class
from mmteach.cases.report import Report
from mmteach.datasets import Dataset, drop_duplicates, plan
from mmteach.errors import DataError
from mmteach.features import LevelLogMel, NGrams
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Clean, Lower, Normalise, Resample, Trim
from mmteach.preprocess.augment import SpecAugment
from mmteach.train import History, Listening, Machine, Recipe
from mmteach.types import Modality, Prediction

BATCH_SIZE = 32
N_LISTENING = 1500  # steps in which words are learnt
N_STEPS = 350  # of training thereafter, about
PERFECT = "text as said"
NONE = "none"  # what a slot holds where a frame has none


class Frame(NamedTuple):
    """What a command asks for.

    Parameters
    ----------
    intent : what is to be done.
    slot : name and value of what it is to be done with, "room=kitchen"; "none" where the intent says it all.

    >>> Frame.read("light_on room=kitchen")
    Frame(intent='light_on', slot='room=kitchen')
    >>> Frame.read("louder")
    Frame(intent='louder', slot='none')
    """

    intent: str
    slot: str

    @classmethod
    def read(cls, label: str) -> Frame:
        """Read a label, an intent and perhaps a slot behind a space."""
        intent, _, slot = label.partition(" ")
        return cls(intent, slot or NONE)


class Understanding(NamedTuple):
    """What was understood of a command.

    Parameters
    ----------
    frame : the likeliest one.
    intents : {intent: probability}, summed over its frames; likeliest first.
    slots : {slot: probability} of those that the frame's intent can have, given this intent; likeliest first.
    """

    frame: Frame
    intents: dict[str, float]
    slots: dict[str, float]


def understand(prediction: Prediction, classes: Sequence[str]) -> Understanding:
    """Split a prediction of frames into what it says of intents and slots.

    Parameters
    ----------
    classes : the pipeline's, one for each probability.
    """
    frames, answer = [Frame.read(c) for c in classes], Frame.read(prediction.label)
    intents: dict[str, float] = {}
    for frame, p in zip(frames, prediction.probs.tolist(), strict=True):
        intents[frame.intent] = intents.get(frame.intent, 0.0) + p
    own = {f.slot: p for f, p in zip(frames, prediction.probs.tolist(), strict=True) if f.intent == answer.intent}
    slots = {slot: p / max(sum(own.values()), 1e-12) for slot, p in own.items()}
    return Understanding(answer, _falling(intents), _falling(slots))


def _intent(label: str) -> str:
    return Frame.read(label).intent


def _slot(label: str) -> str:
    return Frame.read(label).slot


ASPECTS = {"intent": _intent, "slot": _slot}


def _falling(shares: dict[str, float]) -> dict[str, float]:
    return dict(sorted(shares.items(), key=lambda pair: -pair[1]))


def text_branch() -> Branch:
    """Words as a recogniser wrote them: n-grams of words (of Chinese characters) and pieces of words; a linear layer.

    Pieces let a word that was written wrongly share something with the right one: "kitten" with "kitchen".
    """
    return Branch(
        source="text",
        steps=(Clean(), Normalise(), Lower()),
        extractor=NGrams(words=2, characters=4, min_count=2, most=20_000, sublinear=True),
        encoder={"name": "bag", "dim": 64},
    )


def audio_branch() -> Branch:
    """Voice: 8 kHz, silence trimmed, levelled log-mel frames; a recogniser, and which words it hears at any moment.

    It first learns to write down what training voices say (CTC), then what they want. The words are its own: it never
    sees what the other recogniser wrote.
    """
    return Branch(
        source="audio",
        steps=(Resample(8_000), Trim()),
        extractor=LevelLogMel(),
        encoder={"name": "listener", "dim": 64, "channels": 96, "depth": 3},
        augment=SpecAugment(time_masks=1, time_width=6, frequency_masks=1, frequency_width=6),
        listening=Listening("said", N_LISTENING),
    )


BRANCHES = {"text": text_branch, "audio": audio_branch}


def pipeline(dataset: Dataset, epochs: int | None = None, seed: int = 0) -> Pipeline:
    """Make the pipeline for a set, not yet trained: words and voice have the same vote.

    Each is trained mostly on its own loss, so that it also answers where the other is absent.
    """
    branches: dict[Modality, Branch] = {m: make() for m, make in BRANCHES.items() if m in dataset.modalities}
    if not branches:
        has = ", ".join(dataset.modalities)
        raise DataError(f"'{dataset.name}' has {has}; commands are written or spoken: add a column text or audio")
    usual = min(40, max(2, round(N_STEPS * BATCH_SIZE / len(dataset))))
    recipe = Recipe(
        epochs=epochs or usual, batch_size=BATCH_SIZE, learning_rate=3e-3, schedule="cosine", weight_decay=0.05,
        unimodal=2.0, seed=seed,
    )  # fmt: skip
    return Pipeline(branches, {"name": "late", "learn": False}, {"name": "linear"}, recipe)


def evaluate(
    dataset: Dataset, protocol: str | None = None, epochs: int | None = None, seed: int = 0, progress: bool = False
) -> Report:
    """Compare the majority, words alone, voice alone, and both; and words without errors where the set knows them.

    Parameters
    ----------
    protocol : as in datasets.plan; by default five folds of voices never heard in training.
    """
    distinct, _ = drop_duplicates(dataset)
    planned, made = plan(distinct, "classify", protocol, seed), pipeline(distinct, epochs, seed)
    report = by_class("commands", distinct, planned, "classify", made, progress, aspects=ASPECTS)
    if not any("said" in row.meta for row in distinct.rows) or "text" not in made.branches:
        return report
    perfect = by_class("commands", as_said(distinct), planned, "classify", made.only("text"), progress, aspects=ASPECTS)
    row = perfect.rows[1]
    row = replace(row, model=PERFECT, further={**row.further, "aside": "no recogniser writes without errors"})
    return replace(report, rows=[*report.rows, row], seconds=report.seconds + perfect.seconds)


def as_said(dataset: Dataset) -> Dataset:
    """Return the set with what was really said as its text."""
    rows = (replace(row, media={**row.media, "text": str(row.meta["said"])}) for row in dataset.rows)
    return Dataset(rows, dataset.name).described(dataset.card, dataset.synthetic, dataset.note)


def train(
    dataset: Dataset, epochs: int | None = None, seed: int = 0, progress: bool = False, machine: Machine | None = None
) -> tuple[Pipeline, History]:
    """Train for use on new commands; a fifth of the voices is kept aside to find the temperature."""
    distinct, _ = drop_duplicates(dataset)
    fold, made = plan(distinct, "classify", None, seed).folds[0], pipeline(distinct, epochs, seed)
    return made, made.fit(distinct.subset([*fold.train, *fold.val]), distinct.subset(fold.test), progress, machine)
