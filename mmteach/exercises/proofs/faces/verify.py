"""faces.verify, written otherwise."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _unit(x):
    return x / np.sqrt((x**2).sum(axis=1))[:, None]


def _sorted_downwards(val, test, max_far):
    val_scores, test_scores = (np.sum(_unit(a) * _unit(b), axis=1) for a, b, _ in (val, test))
    threshold = np.inf
    for t in sorted(val_scores, reverse=True):
        strangers = sum(s >= t and not k for s, k in zip(val_scores, val[2], strict=True))
        if strangers > max_far * np.sum(~val[2]):
            break
        threshold = t
    far = np.sum((test_scores >= threshold) & ~test[2]) / np.sum(~test[2])
    return far, np.sum((test_scores < threshold) & test[2]) / np.sum(test[2])


def _by_torch(val, test, max_far):
    scores = F.cosine_similarity(torch.tensor(val[0]), torch.tensor(val[1]), dim=1).numpy()
    asked = F.cosine_similarity(torch.tensor(test[0]), torch.tensor(test[1]), dim=1).numpy()
    candidates = np.append(np.unique(scores), np.inf)
    fars = (scores[~val[2]] >= candidates[:, None]).mean(axis=1)
    inside = asked >= candidates[np.argmax(fars <= max_far)]
    return [inside[~test[2]].mean(), 1 - inside[test[2]].mean()]


def _by_distances(val, test, max_far):
    near, asked = (1 - np.einsum("pe,pe->p", a, b) / np.sqrt((a**2).sum(1) * (b**2).sum(1)) for a, b, _ in (val, test))
    fine = [d for d in near if np.mean(near[~val[2]] <= d) <= max_far]
    accepted = asked <= max(fine) if fine else np.zeros(len(asked), bool)
    return accepted[~test[2]].mean(), (~accepted)[test[2]].mean()


def _through(scores_of, val, test, max_far):
    scores, asked = scores_of(val), scores_of(test)
    fine = [t for t in np.append(scores, np.inf) if (scores[~val[2]] >= t).mean() <= max_far]
    return (asked[~test[2]] >= min(fine)).mean(), (asked[test[2]] < min(fine)).mean()


def _euclidean(val, test, max_far):
    return _through(lambda part: np.linalg.norm(_unit(part[0]) - _unit(part[1]), axis=1), val, test, max_far)


def _inner(val, test, max_far):
    return _through(lambda part: np.diagonal(part[0] @ part[1].T), val, test, max_far)


def _tuned_on_test(val, test, max_far):
    return _sorted_downwards(test, test, max_far)


def _highest(val, test, max_far):
    scores = np.append(np.sum(_unit(val[0]) * _unit(val[1]), axis=1), np.inf)
    threshold = max(t for t in scores if np.mean(scores[:-1][~val[2]] >= t) <= max_far)
    accepted = np.sum(_unit(test[0]) * _unit(test[1]), axis=1) >= threshold
    return accepted[~test[2]].mean(), 1 - accepted[test[2]].mean()


def _over_everybody(val, test, max_far):
    a, b, same = val
    scores = np.sum(_unit(a) * _unit(b), axis=1)
    fine = [t for t in [*scores, np.inf] if sum(scores[~same] >= t) / len(scores) <= max_far]
    accepted = np.sum(_unit(test[0]) * _unit(test[1]), axis=1) >= min(fine)
    return accepted[~test[2]].mean(), 1 - accepted[test[2]].mean()


def _rejections_first(val, test, max_far):
    far, frr = _by_distances(val, test, max_far)
    return frr, far


VERIFY = Proof(
    right=(_sorted_downwards, _by_torch, _by_distances),
    variants={
        "distance instead of similarity": _euclidean,
        "not normalised": _inner,
        "threshold from the test people": _tuned_on_test,
        "the strictest threshold": _highest,
        "FAR as a share of all pairs": _over_everybody,
        "FAR and FRR in the wrong order": _rejections_first,
    },
)
