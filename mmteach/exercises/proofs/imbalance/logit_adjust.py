"""imbalance.logit_adjust, written otherwise."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _recall(predicted, y):
    """Mean of the diagonal of the confusion matrix, its rows divided by their sums."""
    n = int(max(predicted.max(), y.max())) + 1
    table = torch.bincount(n * y + predicted, minlength=n * n).view(n, n)
    occurs = table.sum(1) > 0
    return (table.diagonal()[occurs] / table.sum(1)[occurs]).mean()


def _counts_alone(logits, y, counts, tau):
    """The logarithm of the counts does as well: log prior is that minus the same for everyone."""
    predicted = torch.argmax(logits - tau * counts.float().log(), -1)
    return predicted, _recall(predicted, y)


def _numpy(logits, y, counts, tau):
    prior = [math.log(n / int(counts.sum())) for n in counts.tolist()]
    predicted = np.argmax(logits.numpy() - tau * np.array(prior), axis=1)
    occurs, right = np.unique(y.numpy(), return_counts=True), predicted == y.numpy()
    return predicted, np.mean([right[y.numpy() == c].sum() / n for c, n in zip(*occurs, strict=True)])


def _divided(logits, y, counts, tau):
    """Probabilities divided by the prior to the power tau."""
    ratio = F.softmax(logits.double(), 1) / (counts / counts.sum()).double() ** tau
    predicted = ratio.max(1).indices
    right, total = {}, {}
    for p, label in zip(predicted.tolist(), y.tolist(), strict=True):
        total[label] = total.get(label, 0) + 1
        right[label] = right.get(label, 0) + (p == label)
    return predicted, sum(right[c] / total[c] for c in total) / len(total)


def _share_right(logits, y, counts, tau):
    predicted, _ = _counts_alone(logits, y, counts, tau)
    return predicted, sum(int(p == t) for p, t in zip(predicted, y, strict=True)) / len(y)


def _plus(logits, y, counts, tau):
    predicted = torch.argmax(logits + tau * torch.log(counts.float()), -1)
    return predicted, _recall(predicted, y)


def _prior(logits, y, counts, tau):
    predicted = torch.argmax(logits - tau * (counts / counts.sum()), -1)
    return predicted, _recall(predicted, y)


def _own_counts(logits, y, counts, tau):
    n = torch.stack([(y == c).sum() for c in range(logits.shape[1])])
    predicted = torch.argmax(logits - tau * torch.log(n / len(y)), -1)
    return predicted, _recall(predicted, y)


def _softmax_first(logits, y, counts, tau):
    predicted = torch.argmax(F.softmax(logits, -1) - tau * torch.log(counts.float()), -1)
    return predicted, _recall(predicted, y)


def _zeros_for_absent(logits, y, counts, tau):
    predicted, _ = _counts_alone(logits, y, counts, tau)
    found = [((predicted == c) & (y == c)).sum() / (y == c).sum().clamp(min=1) for c in range(len(counts))]
    return predicted, sum(found) / len(found)


def _by_prediction(logits, y, counts, tau):
    predicted, _ = _counts_alone(logits, y, counts, tau)
    shares = [float((y[predicted == c] == c).float().mean()) for c in set(predicted.tolist())]
    return predicted, sum(shares) / len(shares)


LOGIT_ADJUST = Proof(
    right=(_counts_alone, _numpy, _divided),
    variants={
        "accuracy as the measure": _share_right,
        "added instead of subtracted": _plus,
        "no logarithm": _prior,
        "counts of the samples to be judged": _own_counts,
        "probabilities instead of logits": _softmax_first,
        "absent classes count as not found": _zeros_for_absent,
        "precision instead of recall": _by_prediction,
    },
)
