"""optimise.int8, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _clamped(v):
    return max(-127, min(127, v))


def _by_hand(w, limit, largest, levels=127, whole=round):
    """Row by row: `largest` of the row's list, `whole` makes a whole number."""
    q, scales = [], []
    for row in w.tolist():
        scale = min(largest(row), limit) / levels or 1.0
        q.append([_clamped(whole(v / scale)) for v in row])
        scales.append(scale)
    return np.array(q, dtype=np.int8), scales


def _size(row):
    return max(abs(v) for v in row)


def _loops(w, limit):
    return _by_hand(w, limit, _size)


def _torch(w, limit):
    t = torch.from_numpy(w)
    s = t.abs().amax(dim=1, keepdim=True).clamp(max=limit) / 127
    s[s == 0] = 1
    return (t / s).round().clamp(-127, 127).to(torch.int8), s.flatten()


def _cut_first(w, limit):
    cut = w.clip(-limit, limit)
    top = np.maximum(cut.max(axis=1), -cut.min(axis=1))
    top[top == 0] = 127
    return np.rint(127 * cut / top[:, None]).astype("int8"), top / 127


def _whole_matrix(w, limit):
    m = _size(w.ravel().tolist())
    return _by_hand(w, limit, lambda row: m)


def _signed(w, limit):
    return _by_hand(w, limit, max)


def _unsigned_levels(w, limit):
    return _by_hand(w, limit, _size, 255)


def _power_of_two(w, limit):
    return _by_hand(w, limit, _size, 2**7)


def _own_largest(w, limit):
    return _by_hand(w, float("inf"), _size)


def _always_the_limit(w, limit):
    return _by_hand(w, limit, lambda row: limit)


def _wraps(w, limit):
    _, scales = _loops(w, limit)
    whole = np.rint(w / np.array(scales)[:, None]).astype(np.int64)
    return ((whole + 128) % 256 - 128).astype(np.int8), scales


def _int(w, limit):
    return _by_hand(w, limit, _size, whole=int)


def _floor(w, limit):
    return _by_hand(w, limit, _size, whole=lambda v: int(v // 1))


def _turned(w, limit):
    q, scales = _loops(w.T.copy(), limit)
    return q.T, scales


def _no_where(w, limit):
    t = torch.from_numpy(w)
    s = t.abs().amax(dim=1).clamp(max=limit) / 127
    return (t / s[:, None]).round().clamp(-127, 127), s


def _factor(w, limit):
    q, scales = _loops(w, limit)
    return q, [1 / s for s in scales]


def _there_and_back(w, limit):
    q, scales = _torch(w, limit)
    return q * scales[:, None], scales


INT8 = Proof(
    right=(_loops, _torch, _cut_first),
    variants={
        "one scale for the whole matrix": _whole_matrix,
        "the largest w, not the largest |w|": _signed,
        "255 instead of 127": _unsigned_levels,
        "128 instead of 127": _power_of_two,
        "the limit is forgotten": _own_largest,
        "the limit's scale for every row": _always_the_limit,
        "not clamped": _wraps,
        "cut off instead of rounded": _int,
        "rounded down": _floor,
        "a scale for each column": _turned,
        "division by zero": _no_where,
        "the scale upside down": _factor,
        "floats again": _there_and_back,
    },
)
