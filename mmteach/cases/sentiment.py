"""Sentiment from two modalities: what is said, and how it is said.

A sentence reaches the model as the n-grams that it is made of, a voice as statistics of how it sounds: timbre (MFCC),
pitch, loudness, rhythm. Further vectors of a set, a face's muscles or measures that others took of a voice, are
modalities too. Each modality votes by itself, and the votes are weighed (late fusion), unless another fusion is asked
for: so a set of texts alone, of voices alone, or a sample that lacks one, needs no other model.

Read this file from top to bottom: branches, pipeline, plan, evaluate, train, one sample.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np

from mmteach.cases import fusions
from mmteach.cases.compare import by_class
from mmteach.cases.missing import Missing
from mmteach.cases.report import FUSED, Report
from mmteach.datasets import Dataset, Plan, drop_duplicates, plan
from mmteach.errors import DataError, ParameterError
from mmteach.features import NGrams, Vector, VoiceStatistics
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Clean, Lower, Normalise, Resample, Trim, require_sound, require_text
from mmteach.preprocess.augment import Speed
from mmteach.train import History, Machine, Recipe
from mmteach.types import Media, Modality, Sample, Waveform

Scaling: TypeAlias = Literal["train", "group"]
BATCH_SIZE = 32
N_STEPS = 400  # of training, about: some sets have twenty times as many samples as others


def text_branch() -> Branch:
    """Words: cleaned, normalised, small letters; n-grams and listed evaluative words by tf-idf; a linear layer."""
    return Branch(
        source="text",
        steps=(Clean(), Normalise(), Lower()),
        extractor=NGrams(words=2, min_count=1, most=100_000, sublinear=True, lexicon=True),
        encoder={"name": "bag", "dim": 8},
    )


def audio_branch(scale: Scaling = "train") -> Branch:
    """Voice: 16 kHz, silence trimmed, statistics of what changes over time; a perceptron.

    Training hears each clip slower and faster too, since a few speakers must stand for all.

    Loudness is left as it was recorded: anger is loud. Where every clip comes from another microphone it says nothing,
    and a `Level` step takes it away.
    """
    return Branch(
        source="audio",
        steps=(Resample(16_000), Trim()),
        extractor=VoiceStatistics(),
        scale=scale,
        encoder={"name": "mlp", "hidden": 128, "dim": 64, "dropout": 0.5},
        augment=Speed(),
        n_views=2,
    )


def vector_branch(modality: Modality, scale: Scaling = "train") -> Branch:
    """Numbers that come with the sample, such as a face's muscles; a perceptron."""
    return Branch(modality, Vector(), scale=scale, encoder={"name": "mlp", "hidden": 64, "dim": 32, "dropout": 0.3})


def pipeline(
    dataset: Dataset, epochs: int | None = None, seed: int = 0, normalise_by_group: bool = False,
    fusion: str = "product", drop_modality: float = 0.0, unimodal: float = 2.0,
) -> Pipeline:  # fmt: skip
    """Make the pipeline for a set, not yet trained.

    By default every modality has the same vote. Each is trained mostly on its own loss (`unimodal`), so that it also
    answers where the other is absent.

    Parameters
    ----------
    normalise_by_group : standardise voices and vectors within each speaker, by all clips of that speaker and without
        their labels. It takes away what is the speaker's own, and assumes that several clips of a new speaker are at
        hand before the first is judged.
    fusion : one of `cases.fusions.NAMED`.
    drop_modality : probability that a training sample loses a modality in a step.
    unimodal : weight of each modality's own loss beside that of all together; 0 leaves the latter alone.
    """
    fusing = fusions.named(fusion)
    scale: Scaling = "group" if normalise_by_group else "train"
    if normalise_by_group and not any(row.group for row in dataset.rows):
        raise ParameterError(f"'{dataset.name}' has no groups to standardise within: leave normalise-by-group out")
    branches = {m: branch_for(m, scale) for m in dataset.modalities if m not in ("image", "landmarks")}
    if not branches:
        has = ", ".join(dataset.modalities)
        raise DataError(f"'{dataset.name}' has {has}; sentiment needs text, audio or vectors: add such a column")
    usual = min(40, max(2, round(fusing.longer * N_STEPS * BATCH_SIZE / len(dataset))))
    recipe = Recipe(
        epochs=epochs or usual, batch_size=BATCH_SIZE, learning_rate=3e-3, schedule="cosine", weight_decay=0.5,
        unimodal=unimodal, drop_modality=drop_modality, seed=seed,
    )  # fmt: skip
    return Pipeline(branches, fusing.spec, {"name": "linear"}, recipe)


