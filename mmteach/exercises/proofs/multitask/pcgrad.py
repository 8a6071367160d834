"""multitask.pcgrad, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _numpy(gradients):
    original, out = gradients.numpy().astype(float), []
    for i, row in enumerate(original):
        left = row.copy()
        for j, other in enumerate(original):
            if i != j:
                left = left - min(0.0, float(left @ other)) * other / max(float(other @ other), 1e-30)
        out.append(left)
    return torch.tensor(np.array(out))


def _unit_rows(gradients):
    """Along unit rows; all tasks at once, one other after the next."""
    lengths = gradients.norm(dim=1, keepdim=True).clamp(min=1e-20)
    left = gradients.double()
    for unit in (gradients / lengths).double():
        left = left - (left @ unit).clamp(max=0)[:, None] * unit
    return left


def _walk(gradients, wanted, taken):
    out = [row.clone() for row in gradients]
    for i in range(len(out)):
        for j in range(len(out)):
            if i != j and wanted(torch.dot(out[i], gradients[j])):
                out[i] = out[i] - taken(out[i], gradients[j])
    return torch.stack(out)


def _shadow(row, other):
    return torch.dot(row, other) / torch.dot(other, other) * other


def _positive(gradients):
    return _walk(gradients, lambda inner: inner > 0, _shadow)


def _everybody(gradients):
    return _walk(gradients, lambda inner: True, _shadow)


def _one_norm(gradients):
    return _walk(gradients, lambda inner: inner < 0, lambda a, b: torch.dot(a, b) * b / torch.linalg.vector_norm(b))


def _no_norm(gradients):
    return _walk(gradients, lambda inner: inner < 0, lambda a, b: torch.dot(a, b) * b)


def _doubled(gradients):
    return _walk(gradients, lambda inner: inner < 0, lambda a, b: -_shadow(a, b))


def _changed_rows(gradients):
    out = list(gradients.clone().unbind())
    for i in range(len(out)):
        for j in range(len(out)):
            if i != j and torch.dot(out[i], out[j]) < 0:
                out[i] = out[i] - _shadow(out[i], out[j])
    return torch.stack(out)


def _gram(gradients):
    """All at once: the matrix of inner products, its negative part divided by the squared lengths."""
    inner = gradients @ gradients.T
    return gradients - (inner.clamp(max=0) / inner.diagonal().clamp(min=1e-30)) @ gradients


def _by_own(gradients):
    out = []
    for i, row in enumerate(gradients):
        left = row.clone()
        for j, other in enumerate(gradients):
            if i != j and torch.dot(left, other) < 0:
                left = left - torch.dot(left, other) * other / torch.dot(row, row)
        out.append(left)
    return torch.stack(out)


def _one_row(gradients):
    return torch.sum(_numpy(gradients), dim=0)


def _zeroed(gradients):
    keep = [all(torch.dot(a, b) >= 0 for b in gradients) for a in gradients]
    return gradients * torch.tensor(keep)[:, None]


PCGRAD = Proof(
    right=(_numpy, _unit_rows),
    variants={
        "projected where they agree": _positive,
        "always projected": _everybody,
        "norm not squared": _one_norm,
        "not divided at all": _no_norm,
        "wrong sign": _doubled,
        "projected on what is projected already": _changed_rows,
        "all inner products from the first gradient": _gram,
        "divided by its own length": _by_own,
        "one sum instead of a row a task": _one_row,
        "thrown away altogether": _zeroed,
    },
)
