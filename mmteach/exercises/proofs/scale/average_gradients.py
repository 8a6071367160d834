"""scale.average_gradients, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _sample_by_sample(gradients, counts):
    every = [g for g, n in zip(gradients, counts, strict=True) for _ in range(n)]
    return np.mean(every, axis=0)


def _shares(gradients, counts):
    return (counts / counts.sum()) @ np.nan_to_num(gradients)


def _loop(gradients, counts):
    total = torch.zeros(gradients.shape[1], dtype=torch.float64)
    for g, n in zip(gradients, counts, strict=True):
        if n:
            total += torch.from_numpy(g) * int(n)
    return total / int(counts.sum())


def _nanmean(gradients, counts):
    return np.nanmean(gradients, axis=0)


def _nansum(gradients, counts):
    return np.nansum(gradients, axis=0)


def _mean_of_sums(gradients, counts):
    return (np.nan_to_num(gradients) * counts[:, None]).mean(axis=0)


def _average(gradients, counts):
    return np.average(gradients, axis=0, weights=counts)


def _inverse(gradients, counts):
    weights = [1 / n if n else 0.0 for n in counts]
    return np.array(weights) @ np.nan_to_num(gradients) / sum(weights)


AVERAGE_GRADIENTS = Proof(
    right=(_sample_by_sample, _shares, _loop),
    variants={
        "the mean of means": _nanmean,
        "added, not averaged": _nansum,
        "divided by the number of processes": _mean_of_sums,
        "nothing spoils everything": _average,
        "the fewer, the more": _inverse,
    },
)
