"""A set divided for a tab: what trains, what tests, and single media read without the files beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mmteach.datasets import Dataset, plan, split
from mmteach.errors import DataError
from mmteach.infer import majority_accuracy
from mmteach.types import Media, Modality

NOUNS = {"text": ("text", "texts"), "audio": ("recording", "recordings")}


class Divided(NamedTuple):
    """Training and test part of a set, no group on both sides.

    train, test : indices into the set.
    majority : accuracy of always naming the commonest label; nan where the set has no two labels.
    note : what was split from what.
    """

    train: list[int]
    test: list[int]
    majority: float
    note: str


def divide(dataset: Dataset, modality: Modality, n_train: int, n_test: int) -> Divided:
    """Divide those samples that have a modality; of larger parts so many are drawn.

    Raises
    ------
    DataError : nothing, or nothing of a part, has it.
    """
    one, many = NOUNS.get(modality, (modality, modality))
    if modality not in dataset.modalities:
        has = ", ".join(dataset.modalities)
        raise DataError(f"'{dataset.name}' has no {one}, it has {has}: pick a set with {many}")
    labelled = len(dataset.classes) > 1
    if labelled:
        made = plan(dataset, "classify")
        fold, note = made.folds[0], f"{made.note}; the first split"
    else:
        fold, note = split(dataset), "whole groups are dealt out at random"
    train, test = (_drawn(dataset, part, modality, n) for part, n in ((fold.train, n_train), (fold.test, n_test)))
    if len(train) < len(fold.train) or len(test) < len(fold.test):
        note += f"; {len(train)} training and {len(test)} test {many} are drawn"
    majority = majority_accuracy(dataset.labels[train], dataset.labels[test]) if labelled else float("nan")
    return Divided(train, test, majority, note)


def read_one(dataset: Dataset, at: int, modality: Modality) -> Media:
    """Read one medium of a sample, and no file beside it.

    Raises
    ------
    DataError : the sample has none.
    """
    row = dataset.rows[at]
    if modality not in row.media:
        one = NOUNS.get(modality, (modality,))[0]
        raise DataError(f"sample {row.id} of '{dataset.name}' has no {one}: take another, or leave it out")
    return replace(row, media={modality: row.media[modality]}).read().media[modality]


def _drawn(dataset: Dataset, part: np.ndarray, modality: Modality, most: int) -> list[int]:
    """Those of a part that have the modality; where they are many, `most` of them at random."""
    having = np.array([i for i in part.tolist() if modality in dataset.rows[i].media], dtype=int)
    if len(having) == 0:
        one, many = NOUNS.get(modality, (modality, modality))
        raise DataError(f"a part of '{dataset.name}' has no {one}: pick a set with {many}")
    if len(having) > most:
        having = np.sort(np.random.default_rng(0).permutation(having)[:most])
    return having.tolist()
