"""Retrieval across modalities: a sound asks, pictures answer, in the order of their cosine; and how good that is.

Whoever asks has a class; an answer of the same class is a *hit*, whether or not the two were ever a pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mmteach.batch import minibatches
from mmteach.errors import DataError, ParameterError
from mmteach.infer.evaluate import Interval, wilson_interval
from mmteach.models.shared_space import SharedSpace
from mmteach.types import Batch, Modality


@torch.inference_mode()
def embed_space(space: SharedSpace, batch: Batch, size: int = 256) -> dict[Modality, np.ndarray]:
    """Embed a whole batch without learning: {modality: (N, E) of unit length}, zeros where a sample lacks it."""
    space.eval()
    parts = [space(part) for part in minibatches(batch, size)]
    return {m: torch.cat([part[m] for part in parts]).numpy() for m in parts[0]}


def cosine_scores(queries: np.ndarray, items: np.ndarray) -> np.ndarray:
    """(Q, E), (N, E) -> (Q, N) cosines of every query with every item."""
    return np.clip(_unit(queries) @ _unit(items).T, -1, 1)


def ranking(scores: np.ndarray) -> np.ndarray:
    """(Q, N) scores -> (Q, N) items, the most alike first; among equals the order of the items."""
    return np.argsort(-np.asarray(scores), axis=1, kind="stable")


def first_hits(
    scores: np.ndarray, y_query: Sequence[str] | np.ndarray, y_item: Sequence[str] | np.ndarray
) -> np.ndarray:
    """Rank of the first hit of each query, 1 for the top: (Q,) int64.

    Ties count against us: wrong items that score as high as the best right one stand before it. A model that gives
    every item the same score would otherwise look as good as the order in which the items happen to lie.

    Raises
    ------
    DataError : a query's class has no item, so that nothing could be a hit.

    >>> first_hits(np.array([[0.9, 0.5, 0.9]]), ["7"], ["7", "7", "1"]).tolist()  # the 1 is as near as the 7
    [2]
    """
    scores = np.asarray(scores, dtype=np.float64)
    right = np.asarray(y_query)[:, None] == np.asarray(y_item)[None, :]  # (Q, N)
    if right.shape != scores.shape:
        raise ParameterError(f"scores are {scores.shape} and classes {right.shape}: give (Q, N), Q and N classes")
    if not right.any(axis=1).all():
        nobody = np.asarray(y_query)[~right.any(axis=1)][0]
        raise DataError(f"no item is of the class {str(nobody)!r}: leave such queries out, or add items")
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    return 1 + (~right & (scores >= best)).sum(axis=1)


def recall_at_k(ranks: np.ndarray, k: int) -> float:
    """Share of queries with a hit among the first k."""
    return float(np.mean(np.asarray(ranks) <= k))


def median_rank(ranks: np.ndarray) -> float:
    """Median rank of the first hit; 1 is perfect."""
    return float(np.median(ranks))


def mean_reciprocal_rank(ranks: np.ndarray) -> float:
    """Mean of 1 / rank of the first hit; 1 is perfect, and a hit far down counts next to nothing.

    >>> mean_reciprocal_rank(np.array([1, 2, 4]))
    0.5833333333333334
    """
    return float(np.mean(1 / np.asarray(ranks, dtype=np.float64)))


def chance_recall(y_query: Sequence[str] | np.ndarray, y_item: Sequence[str] | np.ndarray, k: int) -> float:
    """Recall at k of items in random order: 1 - C(N - n, k) / C(N, k) for a query with n right items, averaged.

    >>> round(chance_recall(["a"], ["a", "b", "b", "b"], 2), 3)
    0.5
    """
    y_item = np.asarray(y_item)
    classes, counts = np.unique(np.asarray(y_query), return_counts=True)
    missed = []
    for c in classes:
        n_wrong, j = int((y_item != c).sum()), np.arange(min(k, len(y_item)))
        missed.append(np.prod(np.maximum(n_wrong - j, 0) / (len(y_item) - j)))  # k wrong ones in a row
    return float(np.average(1 - np.array(missed), weights=counts))


@dataclass(frozen=True)
class Retrieval:
    """What one direction of retrieval came to.

    Parameters
    ----------
    ranks : np.ndarray [shape=(Q,), int64], of the first hit, 1 for the top.
    y_query, y_item : classes of queries and items.
    """

    ranks: np.ndarray
    y_query: np.ndarray
    y_item: np.ndarray

    @staticmethod
    def of(
        queries: np.ndarray,
        items: np.ndarray,
        y_query: Sequence[str] | np.ndarray,
        y_item: Sequence[str] | np.ndarray,
    ) -> Retrieval:
        """Let embeddings (Q, E) ask among embeddings (N, E)."""
        ranks = first_hits(cosine_scores(queries, items), y_query, y_item)
        return Retrieval(ranks, np.asarray(y_query), np.asarray(y_item))

    def recall(self, k: int = 1) -> float:
        """Share of queries with a hit among the first k."""
        return recall_at_k(self.ranks, k)

    def interval(self, k: int = 1) -> Interval:
        """95 % interval of `recall`, as if queries were independent; those of one speaker are not."""
        return wilson_interval(int((self.ranks <= k).sum()), len(self.ranks))

    def chance(self, k: int = 1) -> float:
        """Recall of items in random order."""
        return chance_recall(self.y_query, self.y_item, k)

    def to_dict(self, ks: Sequence[int] = (1, 5, 10)) -> dict[str, float]:
        """Return the usual numbers by name."""
        found = {f"recall@{k}": self.recall(k) for k in ks}
        return {**found, "median_rank": median_rank(self.ranks), "mrr": mean_reciprocal_rank(self.ranks)}


def both_ways(
    embeddings: Mapping[Modality, np.ndarray], y: Mapping[Modality, Sequence[str] | np.ndarray]
) -> dict[str, Retrieval]:
    """Retrieval in both directions: {"audio -> image": Retrieval, "image -> audio": Retrieval}."""
    one, other = sorted(embeddings)
    return {
        f"{a} -> {b}": Retrieval.of(embeddings[a], embeddings[b], y[a], y[b]) for a, b in ((one, other), (other, one))
    }


def name_by_other_side(
    queries: np.ndarray, items: np.ndarray, y_item: Sequence[str] | np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Zero-shot classes: name queries of one modality by labelled examples of the other.

    A class is the mean direction of its items, as a prompt's embedding is in CLIP. No query was ever labelled.

    Parameters
    ----------
    queries : (Q, E). items : (N, E), of the other modality, with classes y_item (N,).

    Returns
    -------
    cosines : (Q, C) of each query with each class.
    classes : C names, in the order of the columns.
    """
    labels = np.asarray(y_item, dtype=str)
    classes = tuple(np.unique(labels).tolist())
    unit = _unit(items)
    means = np.stack([unit[labels == c].mean(axis=0) for c in classes])  # (C, E)
    return cosine_scores(queries, means), classes


def _unit(rows: np.ndarray) -> np.ndarray:
    rows = np.asarray(rows, dtype=np.float64)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
