"""imbalance.focal, written otherwise."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _from_cross_entropy(logits, y, gamma):
    surprise = F.cross_entropy(logits, y, reduction="none")
    return torch.mean(torch.pow(1 - torch.exp(-surprise), gamma) * surprise)


def _one_by_one(logits, y, gamma):
    total = 0
    for z, label in zip(logits, y, strict=True):
        log_p = z[label] - torch.logsumexp(z, dim=0)
        total = total - (1 - torch.exp(log_p)) ** gamma * log_p
    return total / len(y)


def _one_hot(logits, y, gamma):
    log_p = torch.where(F.one_hot(y, logits.shape[1]).bool(), F.log_softmax(logits, -1), torch.zeros(())).sum(-1)
    return F.nll_loss(((1 - log_p.exp()) ** gamma * log_p)[:, None], torch.zeros_like(y))


def _easy_first(logits, y, gamma):
    surprise = F.cross_entropy(logits, y, reduction="none")
    return torch.mean(torch.exp(-gamma * surprise) * surprise)


def _confidence(logits, y, gamma):
    surprise = F.cross_entropy(logits, y, reduction="none")
    confidence, _ = F.softmax(logits, dim=-1).max(dim=-1)
    return torch.mean((1 - confidence) ** gamma * surprise)


def _added(logits, y, gamma):
    return sum(_one_by_one(z[None], label[None], gamma) for z, label in zip(logits, y, strict=True))


def _log_p(logits, y, gamma):
    log_p = -F.cross_entropy(logits, y, reduction="none")
    return torch.mean((1 - log_p.exp()) ** gamma * log_p)


def _probabilities(logits, y, gamma):
    p = (F.softmax(logits, -1) * F.one_hot(y, logits.shape[1])).sum(-1)
    return torch.mean(-torch.log(p) * (1 - p) ** gamma)


def _no_grad(logits, y, gamma):
    surprise = F.cross_entropy(logits, y, reduction="none")
    with torch.no_grad():
        factor = (1 - torch.exp(-surprise)) ** gamma
    return (factor * surprise).mean()


def _turned(logits, y, gamma):
    log_p = F.log_softmax(logits.T, dim=1).T.gather(1, y.unsqueeze(1)).squeeze(1)
    return torch.mean((1 - log_p.exp()) ** gamma * -log_p)


def _of_the_batch(logits, y, gamma):
    mean = F.cross_entropy(logits, y, reduction="none").mean()
    return mean * (1 - (-mean).exp()).pow(gamma)


def _table(logits, y, gamma):
    table = torch.index_select(F.log_softmax(logits, -1), 1, y)
    return torch.mean((1 - table.exp()) ** gamma * table) * -1


FOCAL = Proof(
    right=(_from_cross_entropy, _one_by_one, _one_hot),
    variants={
        "p instead of 1 - p": _easy_first,
        "the likeliest class": _confidence,
        "sum instead of mean": _added,
        "sign forgotten": _log_p,
        "logarithm of 0": _probabilities,
        "a factor without gradient": _no_grad,
        "softmax over the wrong axis": _turned,
        "everybody's classes": _table,
        "the factor of the mean": _of_the_batch,
    },
)
