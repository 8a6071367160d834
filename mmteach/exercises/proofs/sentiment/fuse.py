"""sentiment.fuse, written otherwise."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import logsumexp

from mmteach.exercises.proof import Proof


def _logarithms(votes, weights):
    total, z = sum(w for m, w in weights.items() if m in votes), 0
    for m, p in votes.items():
        if weights[m] > 0:  # 0 times log 0 is NaN
            z = z + weights[m] / total * np.log(p)
    return np.exp(z - logsumexp(z))


def _class_by_class(votes, weights):
    there, out = list(votes), []
    share = np.array([weights[m] for m in there]) / sum(weights[m] for m in there)
    for k in range(len(votes[there[0]])):
        out.append(math.prod(float(votes[m][k]) ** w for m, w in zip(there, share, strict=True)))
    return [v / sum(out) for v in out]


def _matrix(votes, weights):
    there = sorted(votes)
    w = np.array([weights[m] for m in there], dtype=float)
    powers = np.stack([votes[m] for m in there]) ** (w / w.sum())[:, None]
    joint = np.multiply.reduce(powers, axis=0)
    return joint * (1 / np.sum(joint))


def _average(votes, weights):
    there = list(votes)
    return np.average([votes[m] for m in there], axis=0, weights=[weights[m] for m in there])


def _unfinished(votes, weights):
    total, out = sum(weights[m] for m in votes), 1.0
    for m in votes:
        out = out * np.power(votes[m], weights[m] / total)
    return out


def _uniform_for_absent(votes, weights):
    n_classes = len(next(iter(votes.values())))
    filled = {m: votes.get(m, np.full(n_classes, 1 / n_classes)) for m in weights}
    return _matrix(filled, weights)


def _dot(votes, weights):
    there = [m for m in weights if m in votes]
    return np.array([weights[m] for m in there]) @ np.stack([votes[m] for m in there])


def _raw_exponents(votes, weights):
    z = np.exp(sum(weights[m] * np.log(p) for m, p in votes.items() if weights[m]))
    return z / z.sum()


def _softmax_of_logs(votes, weights):
    there = list(votes)
    w = np.array([weights[m] for m in there])
    z = (w / w.sum()) @ np.log(np.stack([votes[m] for m in there]))
    return np.exp(z - logsumexp(z))


def _product_of_weighted(votes, weights):
    out = 1.0
    for m, p in votes.items():
        out = out * (weights[m] * p if weights[m] > 0 else 1)
    return out / np.sum(out)


def _geometric_mean(votes, weights):
    z = np.prod(list(votes.values()), axis=0) ** (1 / len(votes))
    return z / z.sum()


def _loudest(votes, weights):
    best = None
    for p in votes.values():
        if best is None or max(p) > max(best):
            best = p
    return best


FUSE = Proof(
    right=(_logarithms, _class_by_class, _matrix),
    variants={
        "a mean instead of a product": _average,
        "does not sum to 1": _unfinished,
        "an absent modality still weighs": _uniform_for_absent,
        "a sum of weighted votes": _dot,
        "weights as they come": _raw_exponents,
        "0 times log 0": _softmax_of_logs,
        "weights as factors": _product_of_weighted,
        "the weights play no part": _geometric_mean,
        "only the surest speaks": _loudest,
    },
)
