"""infer.softmax, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _rows(logits, temperature=1.0):
    out = np.zeros(logits.shape)
    for i, row in enumerate(logits):
        weights = [np.exp((z - max(row)) / temperature) for z in row]
        out[i] = np.array(weights) / sum(weights)
    return out


def _by_torch(logits, temperature=1.0):
    return torch.softmax(torch.tensor(logits) / temperature, dim=-1).numpy()


def _by_logarithms(scores, t=1.0):
    return np.exp(scores / t - np.logaddexp.reduce(scores / t, axis=1)[:, None])


def _ratio_of_exps(logits, temperature=1.0):
    return np.array([np.exp(row / temperature) / np.sum(np.exp(row / temperature)) for row in logits])


def _one_maximum(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - np.amax(z))
    return e / np.sum(e, axis=-1)[:, None]


def _axis_0(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def _no_axis(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max())
    return e / e.sum()


def _shape_b(logits, temperature=1.0):
    p = np.exp(logits / temperature - np.max(logits / temperature, 1)[:, None])
    return np.divide(p, np.sum(p, 1))


def _cancels(logits, temperature=1.0):
    e = np.exp(logits - logits.max(axis=1, keepdims=True)) / temperature
    return e / e.sum(axis=1, keepdims=True)


def _colder(logits, temperature=1.0):
    z = (logits - logits.max(axis=1, keepdims=True)) * temperature
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


SOFTMAX = Proof(
    right=(_rows, _by_torch, _by_logarithms),
    variants={
        "unstable exp": _ratio_of_exps,
        "the largest of the whole batch": _one_maximum,
        "sums down the columns": _axis_0,
        "one sum for the whole batch": _no_axis,
        "keepdims forgotten": _shape_b,
        "the temperature has no effect": _cancels,
        "multiplies by the temperature": _colder,
    },
)
