"""train.cross_entropy, written otherwise."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _logsumexp(logits, y):
    truth = logits.gather(1, y[:, None])[:, 0]
    return (torch.logsumexp(logits, dim=1) - truth).mean()


def _row_by_row(logits, y):
    total = 0.0
    for row, k in zip(logits, y, strict=True):
        top = row.max()
        total = total + torch.log(torch.exp(row - top).sum()) + top - row[k]
    return total / len(y)


def _one_hot(logits, y):
    chosen = F.one_hot(y, logits.shape[1])
    return -(F.log_softmax(logits, dim=-1) * chosen).sum() / logits.size(0)


def _overflows(logits, y):
    losses = [torch.log(row.exp().sum()) - row[k] for row, k in zip(logits, y, strict=True)]
    return torch.stack(losses).mean()


def _log_zero(logits, y):
    z = logits - logits.amax(dim=1, keepdim=True)
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)
    return -p.gather(1, y.view(-1, 1)).log().mean()


def _mean_of_all(logits, y):
    return -(F.log_softmax(logits, dim=1) * F.one_hot(y, logits.shape[1])).mean()


def _probabilities_as_logits(logits, y):
    p = F.softmax(logits, dim=-1)
    return F.cross_entropy(p, y)


def _summed(logits, y):
    return F.nll_loss(F.log_softmax(logits, dim=1), y, reduction="sum")


def _most_likely(logits, y):
    return -F.log_softmax(logits, dim=1).max(dim=1).values.mean()


def _detached(logits, y):
    return F.cross_entropy(logits.detach(), y)


CROSS_ENTROPY = Proof(
    right=(_logsumexp, _row_by_row, _one_hot),
    variants={
        "unstable exp": _overflows,
        "log of a probability that became 0": _log_zero,
        "mean over classes": _mean_of_all,
        "softmax twice": _probabilities_as_logits,
        "sum over the batch": _summed,
        "surprise at its own answer": _most_likely,
        "a number without a way back": _detached,
    },
)
