"""imbalance.weights, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _counted(y):
    return {c: sum(1 for label in y if label == c) for c in range(max(y) + 1)}


def _loops(y, beta):
    raw = [(1 - beta) / (1 - beta**n) for n in _counted(y).values()]
    return [w / sum(raw) * len(raw) for w in raw]


def _torch(y, beta):
    n = torch.from_numpy(y).bincount().double()
    w = 1 / (1 - beta**n)  # 1 - beta cancels
    return w / w.mean()


def _series(y, beta):
    """The effective number is 1 + beta + beta^2 and so on, n terms of it."""
    _, counts = np.unique(y, return_counts=True)
    w = np.array([1 / sum(beta**i for i in range(n)) for n in counts])
    return w * (len(w) / w.sum())


def _frequent_first(y, beta):
    n = torch.from_numpy(y).bincount().float()
    return n / n.mean()


def _numbers(y, beta):
    e = np.array([sum(beta**i for i in range(n)) for n in _counted(y).values()])
    return e / e.mean()


def _plain_inverse(y, beta):
    w = np.array([len(y) / n for n in _counted(y).values()])
    return w / w.mean()


def _shares(y, beta):
    w = np.array([1 / (1 - beta**n) for n in _counted(y).values()])
    return w / w.sum()


def _raw(y, beta):
    return [1 / sum(beta**i for i in range(n)) for n in _counted(y).values()]


def _most_common(y, beta):
    from collections import Counter

    raw = np.array([1 / (1 - beta**n) for _, n in Counter(y.tolist()).most_common()])
    return raw / raw.mean()


def _first_seen(y, beta):
    counted = {}
    for label in y:
        counted[label] = counted.get(label, 0) + 1
    raw = np.array([1 / (1 - beta**n) for n in counted.values()])
    return raw / raw.mean()


def _looked_up(y, beta):
    table = _loops(y, beta)
    return [table[label] for label in y]


WEIGHTS = Proof(
    right=(_loops, _torch, _series),
    variants={
        "weights by n": _frequent_first,
        "upside down": _numbers,
        "1 / n whatever beta": _plain_inverse,
        "sum to 1": _shares,
        "not scaled": _raw,
        "by frequency": _most_common,
        "as they come": _first_seen,
        "one for each sample": _looked_up,
    },
)
