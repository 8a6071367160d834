"""The texts of a set, divided into a training and a test part, few enough for a learner to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmteach.datasets import Dataset, plan, split
from mmteach.errors import DataError
from mmteach.infer import majority_accuracy
from mmteach.preprocess import Step, apply_steps

N_TRAIN, N_TEST = 4000, 500  # of a larger set so many are drawn


class TextParts:
    """Training and test texts of a set, no group on both sides.

    Attributes
    ----------
    train, test : texts, as they are in the set.
    y_train, y_test : np.ndarray of labels.
    ids, train_ids : of test and training part.
    majority : accuracy of always naming the commonest label; nan where the set has no labels.
    note : what was split from what.
    """

    def __init__(self, dataset: Dataset) -> None:
        if "text" not in dataset.modalities:
            has = ", ".join(dataset.modalities)
            raise DataError(f"'{dataset.name}' has no text, it has {has}: pick a set with texts")
        if len(dataset.classes) > 1:
            made = plan(dataset, "classify")
            fold, self.note = made.folds[0], f"{made.note}; the first split"
        else:
            fold, self.note = split(dataset), "whole groups are dealt out at random"
        train, test = (_drawn(dataset, part, n) for part, n in ((fold.train, N_TRAIN), (fold.test, N_TEST)))
        if len(train) < len(fold.train) or len(test) < len(fold.test):
            self.note += f"; {len(train)} training and {len(test)} test texts are drawn"
        self.train, self.test = ([_text_of(dataset, i) for i in part] for part in (train, test))
        self.y_train, self.y_test = dataset.labels[train], dataset.labels[test]
        self.train_ids, self.ids = dataset.ids[train], dataset.ids[test]
        labelled = len(dataset.classes) > 1
        self.majority = majority_accuracy(self.y_train, self.y_test) if labelled else float("nan")

    def cleaned(self, steps: Sequence[Step]) -> tuple[list[str], list[str]]:
        """Training and test texts after these steps."""
        train, test = ([apply_steps(text, steps) for text in part] for part in (self.train, self.test))
        return train, test


def _text_of(dataset: Dataset, at: int) -> str:
    """Read one text of a set.

    Raises
    ------
    DataError : the sample has none.
    """
    row = dataset.rows[at]
    text = replace(row, media={"text": row.media["text"]}).read().media["text"]  # and no recording beside it
    if not isinstance(text, str):
        raise DataError(f"sample {dataset.ids[at]} of '{dataset.name}' has no text: leave it out")
    return text


def _drawn(dataset: Dataset, part: np.ndarray, most: int) -> list[int]:
    """Those of a part that have a text; where they are many, `most` of them at random."""
    with_text = np.array([i for i in part.tolist() if "text" in dataset.rows[i].media], dtype=int)
    if len(with_text) == 0:
        raise DataError(f"a part of '{dataset.name}' has no text: pick a set with texts")
    if len(with_text) > most:
        with_text = np.sort(np.random.default_rng(0).permutation(with_text)[:most])
    return with_text.tolist()
