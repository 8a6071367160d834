"""How good is it, compared with what, and how sure are we?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from mmteach.errors import ParameterError

Labels: TypeAlias = Sequence[str] | np.ndarray


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


def accuracy(y_true: Labels, y_pred: Labels) -> float:
    """Share of right answers."""
    return float(np.mean(np.asarray(y_true) == np.asarray(y_pred)))


def wilson_interval(n_right: int, n: int) -> Interval:
    """95 % interval of a share, which behaves near 0 and 1 and for small n.

    It takes the n answers for independent; several photos of one person are not, so the truth is wider.

    References
    ----------
    Wilson 1927, Journal of the American Statistical Association 22.

    >>> [round(v, 3) for v in wilson_interval(196, 200)]
    [0.95, 0.992]
    """
    if not 0 <= n_right <= n or n == 0:
        raise ParameterError(f"{n_right} right of {n}; needs at least one answer, and no more right than there are")
    z = 1.959964
    p = n_right / n
    middle = p + z**2 / (2 * n)
    spread = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return Interval(
        max(0.0, float((middle - spread) / (1 + z**2 / n))), min(1.0, float((middle + spread) / (1 + z**2 / n)))
    )


def interval_over_seeds(values: Sequence[float], low: float = 0.0, high: float = 1.0) -> Interval:
    """95 % interval of the mean of a few independent runs (Student's t), within [low, high].

    Runs share samples, so they are not quite independent, and the truth is somewhat wider.

    >>> [round(v, 3) for v in interval_over_seeds([0.70, 0.72, 0.71, 0.69, 0.73])]
    [0.69, 0.73]
    """
    from scipy.stats import t

    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return Interval(low, high)  # one run tells nothing about how runs differ
    spread = float(t.ppf(0.975, n - 1) * np.std(values, ddof=1) / np.sqrt(n))
    return Interval(max(low, mean - spread), min(high, mean + spread))


def majority_accuracy(y_train: Labels, y_test: Labels) -> float:
    """Accuracy of always saying the most frequent class of training; ties go to the first in order."""
    names, counts = np.unique(np.asarray(y_train, dtype=str), return_counts=True)
    return accuracy(np.asarray(y_test, dtype=str), np.full(len(y_test), names[counts.argmax()]))


def confusion_matrix(y_true: Labels, y_pred: Labels, classes: Sequence[str]) -> np.ndarray:
    """Count what was said of what: row i the truth, column j the answer.

    Returns
    -------
    np.ndarray [shape=(C, C), int64]; a class that never occurs keeps its row of zeros.
    """
    index = {c: i for i, c in enumerate(classes)}
    unknown = sorted({str(c) for c in [*y_true, *y_pred]} - set(index))
    if unknown:
        raise ParameterError(f"{unknown[0]!r} is none of the {len(index)} classes: give the classes of the model")
    out = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(out, ([index[str(t)] for t in y_true], [index[str(p)] for p in y_pred]), 1)
    return out


def macro_f1(y_true: Labels, y_pred: Labels) -> float:
    """Mean over classes of F1 = 2 TP / (2 TP + FP + FN): every class counts the same, however rare."""
    classes = sorted({str(c) for c in [*y_true, *y_pred]})
    table = confusion_matrix(y_true, y_pred, classes)
    right = np.diag(table)
    return float(np.mean(2 * right / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)))


def mcnemar(a_right: np.ndarray, b_right: np.ndarray) -> float:
    """Exact two-sided p-value that two models, on the same samples, differ only by chance.

    Only samples on which one is right and the other wrong speak; under chance each way is a coin toss.

    Parameters
    ----------
    a_right, b_right : np.ndarray [shape=(N,), bool]

    References
    ----------
    McNemar 1947, Psychometrika 12.
    """
    from scipy.stats import binomtest

    only_a, only_b = int((a_right & ~b_right).sum()), int((b_right & ~a_right).sum())
    return 1.0 if only_a + only_b == 0 else float(binomtest(only_a, only_a + only_b, 0.5).pvalue)
