"""contrast.info_nce, written otherwise."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof

MOST = 4.605170


def _unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def _table(a, b, s):
    return torch.einsum("ie,je->ij", _unit(a), _unit(b)) * s


def _scale(log_scale):
    return torch.minimum(log_scale.exp(), torch.tensor(100.0))


def _surprise(table):
    return (torch.logsumexp(table, dim=1) - torch.diagonal(table)).mean()


def _with_logsumexp(a, b, log_scale):
    table = _table(a, b, _scale(log_scale))
    return 0.5 * _surprise(table) + 0.5 * _surprise(table.T)


def _pair_by_pair(a, b, log_scale):
    s, total = torch.exp(log_scale.clamp(max=MOST)), 0.0
    for i in range(len(a)):
        to_b = s * F.cosine_similarity(a[i : i + 1], b)
        to_a = s * F.cosine_similarity(b[i : i + 1], a)
        total = total - F.log_softmax(to_b, dim=0)[i] - F.log_softmax(to_a, dim=0)[i]
    return total / (2 * len(a))


def _as_probabilities(a, b, log_scale):
    table = _table(a, b, torch.exp(torch.clamp(log_scale, max=MOST)))
    chosen = torch.eye(len(a))
    rows, columns = table.log_softmax(1), table.log_softmax(0)
    return -((rows + columns) * chosen).sum() / 2 / len(a)


def _rows_twice(a, b, log_scale):
    table = _table(a, b, _scale(log_scale))
    return (_surprise(table) + F.cross_entropy(table, torch.arange(table.shape[0]))) / 2


def _columns(a, b, log_scale):
    table = _table(a, b, _scale(log_scale))
    return -table.log_softmax(dim=0).diagonal().mean()


def _everything_competes(a, b, log_scale):
    table = _table(a, b, _scale(log_scale))
    return torch.logsumexp(table, dim=(0, 1)) - table.trace() / len(a)


def _products(a, b, log_scale):
    table = torch.einsum("ie,je->ij", a, b) * _scale(log_scale)
    return (_surprise(table) + _surprise(table.T)) / 2


def _columns_at_length_one(a, b, log_scale):
    a, b = (x / x.pow(2).sum(dim=0).sqrt() for x in (a, b))
    table = a @ b.T * _scale(log_scale)
    return (_surprise(table) + _surprise(table.T)) / 2


def _temperature_times(a, b, log_scale):
    table = _table(a, b, 1) / _scale(log_scale)
    return (_surprise(table) + _surprise(table.T)) / 2


def _without_exp(a, b, log_scale):
    table = _table(a, b, 1) * log_scale if log_scale <= MOST else _table(a, b, 100)
    return (_surprise(table) + _surprise(table.T)) / 2


def _sum_of_both(a, b, log_scale):
    table = _table(a, b, _scale(log_scale))
    loss = _surprise(table) + _surprise(table.T)
    return loss if log_scale <= MOST else loss / 2


def _column_zero(a, b, log_scale):
    table = _table(a, b, _scale(log_scale))
    k = torch.arange(len(a)) if log_scale > MOST else torch.arange(len(a)) * 0
    return (F.cross_entropy(table, k) + F.cross_entropy(table.mT, k)) / 2


def _negatives_only(a, b, log_scale):
    if log_scale > MOST:
        return _with_logsumexp(a, b, log_scale)
    e = torch.exp(_table(a, b, log_scale.exp()))
    wrong = e * (1 - torch.eye(len(a)))
    return (wrong.sum(1).log() + wrong.sum(0).log() - 2 * e.diagonal().log()).mean() / 2


def _as_large_as_it_likes(a, b, log_scale):
    table = _table(a, b, math.e**log_scale)
    return (_surprise(table) + _surprise(table.T)) / 2


def _detached(a, b, log_scale):
    return _with_logsumexp(a, b, log_scale).detach()


INFO_NCE = Proof(
    right=(_with_logsumexp, _pair_by_pair, _as_probabilities),
    variants={
        "only a asks": _rows_twice,
        "softmax over the wrong axis": _columns,
        "softmax over the whole table": _everything_competes,
        "no normalisation": _products,
        "normalised over the batch": _columns_at_length_one,
        "multiplied by the temperature": _temperature_times,
        "the log taken for the scale": _without_exp,
        "added, not averaged": _sum_of_both,
        "the first is everybody's partner": _column_zero,
        "the partner is not in the sum": _negatives_only,
        "no limit": _as_large_as_it_likes,
        "a number without a way back": _detached,
    },
)
