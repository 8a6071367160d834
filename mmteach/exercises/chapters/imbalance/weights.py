"""How much a sample of a rare class counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_weights(y: np.ndarray, beta: float) -> np.ndarray:
    """(N,) class indices -> (C,) weights, 1 over the effective number of each class, which sum to C."""
    counts = np.bincount(y)
    weights = (1 - beta) / (1 - beta**counts)
    return weights * len(weights) / weights.sum()


def _by_n(y: np.ndarray, beta: float) -> np.ndarray:
    counts = np.bincount(y)
    return counts * len(counts) / counts.sum()


def _upside_down(y: np.ndarray, beta: float) -> np.ndarray:
    effective = (1 - beta ** np.bincount(y)) / (1 - beta)
    return effective * len(effective) / effective.sum()


def _one_over_n(y: np.ndarray, beta: float) -> np.ndarray:
    weights = 1 / np.bincount(y)
    return weights * len(weights) / weights.sum()


def _sum_to_one(y: np.ndarray, beta: float) -> np.ndarray:
    weights = (1 - beta) / (1 - beta ** np.bincount(y))
    return weights / weights.sum()


def _not_scaled(y: np.ndarray, beta: float) -> np.ndarray:
    return (1 - beta) / (1 - beta ** np.bincount(y))


def _by_frequency(y: np.ndarray, beta: float) -> np.ndarray:
    counts = np.array(sorted(np.bincount(y), reverse=True))
    weights = (1 - beta) / (1 - beta**counts)
    return weights * len(weights) / weights.sum()


def _as_they_come(y: np.ndarray, beta: float) -> np.ndarray:
    counts = np.array(list(Counter(y.tolist()).values()))
    weights = (1 - beta) / (1 - beta**counts)
    return weights * len(weights) / weights.sum()


def _for_each_sample(y: np.ndarray, beta: float) -> np.ndarray:
    return my_weights(y, beta)[y]


def _labels(rng: np.random.Generator, *counts: int) -> np.ndarray:
    """Labels with so many of each class, in any order, but the last class first."""
    y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    last = int(np.flatnonzero(y == len(counts) - 1)[0])
    y[0], y[last] = y[last], y[0]
    return y


def _in_proportion(answer: Answer, y: np.ndarray, beta: float) -> Any:
    """Look at the weights as if they were scaled: somebody may have mixed up two things at once."""
    weights = answer(y, beta)
    if weights is None or weights is ...:
        return weights
    numbers = np.asarray(weights, dtype=float)
    return {"weights / their mean": numbers / numbers.mean()}


def _sum(answer: Answer, y: np.ndarray, beta: float) -> Any:
    weights = answer(y, beta)
    return weights if weights is None or weights is ... else {"sum of the weights": float(sum(weights))}


WEIGHTS = Exercise(
    id="imbalance.weights",
    title="What a rare sample weighs",
    minutes=10,
    task="""Of 1000 voices 990 are calm. A model that always says "calm" is right in 99 % of cases, and useless. One
remedy: let each angry sample count more. Write `my_weights(y, beta)`, the class-balanced weights: class $c$ with
$n_c$ samples weighs

$$w_c = \\frac{1 - \\beta}{1 - \\beta^{n_c}}$$

scaled at the end so that the weights *sum to the number of classes C*. `y`, `(N,)`, holds class indices 0 to C - 1,
each at least once; return `(C,)`, the weight of class 0 first. `beta` is at least 0 and less than 1: with 0 all
weigh the same, and towards 1 the weights become proportional to $1 / n_c$.""",
    starter='''def my_weights(y, beta):
    """(N,) class indices -> (C,) weights, 1 over the effective number of each class, which sum to C."""
    counts = ...  # (C,)
    weights = ...
    return ...
''',
    hints=(
        "`np.bincount(y)` counts how often 0, 1, 2 and so on come, in this order.",
        "numpy calculates with all classes at once: `beta**counts` raises beta to each of the counts.",
        "To make numbers sum to C: divide them by their sum, then multiply by C, `len(counts)`.",
    ),
    checks=(
        Check(
            "The weights stand in the proportion of 1 over the effective numbers.",
            lambda rng: [
                (_labels(rng, 30, 10), 0.9),
                (_labels(rng, 4, 25, 9), 0.99),
                (_labels(rng, 1, 2, 50, 7), 0.5),
                (_labels(rng, 6, 6, 1), 0.999),
            ],
            points=2,
            observe=_in_proportion,
        ),
        Check(
            "With beta 0 all classes weigh the same.",
            lambda rng: [(_labels(rng, 3, 20), 0.0), (_labels(rng, 1, 5, 9), 0.0)],
            observe=_in_proportion,
        ),
        Check(
            "With beta nearly 1 a class with a third of the samples weighs three times as much.",
            lambda rng: [(_labels(rng, 10, 30), 1 - 1e-8), (_labels(rng, 12, 4, 36), 1 - 1e-8)],
            observe=_in_proportion,
        ),
        Check(
            "They sum to the number of classes.",
            lambda rng: [(_labels(rng, 20, 5), 0.9), (_labels(rng, 3, 8, 8, 1, 2), 0.99), (_labels(rng, 4, 1, 6), 0.0)],
            observe=_sum,
        ),
        Check(
            "It holds for many classes, and for one.",
            lambda rng: [(_labels(rng, *rng.integers(1, 90, 12)), 0.97), (_labels(rng, 5), 0.9)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "weights by n",
            "The more samples a class has, the more it weighs here, so the frequent class counts twice: by its "
            "number and by its weight. What should a class weigh of which there is hardly anything?",
            _by_n,
        ),
        Mistake(
            "upside down",
            "That is the effective number of samples itself: rare classes weigh least. A weight is 1 over it.",
            _upside_down,
        ),
        Mistake(
            "1 / n whatever beta",
            "Rare classes do weigh more, but `beta` changes nothing: this is the limit towards 1. With 0.9 the 50th "
            "sample of a class teaches hardly anything new, and the formula knows it.",
            _one_over_n,
        ),
        Mistake(
            "sum to 1",
            "The weights stand in the right proportion, but sum to 1. The loss, and with it each step, would be C "
            "times smaller: it would look as if somebody had lowered the learning rate. Let them sum to C.",
            _sum_to_one,
        ),
        Mistake(
            "not scaled",
            "The formula is right; the last step is missing. As they are, the weights shrink when beta grows, and "
            "the learning rate would have to be found anew for each beta. Scale them so that they sum to C.",
            _not_scaled,
        ),
        Mistake(
            "by frequency",
            "The right weights in the wrong places: they are sorted by frequency. A loss looks up `weights[class]`, "
            "so the weight of class 0 must stand first, however frequent it is.",
            _by_frequency,
        ),
        Mistake(
            "as they come",
            "The right weights in the wrong places: they stand in the order in which the classes happen to come "
            "first in `y`. A loss looks up `weights[class]`, so the weight of class 0 must stand first.",
            _as_they_come,
        ),
        Mistake(
            "one for each sample",
            "The weights are right, but handed out already, one for each sample. A loss wants one for each class, "
            "and looks up those of the samples itself.",
            _for_each_sample,
        ),
    ),
    reference=my_weights,
    reading=("mmteach.train.effective_weights", "Cui, Jia, Lin, Song, Belongie 2019, CVPR, equation 2."),
)
