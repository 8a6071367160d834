"""contrast.recall_at_k, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _sorted_row(row, label, y_item):
    """Whether each item is right, best score first, of equals the wrong ones."""
    right = y_item == label
    return right[np.lexsort((right, -row))]


def _query_by_query(scores, y_query, y_item, k):
    found = 0
    for row, label in zip(scores, y_query, strict=True):
        found += bool(_sorted_row(row, label, y_item)[:k].any())
    return found / len(y_query)


def _by_rank(scores, y_query, y_item, k):
    ranks = [int(np.argmax(_sorted_row(*pair, y_item))) + 1 for pair in zip(scores, y_query, strict=True)]
    return float((np.array(ranks) <= k).mean())


def _a_little_less(scores, y_query, y_item, k):
    right = y_query.reshape(-1, 1) == y_item
    order = np.argsort(-(scores - 1e-9 * right), axis=1)
    return np.take_along_axis(right, order, axis=1)[:, :k].any(axis=1).mean()


def _with_torch(scores, y_query, y_item, k):
    z, right = torch.from_numpy(scores), torch.from_numpy(y_query[:, None] == y_item)
    best = z.masked_fill(~right, -torch.inf).amax(1, keepdim=True)
    return float((((z >= best) & ~right).sum(1) < k).double().mean())


def _mean_of(measure):
    """Average over queries what a measure says of the sorted hits."""

    def answer(scores, y_query, y_item, k):
        rows = zip(scores, y_query, strict=True)
        return float(np.mean([measure(_sorted_row(row, label, y_item), k) for row, label in rows]))

    return answer


def _plainly_sorted(scores, y_query, y_item, k):
    order = np.argsort(scores, axis=1)[:, ::-1]
    return (y_item[order[:, :k]] == y_query[:, None]).any(axis=1).mean()


def _other_way_round(scores, y_query, y_item, k):
    found = [np.isin(label, y_query[np.argsort(-column)[:k]]) for column, label in zip(scores.T, y_item, strict=True)]
    return float(np.mean(found))


def _pair_in_top(scores, y_query, y_item, k):
    return float(np.mean([i in np.argsort(-row)[:k] for i, row in enumerate(scores)]))


def _ascending(scores, y_query, y_item, k):
    return float(np.mean([label in y_item[np.argsort(row)[:k]] for row, label in zip(scores, y_query, strict=True)]))


def _unless_tied(wrong):
    def answer(scores, y_query, y_item, k):
        tied = any(len(set(row)) < len(row) for row in scores.tolist())
        return (_query_by_query if tied else wrong)(scores, y_query, y_item, k)

    return answer


RECALL_AT_K = Proof(
    right=(_query_by_query, _by_rank, _a_little_less, _with_torch),
    variants={
        "precision, not recall": _unless_tied(_mean_of(lambda hits, k: hits[:k].sum() / len(hits[:k]))),
        "share of the right items": _unless_tied(_mean_of(lambda hits, k: hits[:k].sum() / hits.sum())),
        "all must be right": _unless_tied(_mean_of(lambda hits, k: min(hits[:k]))),
        "one rank too many": _mean_of(lambda hits, k: np.flatnonzero(hits)[0] <= k),
        "one rank too few": _mean_of(lambda hits, k: np.flatnonzero(hits)[0] + 1 < k),
        "only the one at rank k": _unless_tied(_mean_of(lambda hits, k: hits[min(k, len(hits)) - 1])),
        "least alike first": _unless_tied(_ascending),
        "items ask": _unless_tied(_other_way_round),
        "the diagonal alone": _unless_tied(_pair_in_top),
        "ties for us": _plainly_sorted,
    },
)
