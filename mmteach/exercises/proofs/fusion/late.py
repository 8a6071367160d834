"""fusion.late, written otherwise."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _row_by_row(logits, present, rule):
    rows = []
    for i in range(len(next(iter(logits.values())))):
        votes = [F.log_softmax(logits[m][i], dim=0) for m in logits if present[m][i]]
        if rule == "product":
            rows.append(F.softmax(sum(votes), dim=0))
        else:
            rows.append(sum(v.exp() for v in votes) / len(votes))
    return torch.stack(rows)


def _summing(logits, present, rule):
    total, n = 0, 0
    for name, z in logits.items():
        here = present[name].unsqueeze(-1)
        vote = F.softmax(z, -1) if rule == "mean" else z - torch.logsumexp(z, -1, keepdim=True)
        total = total + torch.where(here, vote, torch.zeros_like(z))
        n = n + here
    return total / n if rule == "mean" else torch.softmax(total, -1)


def _shift_is_nothing(logits, present, rule):
    """In the product the raw logits do as well: a shift of a row cancels. In the mean they do not."""
    votes = np.stack([logits[m].numpy() for m in logits]).astype(float)  # (M, B, C)
    here = np.stack([present[m].numpy() for m in logits])[..., None]
    if rule == "product":
        return torch.from_numpy(np.where(here, votes, 0).sum(axis=0)).softmax(dim=1).float()
    probs = np.exp(votes - votes.max(axis=2, keepdims=True))
    probs = np.where(here, probs / probs.sum(axis=2, keepdims=True), 0)
    return torch.from_numpy(probs.sum(axis=0) / here.sum(axis=0)).float()


def _logits_first(logits, present, rule):
    total, n = 0, 0
    for m, z in logits.items():
        total = total + torch.where(present[m][:, None], z, torch.zeros(()))
        n = n + present[m][:, None]
    return F.softmax(total / n, dim=-1) if rule == "mean" else F.softmax(total, dim=-1)


def _over_m(logits, present, rule):
    total = 0
    for m, z in logits.items():
        p = F.softmax(z, 1) if rule == "mean" else F.log_softmax(z, 1)
        total = total + torch.where(present[m][:, None], p, torch.zeros(()))
    return total / len(logits) if rule == "mean" else F.softmax(total, 1)


def _no_presence(logits, present, rule):
    if rule == "mean":
        return sum(F.softmax(z, 1) for z in logits.values()) / len(logits)
    return F.softmax(sum(F.log_softmax(z, 1) for z in logits.values()), 1)


def _columns(logits, present, rule):
    total, n = 0, 0
    for m, z in logits.items():
        p = z.T.softmax(1).T if rule == "mean" else z.T.log_softmax(1).T
        total = total + torch.where(present[m][:, None], p, torch.zeros(()))
        n = n + present[m][:, None]
    return total / n if rule == "mean" else total.T.softmax(1).T


def _bare_product(logits, present, rule):
    if rule == "mean":
        return _summing(logits, present, rule)
    total = 1
    for m, z in logits.items():
        total = total * torch.where(present[m][:, None], F.softmax(z, 1), torch.ones(()))
    return total


def _divided_product(logits, present, rule):
    product = _bare_product(logits, present, rule)
    return (product.T / product.sum(dim=1)).T


def _zero_for_absent(logits, present, rule):
    if rule == "mean":
        return _summing(logits, present, rule)
    total = 1
    for m, z in logits.items():
        total = total * torch.where(present[m][:, None], F.softmax(z, 1), torch.zeros(()))
    return total / total.sum(dim=1)[:, None]


LATE = Proof(
    right=(_row_by_row, _summing, _shift_is_nothing),
    variants={
        "mean of logits": _logits_first,
        "divides by all": _over_m,
        "presence ignored": _no_presence,
        "softmax over the samples": _columns,
        "not normalised": _bare_product,
        "too small for a float": _divided_product,
        "an absent modality vetoes": _zero_for_absent,
    },
)
