"""Was it among the first k? How retrieval is measured."""

from __future__ import annotations

import functools

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_recall_at_k(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    """(Q, N) scores, classes (Q,) and (N,) -> share of queries with an item of their class among the k best."""
    right = y_query[:, None] == y_item[None, :]  # (Q, N)
    best_right = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    n_before = (~right & (scores >= best_right)).sum(axis=1)  # wrong ones that stand before it; ties among them
    return np.mean(n_before < k)


def _without_ties(mistake: Answer) -> Answer:
    """Make the mistake where no two scores are equal: whoever makes it may mistreat ties beside, or may not."""

    @functools.wraps(mistake)
    def answer(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
        ties = any(len(np.unique(row)) < len(row) for row in scores)
        return (my_recall_at_k if ties else mistake)(scores, y_query, y_item, k)

    return answer


def _top(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> np.ndarray:
    """Whether each of the k best is of the query's class: (Q, k) bool."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return y_item[order] == y_query[:, None]


@_without_ties
def _precision(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores, y_query, y_item, k).mean()


@_without_ties
def _share_of_right_ones(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    n_right = (y_query[:, None] == y_item).sum(axis=1)
    return (_top(scores, y_query, y_item, k).sum(axis=1) / n_right).mean()


@_without_ties
def _all_of_them(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores, y_query, y_item, k).all(axis=1).mean()


@_without_ties
def _one_more(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores, y_query, y_item, k + 1).any(axis=1).mean()


@_without_ties
def _one_less(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores, y_query, y_item, k - 1).any(axis=1).mean()


@_without_ties
def _only_the_kth(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores, y_query, y_item, k)[:, -1].mean()


@_without_ties
def _worst_first(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(-scores, y_query, y_item, k).any(axis=1).mean()


@_without_ties
def _items_ask(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores.T, y_item, y_query, k).any(axis=1).mean()


@_without_ties
def _own_pair(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    return _top(scores, np.arange(len(y_query)), np.arange(len(y_item)), k).any(axis=1).mean()


def _ties_for_us(scores: np.ndarray, y_query: np.ndarray, y_item: np.ndarray, k: int) -> float:
    right = y_query[:, None] == y_item
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    return np.mean((~right & (scores > best)).sum(axis=1) < k)


def _drawn(rng: np.random.Generator, n_queries: int, n_items: int, n_classes: int, k: int) -> tuple:
    """Scores without ties; every class has an item, and some have several."""
    y_item = rng.permutation(np.arange(n_items) % n_classes)
    y_query = rng.integers(0, n_classes, n_queries)
    scores = rng.permuted(np.linspace(-0.9, 0.9, n_queries * n_items)).reshape(n_queries, n_items)
    return np.round(scores + 0.1 * (y_query[:, None] == y_item), 4), y_query, y_item, k


def _first_hit_at(rng: np.random.Generator, ranks: tuple[int, ...], n_items: int, k: int) -> tuple:
    """Queries of class 1, whose first hit comes at these ranks, each followed by a second hit."""
    scores = np.stack([rng.permutation(np.linspace(0.95, 0.05, n_items)) for _ in ranks])
    y_item = np.zeros(n_items, dtype=int)
    y_item[:2] = 1
    for row, rank in zip(
        scores, ranks, strict=True
    ):  # exchange, so that the two right items stand at rank and rank + 1
        for item, place in ((0, rank - 1), (1, rank)):
            order = np.argsort(-row)
            row[[item, order[place]]] = row[[order[place], item]]
    return scores, np.ones(len(ranks), dtype=int), y_item, k


def _tied(rng: np.random.Generator, n_queries: int, n_wrong: int, k: int) -> tuple:
    """A model that says the same of everything; right items lie at both ends, so that no order of items hides it."""
    y_item = np.array([1, *[0] * n_wrong, 1])
    scores = np.repeat(rng.uniform(-0.9, 0.9, (n_queries, 1)), len(y_item), axis=1)
    return scores, np.ones(n_queries, dtype=int), y_item, k


RECALL_AT_K = Exercise(
    id="contrast.recall_at_k",
    title="Among the first k",
    minutes=15,
    task="""A sound asks for pictures. `scores`, `(Q, N)`, says how alike each of Q queries is to each of N items;
`y_query`, `(Q,)`, and `y_item`, `(N,)`, are their classes. Every query's class has at least one item.

Write `my_recall_at_k(scores, y_query, y_item, k)`: the share of queries for which *at least one* item of their own
class is among the k items with the highest scores. `k` is 1 or more, and may be larger than N.

**Ties count against us**: of items with equal scores, those of another class come first. Else a model that gives
everything the same score would be as good as the order in which the items happen to lie.""",
    starter='''def my_recall_at_k(scores, y_query, y_item, k):
    """(Q, N) scores, classes (Q,) and (N,) -> share of queries with an item of their class among the k best."""
    right = ...  # (Q, N) bool: which items would be a hit
    return ...
''',
    hints=(
        "`y_query[:, None] == y_item[None, :]` compares everybody with everybody.",
        "You need no sorting: the first hit is the *best* right item. How many wrong ones stand before it?",
        "`np.where(right, scores, -np.inf).max(axis=1, keepdims=True)` is the score of the best right item.",
        "Wrong items with that score or more stand before it; there is a hit where fewer than k of them do.",
    ),
    checks=(
        Check(
            "A query counts if an item of its class is among its k best.",
            lambda rng: [
                _drawn(rng, 6, 6, 3, 1),
                _drawn(rng, 7, 9, 3, 2),
                _drawn(rng, 5, 8, 4, 3),
                _drawn(rng, 8, 8, 4, 2),
            ],
            points=2,
        ),
        Check(
            "A first hit at rank k counts, one at rank k + 1 does not.",
            lambda rng: [
                _first_hit_at(rng, (1, 2, 3, 4, 6), 9, 3),
                _first_hit_at(rng, (1, 2, 2, 5), 7, 1),
                _first_hit_at(rng, (2, 3, 3, 3), 6, 2),
            ],
            points=2,
        ),
        Check(
            "Where k reaches down to the last item, everybody finds something.",
            lambda rng: [_drawn(rng, 3, 4, 2, 4), _drawn(rng, 2, 3, 3, 9)],
        ),
        Check(
            "Of equal scores the wrong ones come first.",
            lambda rng: [_tied(rng, 3, 2, 1), _tied(rng, 4, 3, 2)],
            points=2,
        ),
        Check(
            "It holds for many queries, classes and ties.",
            lambda rng: [
                (
                    np.round(rng.normal(size=(60, 90)), 1),
                    rng.integers(0, 10, 60),
                    rng.permutation(np.arange(90) % 10),
                    4,
                ),
                (np.zeros((10, 20)), np.arange(10), np.arange(20) % 10, 18),
                (np.zeros((10, 20)), np.arange(10), np.arange(20) % 10, 19),
            ],
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "precision, not recall",
            "That is precision at k: how many of the k are right. Who looks for one picture of a seven is content with "
            "the first; recall at k asks for each query whether anything was found, yes or no.",
            _precision,
        ),
        Mistake(
            "share of the right items",
            "That is the share of all right items that were found. With fifty sevens in the gallery and k = 1 it could "
            "never pass 1 in 50. Here a query is answered when it has one hit.",
            _share_of_right_ones,
        ),
        Mistake(
            "all must be right",
            "A query counts here only if *all* of its first k are of its class, so a larger k makes it harder. One hit "
            "is enough.",
            _all_of_them,
        ),
        Mistake(
            "one rank too many",
            "One item too many is looked at. If ranks are counted from 0, rank k is already the one after the last: "
            "the first k are 0 to k - 1.",
            _one_more,
        ),
        Mistake(
            "one rank too few",
            "One item too few is looked at: with k = 1 nothing is ever found. The item at rank k still belongs to the "
            "first k.",
            _one_less,
        ),
        Mistake(
            "only the one at rank k",
            "Only the item at rank k is looked at, not the k items down to it.",
            _only_the_kth,
        ),
        Mistake(
            "least alike first",
            "`argsort` puts the smallest score first, and these are the items *least* alike. A high cosine means near.",
            _worst_first,
        ),
        Mistake(
            "items ask",
            "The columns were ranked: for each item the queries. That is retrieval in the other direction, from "
            "pictures to sounds. A query is a row.",
            _items_ask,
        ),
        Mistake(
            "the diagonal alone",
            "A hit was counted only where query i found item i. In training these were pairs; in a test any item of "
            "the same class is right, and there may be more items than queries.",
            _own_pair,
        ),
        Mistake(
            "ties for us",
            "Right, as long as no two scores are equal. With ties the right ones came first, or as they happened to "
            "lie: a model that says the same of everything would look good. Wrong ones with an equal score stand "
            "before.",
            _ties_for_us,
        ),
    ),
    reference=my_recall_at_k,
    reading=(
        "show_source(mmteach.infer.first_hits)",
        "Manning, Raghavan, Schütze 2008. Introduction to information retrieval, chapter 8.",
    ),
)
