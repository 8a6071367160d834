"""imbalance.ogm, written otherwise."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _numpy(logits, y, alpha):
    score = {}
    for m, z in logits.items():
        e = np.exp(z.numpy().astype(float))
        score[m] = np.mean([row[label] / row.sum() for row, label in zip(e, y.tolist(), strict=True)])
    out = {}
    for m, s in score.items():
        rho = s / np.mean([t for other, t in score.items() if other != m])
        out[m] = 1 - np.tanh(alpha * rho) if rho > 1 + 1e-9 else 1
    return out


def _exponentials(logits, y, alpha):
    """1 - tanh x is 2 / (e^2x + 1)."""
    s = torch.stack([torch.exp(-F.cross_entropy(z.double(), y, reduction="none")).mean() for z in logits.values()])
    rho = s / ((s.sum() - s) / (len(s) - 1))
    return dict(zip(logits, torch.where(rho > 1 + 1e-9, 2 / (torch.exp(2 * alpha * rho) + 1), 1.0), strict=True))


def _s(logits, y):
    return np.array([float(torch.exp(-F.cross_entropy(z, y, reduction="none")).mean()) for z in logits.values()])


def _rho(s):
    return s / np.array([np.delete(s, i).mean() for i in range(len(s))])


def _k(names, rho, slowed, factor):
    return {m: factor(r) if slow else 1.0 for m, r, slow in zip(names, rho, slowed, strict=True)}


def _inverted(logits, y, alpha):
    rho = 1 / _rho(_s(logits, y))
    return _k(logits, rho, rho > 1.000001, lambda r: 1 - math.tanh(alpha * r))


def _weaker(logits, y, alpha):
    rho = _rho(_s(logits, y))
    return _k(logits, rho, rho < 0.999999, lambda r: 1 - math.tanh(alpha * r))


def _all(logits, y, alpha):
    return {m: 1 - np.tanh(r * alpha) for m, r in zip(logits, _rho(_s(logits, y)), strict=True)}


def _rising(logits, y, alpha):
    rho = _rho(_s(logits, y))
    return _k(logits, rho, rho > 1.000001, lambda r: np.tanh(r * alpha))


def _outside(logits, y, alpha):
    rho = _rho(_s(logits, y))
    return _k(logits, rho, rho > 1.000001, lambda r: 1 - np.tanh(r) * alpha)


def _all_in_the_mean(logits, y, alpha):
    s = _s(logits, y)
    rho = s * len(s) / s.sum()
    return _k(logits, rho, rho > 1.000001, lambda r: 1 - math.tanh(alpha * r))


def _sure(logits, y, alpha):
    rho = _rho(np.array([float(F.softmax(z, -1).max(-1).values.mean()) for z in logits.values()]))
    return _k(logits, rho, rho > 1.000001, lambda r: 1 - math.tanh(alpha * r))


def _accuracy(logits, y, alpha):
    rho = _rho(np.array([np.mean(z.numpy().argmax(1) == y.numpy()) for z in logits.values()]))
    return _k(logits, rho, rho > 1.000001, lambda r: 1 - math.tanh(alpha * r))


OGM = Proof(
    right=(_numpy, _exponentials),
    variants={
        "rho upside down": _inverted,
        "who is behind is slowed down": _weaker,
        "everybody is slowed down": _all,
        "tanh without 1 -": _rising,
        "alpha outside the tanh": _outside,
        "itself among the others": _all_in_the_mean,
        "the largest probability": _sure,
        "counted right answers": _accuracy,
    },
)
