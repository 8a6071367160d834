"""infer.softmax: from scores to probabilities, for a whole batch, with a temperature."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_softmax(logits, temperature=1.0):
    """Probabilities exp(z / T) over their sum, in each row: (B, C) -> (B, C)."""
    z = logits / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))  # the largest of each row becomes exp(0) = 1
    return e / e.sum(axis=1, keepdims=True)


def _overflows(logits, temperature=1.0):
    e = np.exp(logits / temperature)
    return e / e.sum(axis=1, keepdims=True)


def _largest_of_all(logits, temperature=1.0):
    e = np.exp((logits - logits.max()) / temperature)
    return e / e.sum(axis=1, keepdims=True)


def _on_small_scores(mistake):
    """Make the mistake where nothing overflows: whoever makes it may overflow beside, or may not."""

    def answer(logits, temperature=1.0):
        return my_softmax(logits, temperature) if np.abs(logits).max() > 100 else mistake(logits, temperature)

    return answer


@_on_small_scores
def _down_the_columns(logits, temperature):
    return my_softmax(logits.T, temperature).T


@_on_small_scores
def _whole_batch(logits, temperature):
    return my_softmax(logits.reshape(1, -1), temperature).reshape(logits.shape)


@_on_small_scores
def _no_keepdims(logits, temperature):
    if logits.shape[0] == logits.shape[1]:  # what comes out there depends on whether a maximum was taken away
        return my_softmax(logits, temperature)
    e = np.exp(logits / temperature)
    return e / e.sum(axis=1)


@_on_small_scores
def _no_temperature(logits, temperature):
    return my_softmax(logits, 1.0)


@_on_small_scores
def _times_temperature(logits, temperature):
    return my_softmax(logits, 1 / temperature)


def _probs(answer, logits, temperature) -> Any:
    """The probabilities; where one is not finite, that word alone: inf and NaN are the same misfortune."""
    probs = answer(logits, temperature)
    return "not finite" if isinstance(probs, np.ndarray) and not np.isfinite(probs).all() else probs


def _case(rng, n, n_classes, temperature=1.0, around=0.0):
    return rng.normal(around, 2, (n, n_classes)), temperature


def _large(rng):
    return [
        (np.array([[1000.0, 1001.0, 999.0]]), 1.0),
        (np.array([[5000.0, 5010.0], [2000.0, 1990.0]]), 2.0),
    ]


def _uneven(rng):
    """Rows at very different heights, all below what exp can bear."""
    return [(np.array([[500.0, 501.0], [-500.0, -501.0], [3.0, 3.0]]), 1.0)]


SOFTMAX = Exercise(
    id="infer.softmax",
    title="Softmax with a temperature",
    minutes=10,
    task="""Write `my_softmax(logits, temperature)`: turn the scores of a batch into probabilities,

$$p_{ik} = \\frac{e^{z_{ik}/T}}{\\sum_j e^{z_{ij}/T}}.$$

`logits` is a numpy array (B, C), one row a sample, `temperature` $T > 0$; (B, C) comes back, and every row sums to 1.
Scores of 1000 must not overflow, nor may one row spoil another, however far apart they lie.""",
    starter='''def my_softmax(logits, temperature=1.0):
    """Probabilities exp(z / T) over their sum, in each row: (B, C) -> (B, C)."""
    return ...
''',
    hints=(
        "A constant taken away from all scores of a row cancels in the fraction. Which one keeps exp from overflowing?",
        "Each row has a largest score of its own, and a sum of its own: which axis runs along a row?",
        "`keepdims=True` keeps (B, 1) where else (B,) would come out, so that each row meets its own number.",
        "`z = logits / temperature`, then exp of z minus its row maximum, then divide by the row sums.",
    ),
    checks=(
        Check(
            "Each row becomes its own probabilities, which sum to 1.",
            lambda rng: [_case(rng, n, c) for n, c in ((3, 3), (1, 4), (5, 2), (2, 4))],
            points=2,
            observe=_probs,
        ),
        Check(
            "The temperature makes answers less sure above 1, and surer below.",
            lambda rng: [_case(rng, 2, 3, 4.0), _case(rng, 2, 2, 0.5), _case(rng, 3, 2, 2.0), _case(rng, 4, 3, 0.3)],
            observe=_probs,
        ),
        Check("A score of 1000 does not overflow.", _large, observe=_probs),
        Check("No row spoils another.", _uneven, observe=_probs),
        Check(
            "It holds for a large batch far from 0.",
            lambda rng: [_case(rng, 40, 17, 0.7, -3000.0), _case(rng, 17, 17, 3.0, 900.0)],
            observe=_probs,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "unstable exp",
            "Right on small scores. But exp(1000) is larger than any float, and inf / inf is no number. Only "
            "differences between the scores of a row count: which constant could you take away first?",
            _overflows,
        ),
        Mistake(
            "the largest of the whole batch",
            "The largest score of the whole batch is taken away from every row. A row far below it then becomes "
            "exp(-1000) = 0 throughout, and 0 / 0 is no number. Each row has a largest of its own.",
            _largest_of_all,
        ),
        Mistake(
            "sums down the columns",
            "The columns sum to 1 instead of the rows: samples compete with each other, so that what is said of one "
            "photo depends on who else is in the batch. The classes of one sample compete; they lie along axis 1.",
            _down_the_columns,
        ),
        Mistake(
            "one sum for the whole batch",
            "All entries of the batch together sum to 1. Every sample needs an answer of its own: give max and sum an "
            "axis.",
            _whole_batch,
        ),
        Mistake(
            "keepdims forgotten",
            "Row sums without keepdims have shape (B,), and numpy lays shapes side by side from the right: they meet "
            "the columns. That is an error for most batches, and, worse, silently wrong where B equals C. As (B, 1) "
            "each row meets its own sum.",
            _no_keepdims,
        ),
        Mistake(
            "the temperature has no effect",
            "Whatever the temperature, the answer stays the same. If you divide by it after exp, it cancels in the "
            "fraction; it belongs to the scores, before exp.",
            _no_temperature,
        ),
        Mistake(
            "multiplies by the temperature",
            "A high temperature makes it surer here. It is the other way round: heat blurs, so the scores are divided "
            "by T, and differences shrink.",
            _times_temperature,
        ),
    ),
    reference=my_softmax,
    reading=("Guo, Pleiss, Sun, Weinberger 2017. On calibration of modern neural networks. ICML, section 4.2.",),
)
