"""Votes that can be trusted: each modality judges people whom it was not trained on, and a regression learns of that.

On its own training part every modality is nearly always right, the one that learns by heart most of all. So the
training part is cut into parts by group, each part is judged by a model trained on the others, and only these
out-of-fold votes tell how far to trust whom, and for which class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import collate
from mmteach.errors import DataError
from mmteach.infer.predict import run
from mmteach.models import StackingFusion
from mmteach.types import Batch, Sample

if TYPE_CHECKING:
    from mmteach.pipeline.pipeline import Pipeline

N_PARTS = 5


def fill_stacking(pipeline: Pipeline, train: Sequence[Sample], fusion: StackingFusion) -> None:
    """Fit the regression of a stacking fusion to out-of-fold votes of the training part, and put it in.

    Raises
    ------
    DataError : the training part is of one group, so no vote can be out of fold.
    """
    votes, labels = [], []
    for rest, held_out in parts_by_group(train):
        inner = pipeline.only(*pipeline.branches)
        trainer = inner.trainer(rest)
        while not trainer.done:
            trainer.epoch()
        trainer.finish()
        known = [s for s in held_out if s.label in inner.classes]
        batch = collate(inner.extract(known), inner.fitted()[0].shapes)
        logits = _in_order(run(trainer.model, batch), batch, inner.classes, pipeline.classes)
        votes.append(fusion.votes(logits, batch.present).numpy())
        labels += [pipeline.classes.index(str(s.label)) for s in known]
    fusion.fill(*fit_regression(np.concatenate(votes), np.array(labels)))


def fit_regression(votes: np.ndarray, y: np.ndarray) -> tuple[Tensor, Tensor]:
    """Logistic regression of votes (N, M C) on class indices y (N,): weights (C, M C) and bias (C,)."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(max_iter=2000).fit(votes, y)
    weight, bias = regression.coef_, regression.intercept_
    if len(bias) == 1:  # of two classes scikit-learn gives one row: how much better the second is
        weight, bias = np.concatenate([-weight / 2, weight / 2]), np.concatenate([-bias / 2, bias / 2])
    return torch.from_numpy(weight).float(), torch.from_numpy(bias).float()


def parts_by_group(samples: Sequence[Sample]) -> Iterator[tuple[list[Sample], list[Sample]]]:
    """Yield (the rest, a part): up to `N_PARTS` parts, no group cut; a sample without a group is one by itself."""
    from sklearn.model_selection import GroupKFold

    groups = [s.group or f"sample {i}" for i, s in enumerate(samples)]
    n = min(N_PARTS, len(set(groups)))
    if n < 2:
        raise DataError(f"stacking needs votes on groups not trained on, and all is of {groups[0]!r}: add a group")
    for rest, part in GroupKFold(n).split(groups, groups=groups):
        yield [samples[i] for i in rest], [samples[i] for i in part]


def _in_order(
    said: dict[str, np.ndarray], batch: Batch, known: Sequence[str], classes: Sequence[str]
) -> dict[str, Tensor]:
    """Unimodal logits with a column for every class; one that a part's training lacked is as low as the lowest."""
    out = {}
    for m in batch.present:
        logits = said[f"unimodal.{m}"]
        whole = np.repeat(logits.min(axis=1, keepdims=True), len(classes), axis=1)
        whole[:, [classes.index(c) for c in known]] = logits
        out[m] = torch.from_numpy(whole)
    return out
