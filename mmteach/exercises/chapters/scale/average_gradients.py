"""The gradient of all samples, from those of unequal parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_average_gradients(gradients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(W, P) gradients of the W processes' mean losses, (W,) their samples -> (P,) that of the mean over all."""
    some = counts > 0
    return (counts[some, None] * gradients[some]).sum(axis=0) / counts.sum()


def _mean_of_means(gradients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return gradients[counts > 0].mean(axis=0)


def _added(gradients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return gradients[counts > 0].sum(axis=0)


def _by_world(gradients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    some = counts > 0
    return (counts[some, None] * gradients[some]).sum(axis=0) / len(counts)


def _nothing_spoils(gradients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return (counts[:, None] * gradients).sum(axis=0) / counts.sum()


def _the_fewer_the_more(gradients: np.ndarray, counts: np.ndarray) -> np.ndarray:
    some = counts > 0
    weights = 1 / counts[some]
    return (weights[:, None] * gradients[some]).sum(axis=0) / weights.sum()


def _drawn(rng: np.random.Generator, p: int, counts: list[int]) -> tuple[Any, ...]:
    """Gradients of parts; of a part without samples, what a mean over nothing gives."""
    gradients = rng.normal(size=(len(counts), p))
    gradients[np.array(counts) == 0] = np.nan
    return gradients, np.array(counts)


AVERAGE_GRADIENTS = Exercise(
    id="scale.average_gradients",
    title="A mean of means is not the mean",
    minutes=10,
    task="""Each of W processes has computed the gradient of the *mean* loss of its own samples. `gradients`, `(W, P)`,
holds them, a row for each process; `counts`, `(W,)`, says how many samples each had. Write
`my_average_gradients(gradients, counts)`, which returns the gradient `(P,)` of the mean loss of *all* samples, exactly
as one process would get it that has them all.

The last batch of an epoch is seldom full: parts are unequal, and a process may have had no sample at all. Then its
count is 0, and its gradient holds NaN, since the mean over nothing is no number. At least one process has samples.""",
    starter='''def my_average_gradients(gradients, counts):
    """(W, P) gradients of the W processes' mean losses, (W,) their samples -> (P,) that of the mean over all."""
    some = ...  # (W,) bool, who had samples at all
    return ...
''',
    hints=(
        "The mean of [1, 2, 3] and [10] together is 4. The means of the two are 2 and 10. How do you get from these to "
        "4?",
        "Each mean times its count is a sum again. Sums can be added, and divided by how many there were.",
        "`0 * nan` is NaN: rows without samples have to be left out before anything is multiplied. "
        "`gradients[counts > 0]` picks the others.",
    ),
    checks=(
        Check(
            "Equal parts count alike.",
            lambda rng: [_drawn(rng, 3, [4, 4]), _drawn(rng, 2, [2, 2, 2])],
        ),
        Check(
            "A larger part counts more.",
            lambda rng: [_drawn(rng, 4, [16, 3]), _drawn(rng, 1, [1, 5, 2]), _drawn(rng, 3, [7, 8, 9, 1])],
            points=2,
        ),
        Check(
            "Who had no sample has no say.",
            lambda rng: [_drawn(rng, 3, [6, 0]), _drawn(rng, 2, [0, 5, 5])],
            points=2,
        ),
        Check(
            "It holds for many processes, some of them idle.",
            lambda rng: [_drawn(rng, 20, [3, 0, 9, 1, 0, 0, 30, 2])],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "the mean of means",
            "Every process counts the same, so a sample in a small part counts more than one in a large part: the last "
            "batch of each epoch pulls in its own direction. This is what DistributedDataParallel does by itself; the "
            "counts have to come in.",
            _mean_of_means,
        ),
        Mistake(
            "added, not averaged",
            "The gradients are added up. Every process more makes the step longer, as if the learning rate had been "
            "raised. What would one process with all samples divide by?",
            _added,
        ),
        Mistake(
            "divided by the number of processes",
            "Weighed by the counts, and then divided by how many processes there are. What was added up is a sum over "
            "samples: divide by those.",
            _by_world,
        ),
        Mistake(
            "nothing spoils everything",
            "One process without samples, and every number is NaN: 0 times NaN is not 0. Leave such rows out before "
            "you multiply.",
            _nothing_spoils,
        ),
        Mistake(
            "the fewer, the more",
            "Each part is weighed by one over its count. That is a remedy for rare classes; here a mean of few samples "
            "shall count *less*.",
            _the_fewer_the_more,
        ),
    ),
    reference=my_average_gradients,
    reading=("mmteach.train.Share.weigh", "Li and others 2020, VLDB 13(12), on DistributedDataParallel."),
)
