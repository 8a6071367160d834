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
    scores: np.ndarray, people: Sequence[str] | np.ndarray, n: int = 200, seed: int = 0
) -> Interval:
    """95 % interval of the EER by drawing people anew with replacement: pairs of one person are not independent.

    Parameters
    ----------
    scores : (N, N) symmetric; people : N names.
    """
    names, rng = np.asarray(people, dtype=str), np.random.default_rng(seed)
    rows_of = {p: np.flatnonzero(names == p) for p in np.unique(names)}
    values = []
    for _ in range(n):
        drawn = rng.choice(sorted(rows_of), len(rows_of))
        if len(set(drawn)) < 2:
            continue
        rows = np.concatenate([rows_of[p] for p in drawn])
        copy = np.concatenate([np.full(len(rows_of[p]), i) for i, p in enumerate(drawn)])
        a, b = np.triu_indices(len(rows), 1)
        # A person drawn twice is not a stranger to itself: such pairs are neither same nor different.
        fair = (copy[a] == copy[b]) | (names[rows[a]] != names[rows[b]])
        values.append(eer(scores[rows[a], rows[b]][fair], (copy[a] == copy[b])[fair]))
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
