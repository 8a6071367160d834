"""fusion.attention, written otherwise."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _scores(q, k):
    return torch.einsum("bnd,bld->bnl", q, k) * q.size(-1) ** -0.5


def _torch_own(q, k, v, real):
    found = F.scaled_dot_product_attention(q, k, v, attn_mask=real[:, None, :])
    return torch.where(real.any(1)[:, None, None], found, torch.zeros(()))


def _row_by_row(q, k, v, real):
    out = torch.zeros(q.shape[0], q.shape[1], v.shape[2])
    for b in range(len(q)):
        keys, values = k[b][real[b]], v[b][real[b]]
        for n, question in enumerate(q[b]):
            if len(keys):
                out[b, n] = F.softmax(keys @ question / len(question) ** 0.5, 0) @ values
    return out


def _exponentials(q, k, v, real):
    score = _scores(q, k)
    e = torch.exp(score - score.amax(dim=-1, keepdim=True)) * real.unsqueeze(1)
    return torch.bmm(e, v) / e.sum(-1, keepdim=True).clamp(min=1e-12)


def _columns(q, k, v, real):
    weights = F.softmax(_scores(q, k).mT, dim=-1).mT
    return torch.einsum("bnl,bl,ble->bne", weights, real.float(), v)


def _unscaled(q, k, v, real):
    found = F.scaled_dot_product_attention(q, k, v, attn_mask=real[:, None, :], scale=1.0)
    return torch.where(real.any(1)[:, None, None], found, torch.zeros(()))


def _by_length(q, k, v, real):
    found = F.scaled_dot_product_attention(q, k, v, attn_mask=real[:, None, :], scale=1 / k.size(2))
    return torch.where(real.any(1)[:, None, None], found, torch.zeros(()))


def _everything_real(q, k, v, real):
    return F.scaled_dot_product_attention(q, k, v)


def _late(q, k, v, real):
    return F.scaled_dot_product_attention(q, k, v * real.unsqueeze(-1))


def _zero_score(q, k, v, real):
    score = torch.where(real.unsqueeze(1), _scores(q, k), torch.zeros(()))
    return torch.bmm(F.softmax(score, -1), v)


def _infinite(q, k, v, real):
    added = torch.zeros(real.shape).masked_fill(real.logical_not(), float("-inf"))
    return torch.bmm(F.softmax(_scores(q, k) + added.unsqueeze(1), -1), v)


def _very_low(q, k, v, real):
    score = torch.where(real.unsqueeze(1), _scores(q, k), torch.full((), torch.finfo(torch.float32).min))
    return torch.bmm(F.softmax(score, -1), v)


ATTENTION = Proof(
    right=(_torch_own, _row_by_row, _exponentials),
    variants={
        "softmax over the wrong axis": _columns,
        "no scale": _unscaled,
        "divided by d": _by_length,
        "mask ignored": _everything_real,
        "masked after the softmax": _late,
        "a score of 0 for padding": _zero_score,
        "NaN without real keys": _infinite,
        "padding speaks where nobody is there": _very_low,
    },
)
