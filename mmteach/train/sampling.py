"""Which training samples are seen, how often, and how much each counts, where some classes are rare.

All of it looks at the training part alone. A copy or a mixture of a sample that lands in the test part makes the test
easier than the world: resample after the split, never before.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import minibatches, take
from mmteach.errors import ParameterError
from mmteach.types import Batch

SAMPLERS = ("shuffle", "balanced", "smote")


def class_counts(y: Tensor, n_classes: int) -> Tensor:
    """Count the samples of each class: (N,) class indices -> (C,) int64.

    Raises
    ------
    ParameterError : a class has no sample, and whatever is divided by its count would be infinite.
    """
    counts = torch.bincount(y, minlength=n_classes)
    empty = (counts == 0).nonzero()[:, 0].tolist()
    if empty or len(counts) != n_classes:
        named = f"class {empty[0]}" if empty else f"class {len(counts) - 1}"
        raise ParameterError(
            f"{named} does not fit a training part of {n_classes} classes with a sample each: "
            "give every class at least one training sample"
        )
    return counts


def inverse_weights(counts: Tensor) -> Tensor:
    """Weight of each class, proportional to 1 / n_c and scaled to sum C: (C,) -> (C,).

    >>> inverse_weights(torch.tensor([30, 10])).tolist()
    [0.5, 1.5]
    """
    return _sum_to_n(1 / counts.double())


def effective_weights(counts: Tensor, beta: float = 0.9999) -> Tensor:
    """Weight of each class, 1 over its effective number of samples (1 - beta^n) / (1 - beta), scaled to sum C.

    The more samples of a class there are, the likelier a further one is to repeat what is known. beta 0 gives equal
    weights; beta towards 1 gives `inverse_weights`.

    Parameters
    ----------
    beta : in [0, 1).

    References
    ----------
    Cui et al. 2019, CVPR, equation 2.
    """
    if not 0 <= beta < 1:
        raise ParameterError(f"beta is {beta}; it must be at least 0 and below 1")
    return _sum_to_n((1 - beta) / (1 - beta ** counts.double()))


def _sum_to_n(weights: Tensor) -> Tensor:
    return (weights * len(weights) / weights.sum()).float()


CLASS_WEIGHTS = {"none": None, "inverse": inverse_weights, "effective": effective_weights}


def per_sample(weights: Tensor, counts: Tensor) -> Tensor:
    """Scale class weights so that a training sample weighs 1 on average: the learning rate keeps its meaning."""
    return weights * counts.sum() / (weights * counts).sum()


def balanced_order(y: Tensor, n_classes: int, generator: torch.Generator) -> Tensor:
    """Draw N rows with replacement, each with weight 1 / n_c: every class is expected equally often.

    An epoch is as long as before. Samples of rare classes come several times, some of frequent ones not at all.
    """
    weights = (1 / class_counts(y, n_classes).double())[y]
    return torch.multinomial(weights, len(y), replacement=True, generator=generator)


def training_batches(batch: Batch, size: int, generator: torch.Generator, sampler: str = "shuffle") -> Iterator[Batch]:
    """Yield the batches of one epoch, in the order of the sampler."""
    if sampler == "balanced":
        assert batch.y is not None
        order = balanced_order(batch.y, int(batch.y.max()) + 1, generator)
        batch = take(batch, order)
    yield from minibatches(batch, size, generator)


def smote(batch: Batch, k: int = 5, seed: int = 0) -> Batch:
    """Add mixtures of neighbours until every class is as frequent as the most frequent one.

    A new sample lies on the segment between a sample and one of its k nearest of the same class, x + u (x_nn - x) with
    u in [0, 1]. The modalities of a sample move together: they are one point.

    Parameters
    ----------
    batch : of the training part, every modality a vector and present.
    k : neighbours; a class of n samples has n - 1 at most.

    Raises
    ------
    ParameterError : a class has one sample alone, a modality is no vector, or one is absent somewhere.

    References
    ----------
    Chawla, Bowyer, Hall, Kegelmeyer 2002, JAIR 16.
    """
    from imblearn.over_sampling import SMOTE

    assert batch.y is not None
    names = sorted(batch.x)
    odd = [m for m in names if batch.x[m].ndim != 2 or not bool(batch.present[m].all())]
    if odd:
        raise ParameterError(
            f"{odd[0]} is not a vector that every training sample has, and SMOTE mixes vectors: "
            "use the balanced sampler instead"
        )
    counts = torch.bincount(batch.y)
    fewest = int(counts[counts > 0].min())
    if fewest < 2:
        raise ParameterError("a class has 1 training sample, and SMOTE mixes two: add samples, or use the sampler")
    joined = torch.cat([batch.x[m] for m in names], dim=1).numpy()  # (N, sum of D)
    x, y = SMOTE(k_neighbors=min(k, fewest - 1), random_state=seed).fit_resample(joined, batch.y.numpy())
    widths = np.cumsum([batch.x[m].shape[1] for m in names])[:-1]
    parts = np.split(x.astype(np.float32), widths, axis=1)
    ids = (*batch.ids, *(f"smote {i}" for i in range(len(x) - len(batch.ids))))
    present = {m: torch.ones(len(x), dtype=torch.bool) for m in names}
    made = {m: torch.from_numpy(np.ascontiguousarray(part)) for m, part in zip(names, parts, strict=True)}
    return Batch(ids, made, {}, present, torch.from_numpy(y))
