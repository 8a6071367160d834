"""imbalance.sampler, written otherwise."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _class_first(y, train, rng):
    """First a class, all alike, then one of its rows."""
    classes = np.unique(y[train])
    rows = {c: train[y[train] == c] for c in classes}
    return [int(rng.choice(rows[c])) for c in rng.choice(classes, len(train))]


def _torch(y, train, rng):
    labels = torch.from_numpy(y)[train]
    weights = 1 / labels.bincount().clamp(min=1)[labels]
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    return torch.from_numpy(train)[torch.multinomial(weights, len(train), replacement=True, generator=generator)]


def _by_hand(y, train, rng):
    """Where a number from 0 to 1 falls among the summed weights."""
    n = Counter(y[train].tolist())
    ends = np.cumsum([1 / n[c] for c in y[train].tolist()])
    return train[np.searchsorted(ends, rng.random(len(train)) * ends[-1])]


def _drawn(rows, labels, n, rng, power=-1.0):
    counts = Counter(labels.tolist())
    p = np.array([counts[c] ** power for c in labels.tolist()])
    return rows[rng.choice(len(rows), n, p=p / p.sum())]


def _leaks(y, train, rng):
    return _drawn(np.arange(y.size), y, train.size, rng)


def _frequent(y, train, rng):
    return _drawn(train, y[train], train.size, rng, power=1.0)


def _bootstrap(y, train, rng):
    return train[rng.integers(0, train.size, train.size)]


def _without_replacement(y, train, rng):
    p = 1 / np.bincount(y[train])[y[train]]
    return rng.choice(train, len(train), replace=False, p=p / p.sum())


def _as_many_as_the_rarest(y, train, rng):
    left = dict.fromkeys(y[train].tolist(), min(Counter(y[train].tolist()).values()))
    kept = []
    for row in rng.permutation(train).tolist():
        if left[int(y[row])] > 0:
            kept.append(row)
            left[int(y[row])] -= 1
    return np.array(kept)


def _whole_table(y, train, rng):
    counts = Counter(y.tolist())
    p = np.array([1 / counts[c] for c in y[train].tolist()])
    return train[rng.choice(len(train), len(train), p=p / p.sum())]


def _indices(y, train, rng):
    return _drawn(np.arange(train.size), y[train], train.size, rng)


def _random_module(y, train, rng):
    counts = Counter(y[train].tolist())
    return random.choices(train.tolist(), [1 / counts[c] for c in y[train].tolist()], k=len(train))


SAMPLER = Proof(
    right=(_class_first, _torch, _by_hand),
    variants={
        "resampling before the split": _leaks,
        "weights by n": _frequent,
        "every row alike": _bootstrap,
        "shuffled only": _without_replacement,
        "frequent classes cut down": _as_many_as_the_rarest,
        "counts of all rows": _whole_table,
        "places instead of row numbers": _indices,
        "dice of its own": _random_module,
    },
)
