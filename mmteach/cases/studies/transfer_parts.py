"""Divide a set for a transfer: by group, scaled by the training part, with labels for some of it or for all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import collate
from mmteach.cases.studies.vectors import Vectors
from mmteach.datasets import Fold
from mmteach.errors import ParameterError
from mmteach.features import Scale
from mmteach.types import Batch, Features, Modality


class Parts(NamedTuple):
    """One division, scaled by its training part: no group stands in two parts.

    labelled : (N,) bool, of the training part.
    """

    train: Batch
    val: Batch
    test: Batch
    labelled: Tensor


def divide(v: Vectors, fold: Fold, n_labelled: int | None, seed: int) -> Parts:
    """Make the batches of a fold, and choose whose labels may be used: of each class about as many."""
    x: dict[Modality, np.ndarray] = {}
    for m, values in v.x.items():
        scale = Scale("train")
        scale.fit(values[fold.train])
        x[m] = values if m == "text" else np.asarray(scale(values, [None] * len(values)))
    shapes = {m: values.shape[1:] for m, values in x.items()}

    def batch(part: np.ndarray) -> Batch:
        rows = [Features(v.ids[i], {m: x[m][i] for m in x}, v.y[i]) for i in part.tolist()]
        return collate(rows, shapes, v.classes)

    train = batch(fold.train)
    return Parts(train, batch(fold.val), batch(fold.test), choose_labelled(train, len(v.classes), n_labelled, seed))


def choose_labelled(train: Batch, n_classes: int, n: int | None, seed: int) -> Tensor:
    """(N,) bool with n True, dealt to the classes in turn; all True without n or where there are no more."""
    assert train.y is not None
    chosen = torch.zeros(len(train.ids), dtype=torch.bool)
    if n is None or n >= len(chosen):
        return ~chosen
    if n < 2 * n_classes:
        raise ParameterError(f"{n} labels for {n_classes} classes: allow 2 of each at least, {2 * n_classes}")
    order = torch.randperm(len(chosen), generator=torch.Generator().manual_seed(seed))
    turn = torch.zeros(len(chosen))  # the how-maniest of its class
    for c in range(n_classes):
        rows = order[train.y[order] == c]
        turn[rows] = torch.arange(len(rows), dtype=torch.float32)
    chosen[order[turn[order].argsort(stable=True)[:n]]] = True
    return chosen
