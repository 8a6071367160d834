"""Digits seen and heard: which one is it, from a picture of somebody's handwriting and a recording of somebody's voice?

Pictures and voices come from different people. They are put together by the digit they share, inside the training part
and inside the test part separately: who speaks in a test has never been heard, and no picture or clip is used twice.

Read this file from top to bottom: branches, pairs, pipeline, evaluate, train.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from mmteach.cases.compare import by_class
from mmteach.cases.report import Report, Row
from mmteach.cases.studies.cross_modal_report import METRIC as RECALL
from mmteach.cases.studies.cross_modal_report import retrieval_report
from mmteach.datasets import Dataset, Plan, drop_duplicates, load, pair, plan
from mmteach.errors import DataError
from mmteach.features import Pixels, WordPicture
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Grey, Resample, Resize, Standardise, Trim, Upright
from mmteach.preprocess.augment import RandomView
from mmteach.train import History, Machine, Recipe
from mmteach.types import Modality

PICTURES = "digit_images"
BATCH_SIZE = 64
N_STEPS = 400  # of training, about
# Named beside every result of this set: its five speakers are few, and we looked at all of them.
SEEN = {"fsdd": "how the voice's network is made and trained was chosen with these very scores in view"}


class Paired(NamedTuple):
    """Pictures with voices, and what is tested on what.

    Parameters
    ----------
    dataset : each sample has an image and an audio, and their digit as label; its group is its block.
    plan : one block after the other is tested; no speaker and no picture stands in two blocks.
    """

    dataset: Dataset
    plan: Plan


def image_branch() -> Branch:
    """Pixels: 8 x 8 blown up to 24 x 24, standardised; a small convolutional network. A mirrored 2 is no 2."""
    return Branch(
        source="image",
        steps=(Upright(), Grey(), Resize(24, 24), Standardise()),
        extractor=Pixels(),
        encoder={"name": "cnn", "channels": [16, 32, 64], "dim": 64},
        augment=RandomView(rotate=10, scale=0.15, shift=0.08, mirror=0.0, light=0.1),
    )


def audio_branch() -> Branch:
    """Voice: 8 kHz, silence trimmed closely, the word as a picture of time and pitch; a small convolutional network.

    A statistic over all frames cannot tell "no" from "own"; here time is one side of the picture. Moved up or down it
    is another speaker's voice, moved aside or squeezed it is said earlier or faster, and with a part covered it is
    still the same word: so few speakers become many.
    """
    return Branch(
        source="audio",
        steps=(Resample(8_000), Trim(top_db=30, frame_length=256, hop_length=80)),  # to 10 ms: a word is short
        extractor=WordPicture(n_mels=32, n_steps=24, top_db=40),
        encoder={"name": "cnn", "channels": [24, 32, 64], "dim": 128, "dropout": 0.3},
        augment=RandomView(rotate=0, scale=0.2, shift=0.1, mirror=0.0, light=0.2, cover=0.5),
    )


BRANCHES = {"image": image_branch, "audio": audio_branch}


def paired(data: str | Dataset | None = None, seed: int = 0) -> Paired:
    """Put pictures and voices of the same digit together, speakers in blocks: a block a speaker where they are few.

    Parameters
    ----------
    data : a set of spoken digits, or its name; by default the English ones of `spoken_digits`, synthetic voices. A set
        that has both pictures and sounds is taken as it is.
    seed : who meets whom.

    Raises
    ------
    DataError : the set has no sounds, or no digits as labels, or too few speakers.
    """
    voices = load("spoken_digits", language="en") if data is None else load(data) if isinstance(data, str) else data
    if "audio" not in voices.modalities:
        has = ", ".join(voices.modalities)
        raise DataError(f"'{voices.name}' has {has} and no recordings: give a set of spoken digits, such as fsdd")
    if "image" in voices.modalities:
        distinct, _ = drop_duplicates(voices)
        return Paired(distinct, plan(distinct, "classify", None, seed))
    pictures, n_speakers = load(PICTURES), len({row.group for row in voices.rows})
    n_blocks = n_speakers if 2 <= n_speakers <= 6 else 5
    made = pair(pictures, voices, by="label", n_blocks=n_blocks, times=1, seed=seed)
    said = [made.note, f"pictures: {pictures.note}", f"voices: {voices.note}" if voices.note else ""]
    note = "; ".join(filter(None, [*said, SEEN.get(voices.name, "")]))
    dataset = made.described(made.card, made.synthetic, note)
    return Paired(dataset, plan(dataset, "classify", "published"))


def pipeline(dataset: Dataset, epochs: int | None = None, seed: int = 0) -> Pipeline:
    """Make the pipeline for a set, not yet trained: both sides have the same vote.

    Each is trained mostly on its own loss, so that it also answers where the other is absent.
    """
    branches: dict[Modality, Branch] = {m: make() for m, make in BRANCHES.items() if m in dataset.modalities}
    if not branches:
        has = ", ".join(dataset.modalities)
        raise DataError(f"'{dataset.name}' has {has}; digits are seen or heard: add a column image or audio")
    usual = min(40, max(2, round(N_STEPS * BATCH_SIZE / len(dataset))))
    recipe = Recipe(
        epochs=epochs or usual, batch_size=BATCH_SIZE, learning_rate=3e-3, weight_decay=0.05, unimodal=2.0, seed=seed
    )
    return Pipeline(branches, {"name": "late", "learn": False}, {"name": "linear"}, recipe)


def evaluate(
    dataset: Dataset, protocol: str | None = None, epochs: int | None = None, seed: int = 0, progress: bool = False,
    retrieval: bool = True,
) -> Report:  # fmt: skip
    """Compare the majority, pictures alone, voices alone, and both; and let each side ask for the other.

    Parameters
    ----------
    dataset : spoken digits, which are paired with pictures first; or a set that has both.
    protocol : as in datasets.plan; without one, see `paired`.
    retrieval : further rows, of a space that both sides share (`studies.cross_modal`): how often what is found first
        is the digit that was asked for.
    """
    together, planned = paired(dataset, seed)
    if protocol is not None:
        planned = plan(together, "classify", protocol, seed)
    report = by_class("digits", together, planned, "classify", pipeline(together, epochs, seed), progress)
    if not retrieval or set(together.modalities) < set(BRANCHES):
        return report
    asked = retrieval_report(together, planned, seed=seed)
    rows = [*report.rows, *(as_aside(row) for row in asked.rows if row.metric == RECALL)]
    return replace(report, rows=rows, seconds=report.seconds + asked.seconds)


def as_aside(row: Row) -> Row:
    """Mark a row of retrieval: it answers another question than the rows above it."""
    return replace(row, model=f"retrieval, {row.model}", further={**row.further, "aside": "asked for the other side"})


def train(
    dataset: Dataset, epochs: int | None = None, seed: int = 0, progress: bool = False, machine: Machine | None = None
) -> tuple[Pipeline, History]:
    """Train for use on new pictures and voices; the first block of a plan is kept aside to find the temperature."""
    together, planned = paired(dataset, seed)
    fold, made = planned.folds[0], pipeline(together, epochs, seed)
    return made, made.fit(together.subset([*fold.train, *fold.val]), together.subset(fold.test), progress, machine)