def branch_for(modality: Modality, scale: Scaling = "train") -> Branch:
    """Choose the branch by what the modality is."""
    if modality == "text":
        return text_branch()
    return audio_branch(scale) if modality == "audio" else vector_branch(modality, scale)


def plan_for(dataset: Dataset, protocol: str | None = None, seed: int = 0) -> Plan:
    """Choose what is tested on what: speakers, videos or writers of a test are never in training."""
    return plan(dataset, "classify", protocol, seed)


def evaluate(
    dataset: Dataset,
    protocol: str | None = None,
    normalise_by_group: bool = False,
    epochs: int | None = None,
    seed: int = 0,
    progress: bool = False,
    fusion: str = "product",
    drop_modality: float = 0.0,
    missing: Missing | None = None,
    unimodal: float = 2.0,
) -> Report:
    """Compare the majority, each modality by itself and all together.

    Copies of a text or recording are dropped first; the report's note counts them. The single modalities are the
    same beside every fusion.

    Parameters
    ----------
    fusion, drop_modality, unimodal : of all together, as for `pipeline`.
    missing : {medium: share}; for each, all together are also tested where so many samples lack it.
    """
    distinct, _ = drop_duplicates(dataset)
    planned = plan_for(distinct, protocol, seed)
    made = pipeline(distinct, epochs, seed, normalise_by_group, fusion, drop_modality, unimodal)
    alone = pipeline(distinct, epochs, seed, normalise_by_group)
    report = by_class("sentiment", distinct, planned, "classify", made, progress, alone, missing)
    chosen = {"fusion": fusion, "drop_modality": drop_modality, "unimodal": unimodal}
    rows = [replace(r, further={**r.further, **chosen}) if r.model.startswith(FUSED) else r for r in report.rows]
    return replace(report, rows=rows)


def train(
    dataset: Dataset, epochs: int | None = None, seed: int = 0, progress: bool = False, machine: Machine | None = None
) -> tuple[Pipeline, History]:
    """Train on all there is, for use on new texts and voices.

    Where there is a split column, train and val are used as such, and test is left alone. Else a fifth of the groups is
    kept aside, to stop in time and to find the temperature.
    """
    distinct, _ = drop_duplicates(dataset)
    known = distinct.subset(i for i, row in enumerate(distinct.rows) if row.label is not None)
    made, splits = pipeline(known, epochs, seed), known.splits
    if any(splits):
        fit, stop = (known.subset(np.flatnonzero(splits == name)) for name in ("train", "val"))
    else:
        fold = plan(known, "classify", "folds5", seed).folds[0]
        fit, stop = known.subset([*fold.train, *fold.val]), known.subset(fold.test)
    return made, made.fit(fit, stop, progress, machine)


def sample(text: str | None = None, audio: Waveform | None = None, name: str = "yours") -> Sample:
    """Make a sample of what somebody typed or recorded.

    Raises
    ------
    DataError : there is neither, the text is empty, or the recording is silent or too short; it says so.
    """
    media: dict[Modality, Media] = {}
    if text is not None:
        require_text(text)
        media["text"] = text
    if audio is not None:
        require_sound(audio)
        media["audio"] = audio
    if not media:
        raise DataError("neither a text nor a recording came: type a sentence or record one")
    return Sample(name, media)
