"""A set whose classes fall off like a long tail in training, and stay as they are in validation and test."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from torch import Tensor

from mmteach.batch import collate
from mmteach.cases.studies.vectors import Vectors
from mmteach.datasets import split
from mmteach.errors import DataError, ParameterError
from mmteach.features import Scale
from mmteach.train import class_counts
from mmteach.types import Batch, Features, Modality

MOST = 1000  # training samples of the most frequent class; more would teach the same and take longer
FEWEST = 2  # training samples of the rarest class: SMOTE needs two


class Parts(NamedTuple):
    """One division: no group stands in two parts. counts : (C,) of the training part, most frequent class first."""

    train: Batch
    val: Batch
    test: Batch
    counts: Tensor


def long_tail(n_most: int, n_classes: int, ratio: float) -> list[int]:
    """Sizes that fall off exponentially, n_most * ratio^(-c / (C - 1)).

    Raises
    ------
    ParameterError : the ratio lies outside 1 to 1000, or leaves the rarest class too few samples.

    References
    ----------
    Cui et al. 2019, CVPR, section 5.1.

    >>> long_tail(100, 3, 25)
    [100, 20, 4]
    """
    if not 1 <= ratio <= 1000:
        raise ParameterError(f"ratio is {ratio:g}; it must lie between 1 (balanced) and 1000")
    if n_most / ratio < FEWEST:
        raise ParameterError(
            f"ratio {ratio:g} leaves {n_most / ratio:.1f} of {n_most} training samples to the rarest class, which "
            f"needs {FEWEST}: ask for a ratio of {n_most // FEWEST} or less, or take a larger set"
        )
    return [round(n_most * ratio ** (-c / (n_classes - 1))) for c in range(n_classes)]


def divide(v: Vectors, ratio: float, seed: int) -> Parts:
    """Split by group, thin the training part, and scale by it."""
    fold = split(v.dataset, 0.2, 0.2, seed)
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(fold.train[v.y[fold.train] == c]) for c in v.classes]
    sizes = long_tail(min(len(rows[0]), MOST), len(v.classes), ratio)
    train = np.concatenate([r[:n] for r, n in zip(rows, sizes, strict=True)])
    for part, name in ((train, "training"), (fold.test, "test")):
        absent = sorted(set(v.classes) - set(v.y[part]))
        if absent:
            raise DataError(f"seed {seed} leaves the {name} part no sample of class {absent[0]!r}: take a larger set")
    x = {m: _scaled(m, values, train) for m, values in v.x.items()}
    shapes = {m: values.shape[1:] for m, values in x.items()}

    def batch(part: np.ndarray) -> Batch:
        return collate([Features(v.ids[i], {m: x[m][i] for m in x}, v.y[i]) for i in part.tolist()], shapes, v.classes)

    made = batch(train)
    assert made.y is not None
    return Parts(made, batch(fold.val), batch(fold.test), class_counts(made.y, len(v.classes)))


def _scaled(m: Modality, x: np.ndarray, train: np.ndarray) -> np.ndarray:
    if m == "text":
        return x  # mostly zeros, all of one length
    scale = Scale("train")
    scale.fit(x[train])
    return np.asarray(scale(x, [None] * len(x)))
