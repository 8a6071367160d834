"""The model of a studio, where none is given: trained while the learner waits, on some voices, not on all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mmteach.cases import sentiment
from mmteach.datasets import Dataset, Plan
from mmteach.pipeline import Pipeline
from mmteach.train import Epoch
from mmteach.widgets.training_run import Bench, TrainingRun

MOST = {"train": 3000, "val": 500, "unseen": 400}  # of a larger part so many samples are drawn


class Parts(NamedTuple):
    """A set divided: no group stands in two parts.

    note : what was split from what, in words.
    """

    train: Dataset
    val: Dataset
    unseen: Dataset
    note: str


def parts_of(dataset: Dataset, planned: Plan | None = None, n_train: int = MOST["train"]) -> Parts:
    """Divide a set as the case of sentiment does, or as planned; its first test part is what stays unseen.

    Parameters
    ----------
    n_train : of a larger training part so many samples are drawn.
    """
    made = planned or sentiment.plan_for(dataset)
    fold = made.folds[0]
    at_most = (n_train, MOST["val"], MOST["unseen"])
    drawn = [_drawn(part, most) for part, most in zip(fold[1:4], at_most, strict=True)]
    train, val, unseen = (dataset.subset(part) for part in drawn)
    note = f"{made.note}; the first fold's test is offered here"
    if len(drawn[0]) < len(fold.train):
        note += f"; {len(drawn[0]):,} of {len(fold.train):,} training samples are drawn"
        note += ", so that you wait less" if n_train == MOST["train"] else ""
    return Parts(train, val, unseen, note)


def _drawn(part: np.ndarray, most: int) -> np.ndarray:
    return part if len(part) <= most else np.sort(np.random.default_rng(0).permutation(part)[:most])


class StudioTraining:
    """Trains a pipeline in a thread of its own.

    Parameters
    ----------
    parts : what it is trained on.
    pipeline : not yet fitted.
    on_epoch : called with the share done, 0 to 1, and a sentence.
    on_end : called once, with the fitted pipeline, or None and what went wrong.
    """

    def __init__(
        self, parts: Parts, pipeline: Pipeline, on_epoch: Callable[[float, str], None],
        on_end: Callable[[Pipeline | None, str], None],
    ) -> None:  # fmt: skip
        self.on_epoch, self.on_end, self.pipeline = on_epoch, on_end, pipeline
        self.bench = Bench(self.pipeline, parts.train, parts.val)
        self.run = TrainingRun(lambda: self.bench.trainer(self.pipeline.recipe), self._after_epoch, self._after_run)
        self.run.start()

    def _after_epoch(self, run: TrainingRun, row: Epoch) -> None:
        n = self.pipeline.recipe.epochs
        said = "" if np.isnan(row.val_accuracy) else f", accuracy on the validation part {row.val_accuracy:.2f}"
        self.on_epoch(row.number / n, f"epoch {row.number} of {n}{said}")

    def _after_run(self, run: TrainingRun) -> None:
        if run.trainer is None or not run.history.epochs:
            self.on_end(None, run.sentence or "training was stopped before its first epoch: run the cell again")
            return
        self.bench.keep(run.trainer)
        self.on_end(self.pipeline, run.sentence)
