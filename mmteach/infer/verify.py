"""Verification: are these two the same person? A score, a threshold, and two ways to be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mmteach.errors import ParameterError
from mmteach.infer.evaluate import Interval


class Pairs(NamedTuple):
    """Pairs of samples: rows a and b (P,) int64, and whether they show the same person, (P,) bool."""

    a: np.ndarray
    b: np.ndarray
    same: np.ndarray


class Curve(NamedTuple):
    """Error rates at every threshold, low to high: accept where score >= threshold.

    far : share of different pairs that are accepted (false acceptance rate).
    frr : share of same pairs that are rejected (false rejection rate).
    """

    threshold: np.ndarray
    far: np.ndarray
    frr: np.ndarray


def cosine_matrix(embeddings: np.ndarray) -> np.ndarray:
    """(N, E) -> (N, N) cosines in [-1, 1]."""
    unit = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)
    return np.clip(unit @ unit.T, -1, 1)


def all_pairs(people: Sequence[str] | np.ndarray) -> Pairs:
    """Every pair of two different samples, once."""
    names = np.asarray(people, dtype=str)
    a, b = np.triu_indices(len(names), 1)
    return Pairs(a, b, names[a] == names[b])


def error_curve(scores: np.ndarray, same: np.ndarray) -> Curve:
    """FAR and FRR at every threshold at which they change.

    Parameters
    ----------
    scores : (P,) higher means more alike.
    same : (P,) bool.
    """
    scores, same = np.asarray(scores, dtype=np.float64), np.asarray(same, dtype=bool)
    if same.all() or not same.any():
        raise ParameterError(
            f"{int(same.sum())} of {len(same)} pairs are of the same person; verification needs both kinds: "
            "add a second photo of somebody, or a second person"
        )
    threshold = np.concatenate([np.unique(scores), [np.inf]])
    accepted_different = len(scores[~same]) - np.searchsorted(np.sort(scores[~same]), threshold, side="left")
    rejected_same = np.searchsorted(np.sort(scores[same]), threshold, side="left")
    return Curve(threshold, accepted_different / (~same).sum(), rejected_same / same.sum())


def eer(scores: np.ndarray, same: np.ndarray) -> float:
    """Equal error rate: where FAR and FRR cross, interpolated linearly between thresholds."""
    _, far, frr = error_curve(scores, same)
    gap = far - frr  # falls from 1 to -1
    k = int(np.argmax(gap <= 0))
    if gap[k] == 0 or k == 0:
        return float(frr[k] if gap[k] == 0 else (far[k] + frr[k]) / 2)
    share = gap[k - 1] / (gap[k - 1] - gap[k])
    return float(frr[k - 1] + share * (frr[k] - frr[k - 1]))


def auc(scores: np.ndarray, same: np.ndarray) -> float:
    """Area under the ROC curve: how often a same pair scores above a different one (ties count half)."""
    from scipy.stats import rankdata

    scores, same = np.asarray(scores), np.asarray(same, dtype=bool)
    error_curve(scores, same)  # refuses pairs of one kind
    ranks, n_same = rankdata(scores), int(np.sum(same))
    return float((ranks[same].sum() - n_same * (n_same + 1) / 2) / (n_same * (len(scores) - n_same)))


def choose_threshold(scores: np.ndarray, same: np.ndarray, max_far: float | None = None) -> float:
    """Choose a threshold, on validation people.

    Parameters
    ----------
    max_far : the lowest threshold whose FAR does not pass this; None: the one at which FAR and FRR are nearest.
    """
    threshold, far, frr = error_curve(scores, same)
    if max_far is None:
        k = int(np.argmin(np.abs(far - frr)))
    else:
        k = int(np.argmax(far <= max_far))
    # Half way to the next score below, so that a score like those seen here does not fall on the edge.
    edge = threshold[k] if np.isfinite(threshold[k]) else threshold[k - 1] + 1e-6
    return float(edge if k == 0 else (edge + threshold[k - 1]) / 2)


def error_rates(scores: np.ndarray, same: np.ndarray, threshold: float) -> tuple[float, float]:
    """FAR and FRR at one threshold."""
    accepted = scores >= threshold
    return float(accepted[~same].mean()), float((~accepted[same]).mean())


def bootstrap_by_person(
    scores: np.ndarray, people: np.ndarray, same: np.ndarray, n: int = 500, seed: int = 0
) -> Interval:
    """95 % interval of the EER by drawing people anew with replacement: pairs of one person are not independent.

    A pair counts as often as its people were drawn: a same pair c times, a different one c_1 c_2 times.

    Parameters
    ----------
    scores : (P,). people : (P, 2) names. same : (P,) bool.

    References
    ----------
    Bolle, Ratha, Pankanti 2004, Computer Vision and Image Understanding 93: the subsets bootstrap.
    """
    names, which = np.unique(people.astype(str), return_inverse=True)
    which, rng, order = which.reshape(people.shape), np.random.default_rng(seed), np.argsort(scores, kind="stable")
    same_sorted, values = same[order], []
    for _ in range(n):
        count = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names)).astype(float)
        weight = np.where(same, count[which[:, 0]], count[which[:, 0]] * count[which[:, 1]])[order]
        if weight[same_sorted].sum() == 0 or weight[~same_sorted].sum() == 0:
            continue
        frr = np.cumsum(weight * same_sorted) / weight[same_sorted].sum()
        far = 1 - np.cumsum(weight * ~same_sorted) / weight[~same_sorted].sum()
        k = int(np.argmin(np.abs(far - frr)))
        values.append((far[k] + frr[k]) / 2)
    if not values:
        return Interval(0.0, 1.0)
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
