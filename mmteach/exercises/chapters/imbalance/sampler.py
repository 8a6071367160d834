"""Draw the rows of an epoch so that every class comes equally often."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_sampler(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N,) classes of all rows, (n,) numbers of the training rows -> (n,) numbers of the rows drawn."""
    counts = np.bincount(y[train])
    weights = 1 / counts[y[train]]  # (n,), one for each training row
    return rng.choice(train, size=len(train), p=weights / weights.sum())


def _weighed(rows: np.ndarray, weights: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(rows, size=n, p=weights / weights.sum())


def _before_the_split(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _weighed(np.arange(len(y)), 1 / np.bincount(y)[y], len(train), rng)


def _by_n(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _weighed(train, np.bincount(y[train])[y[train]], len(train), rng)


def _every_row_alike(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(train, size=len(train))


def _shuffled(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(train)


def _thrown_away(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    classes, counts = np.unique(y[train], return_counts=True)
    return np.concatenate([rng.choice(train[y[train] == c], counts.min(), replace=False) for c in classes])


def _counts_of_all(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _weighed(train, 1 / np.bincount(y)[y[train]], len(train), rng)


def _places(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _weighed(np.arange(len(train)), 1 / np.bincount(y[train])[y[train]], len(train), rng)


def _own_dice(y: np.ndarray, train: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    weights = 1 / np.bincount(y[train])[y[train]]
    return np.random.choice(train, len(train), p=weights / weights.sum())  # noqa: NPY002 - this is the mistake


def _told(answer: Answer, y: np.ndarray, train: np.ndarray, number: int) -> Any:
    """What can be said of rows drawn at random, whoever draws them."""
    rows = answer(y, train, np.random.default_rng(number))
    if rows is None or rows is ...:
        return rows
    again = answer(y, train, np.random.default_rng(number))
    rows = np.asarray(rows)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows) or rows.min() < 0 or rows.max() >= len(y):
        return ["these are not row numbers from 0 to N - 1"]
    told = [
        (len(rows) < len(train), "fewer than n rows"),
        (len(rows) > len(train), "more than n rows"),
        (not np.isin(rows, train).all(), "rows of the test part are among them"),
        (len(train) > 1 and len(np.unique(rows)) == len(rows), "no row comes twice"),
        (not np.array_equal(rows, again), "the same generator gave other rows"),
    ]
    shares = [(c, _how_often(y, train, rows, c)) for c in np.unique(y)]
    found = [text for no, text in told if no] + [f"class {c} comes {text}" for c, text in shares if text]
    return found or ["as asked: n training rows, every class as often as the others"]


def _how_often(y: np.ndarray, train: np.ndarray, rows: np.ndarray, c: int) -> str:
    share, natural, n_classes = np.mean(y[rows] == c), np.mean(y[train] == c), len(np.unique(y[train]))
    if not natural:
        return "though no training row has it" if share else ""
    if abs(share - 1 / n_classes) < 0.08:  # of 1000 rows and more: five standard deviations
        return ""
    if abs(share - natural) < 0.08:
        return "as often as in the training part"
    return "too seldom" if share < 1 / n_classes else "too often"


def _split(rng: np.random.Generator, train: list[int], others: list[int]) -> tuple[np.ndarray, np.ndarray, int]:
    """Make rows in any order, so many of each class in the training part and so many outside it."""
    counts = [*train, *others]
    order = rng.permutation(sum(counts))
    y = np.repeat([*range(len(train)), *range(len(others))], counts)[order]
    return y, np.flatnonzero(order < sum(train)), int(rng.integers(1000))


SAMPLER = Exercise(
    id="imbalance.sampler",
    title="Draw evenly",
    minutes=15,
    task="""Write `my_sampler(y, train, rng)`: draw the rows of one epoch so that every class is expected equally
often. `y`, `(N,)`, holds the class of each row of the table, `train`, `(n,)`, the *numbers* of the rows in the
training part; all other rows belong to the test. Return n row numbers

- of the training part alone;
- drawn with replacement, with weights $1 / n_c$, where $n_c$ is the number of *training* rows of that row's class.
  Rare rows will come several times, some frequent ones not at all;
- from the numpy generator `rng` that was passed in: the same generator gives the same rows again.

A class that has no row in the training part cannot be drawn.""",
    starter='''def my_sampler(y, train, rng):
    """(N,) classes of all rows, (n,) numbers of the training rows -> (n,) numbers of the rows drawn."""
    counts = ...  # of each class
    weights = ...  # (n,), one for each training row
    return ...
''',
    hints=(
        "`y[train]` are the classes of the training rows. Nothing else of `y` is needed.",
        "`np.bincount(y[train])` counts the classes; `counts[y[train]]` looks up, for each training row, how many "
        "there are of its class.",
        "`rng.choice(train, size=..., p=...)` draws from the entries of `train`, with replacement; its probabilities "
        "`p` must sum to 1.",
    ),
    checks=(
        Check(
            "Every class comes equally often, rare ones several times.",
            lambda rng: [_split(rng, [900, 300], [300, 100]), _split(rng, [100, 1000, 400], [20, 200, 80])],
            observe=_told,
            points=2,
        ),
        Check(
            "No row of the test part is drawn, and none of its labels counts.",
            lambda rng: [_split(rng, [960, 240], [240, 960]), _split(rng, [200, 800], [800, 200])],
            observe=_told,
            points=2,
        ),
        Check(
            "It holds where the training part is one row, or lacks a class.",
            lambda rng: [_split(rng, [0, 1], [2, 2]), _split(rng, [900, 0, 200], [10, 60, 10])],
            observe=_told,
        ),
        Check(
            "It holds for eight classes.",
            lambda rng: [_split(rng, [*rng.integers(100, 500, 8)], [*rng.integers(0, 300, 8)])],
            observe=_told,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "resampling before the split",
            "Evenly drawn, but from all rows: the model now trains on rows of the test part, and the test asks what "
            "it has learnt by heart. Split first; everything that repeats or makes up samples looks at the training "
            "part alone.",
            _before_the_split,
        ),
        Mistake(
            "weights by n",
            "Each row's weight is the number of its class, so that the frequent class is drawn even more often than "
            "before. A row of a rare class should have the larger weight.",
            _by_n,
        ),
        Mistake(
            "every row alike",
            "Drawn with replacement, but every row equally likely: then every *class* is as frequent as before. The "
            "weights take no part yet.",
            _every_row_alike,
        ),
        Mistake(
            "shuffled only",
            "Each row comes exactly once, in another order. Drawing all n of n rows without replacement leaves the "
            "weights no choice: rows must be allowed to come again.",
            _shuffled,
        ),
        Mistake(
            "frequent classes cut down",
            "Even, but by throwing rows away: only as many of each class are left as the rarest one has, and the "
            "epoch is shorter. With 100 calm voices for each angry one nearly all of the calm ones would be lost. "
            "Draw n, with replacement.",
            _thrown_away,
        ),
        Mistake(
            "counts of all rows",
            "Only training rows are drawn, but the weights come from the counts of the whole table, test labels "
            "included. Where the test part is mixed otherwise, the epoch is not even, and something of the test has "
            "leaked.",
            _counts_of_all,
        ),
        Mistake(
            "places instead of row numbers",
            "Drawn were places *within* `train`, from 0 to n - 1, but they are used as row numbers of the whole "
            "table. Other rows stand there, of the test part too. Hand back entries of `train`.",
            _places,
        ),
        Mistake(
            "dice of its own",
            "The drawing is right, but it does not use `rng`: the same generator gives other rows each time, and "
            "nobody can repeat the run. Use the methods of the generator that was passed in.",
            _own_dice,
        ),
    ),
    reference=my_sampler,
    reading=("mmteach.train.balanced_order", "imbalanced-learn: Common pitfalls and recommended practices."),
)
