"""imbalance.modality_dropout, written otherwise."""

from __future__ import annotations

import torch
from torch import nn

from mmteach.exercises.proof import Proof


def _bernoulli(present, p, generator):
    keep = torch.bernoulli(torch.full(present.shape, 1 - p), generator=generator).bool()
    left = present.logical_and(keep)
    left[~left.any(1)] = present[~left.any(1)]
    return left


def _row_by_row(present, p, generator):
    rows, throws = [], torch.rand(present.T.shape, generator=generator).T.tolist()
    for had, throw in zip(present.tolist(), throws, strict=True):
        left = [h and t > p for h, t in zip(had, throw, strict=True)]
        rows.append(left if sum(left) > 0 else had)
    return torch.tensor(rows)


def _as_floats(present, p, generator):
    keep = torch.rand(present.shape, generator=generator).lt(1 - p).float()
    left = present * keep
    lost = (left.sum(1) == 0).float().unsqueeze(1)
    return left + lost * present


def _rescued(left, instead):
    left = left.clone()
    lost = left.sum(1) == 0
    left[lost] = instead[lost]
    return left


def _below(present, p, generator):
    return _rescued(present & (torch.rand(present.shape, generator=generator) < p), present)


def _all_may_go(present, p, generator):
    return present.logical_and(torch.bernoulli(torch.full(present.shape, 1 - p), generator=generator).bool())


def _once(present, p, generator):
    throw = torch.rand(present.shape[1], generator=generator)
    return _rescued(present & (throw >= p), present)


def _together(present, p, generator):
    throw = torch.rand(present.shape[0], generator=generator)
    return _rescued(present & (throw >= p).unsqueeze(1), present)


def _new_flags(present, p, generator):
    throw = torch.bernoulli(torch.full(present.shape, 1 - p), generator=generator).bool()
    return _rescued(throw, torch.ones_like(present))


def _all_for_the_lost(present, p, generator):
    left = _all_may_go(present, p, generator)
    left[~left.any(dim=1)] = True
    return left


def _layer(present, p, generator):
    return nn.Dropout(p)(present * 1.0)


def _global(present, p, generator):
    return _rescued(present & torch.bernoulli(torch.full(present.shape, 1 - p)).bool(), present)


MODALITY_DROPOUT = Proof(
    right=(_bernoulli, _row_by_row, _as_floats),
    variants={
        "p is the share that stays": _below,
        "nothing left": _all_may_go,
        "one throw for the whole batch": _once,
        "one throw for the whole sample": _together,
        "the absent come back": _new_flags,
        "given what was never there": _all_for_the_lost,
        "dropout of numbers": _layer,
        "dice of its own": _global,
    },
)
