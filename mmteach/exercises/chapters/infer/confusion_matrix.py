"""infer.confusion_matrix: what was said of what."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_confusion_matrix(y_true, y_pred, n_classes, normalise=False):
    """Row i, column j: how often class i was called j, or with `normalise` which share of class i; (C, C)."""
    table = np.zeros((n_classes, n_classes))
    for truth, said in zip(y_true, y_pred, strict=True):
        table[truth, said] += 1
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1) if normalise else table


def _where_rows_have_sums(mistake):
    """Make the mistake where no row is empty or none is divided: whoever makes it may divide 0 by 0 beside, or not."""

    def answer(y_true, y_pred, n_classes, normalise=False):
        empty = len(np.unique(y_true)) < n_classes
        chosen = my_confusion_matrix if normalise and empty else mistake
        return chosen(y_true, y_pred, n_classes, normalise)

    return answer


@_where_rows_have_sums
def _transposed(y_true, y_pred, n_classes, normalise):
    return my_confusion_matrix(y_true, y_pred, n_classes, normalise).T


def _only_what_occurs(y_true, y_pred, n_classes, normalise=False):
    there = np.unique(np.concatenate([y_true, y_pred]))
    return my_confusion_matrix(y_true, y_pred, n_classes, normalise)[np.ix_(there, there)]


def _size_of_the_largest(y_true, y_pred, n_classes, normalise=False):
    size = max(max(y_true), max(y_pred)) + 1
    return my_confusion_matrix(y_true, y_pred, size, normalise)


@_where_rows_have_sums
def _by_column(y_true, y_pred, n_classes, normalise):
    table = my_confusion_matrix(y_true, y_pred, n_classes)
    return table / np.maximum(table.sum(axis=0), 1) if normalise else table


def _by_all(y_true, y_pred, n_classes, normalise=False):
    return my_confusion_matrix(y_true, y_pred, n_classes) / (len(y_true) if normalise else 1)


def _zero_by_zero(y_true, y_pred, n_classes, normalise=False):
    table = my_confusion_matrix(y_true, y_pred, n_classes)
    return table / table.sum(axis=1, keepdims=True) if normalise else table


@_where_rows_have_sums
def _counts_once(y_true, y_pred, n_classes, normalise):
    table = np.zeros((n_classes, n_classes))
    table[y_true, y_pred] += 1
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1) if normalise else table


def _case(rng, n, n_classes, normalise=False):
    """Answers that lean to the next class, so that rows and columns differ; every class occurs."""
    y = np.concatenate([np.arange(n_classes), rng.integers(0, n_classes, n)])
    said = np.where(rng.random(len(y)) < 0.5, y, (y + 1) % n_classes)
    said[:2] = 0
    return y, said, n_classes, normalise


def _missing(normalise):
    """Class 1 or the last never occurs, neither as truth nor as answer."""
    return [
        (np.array([0, 2, 2, 0, 2]), np.array([2, 2, 2, 0, 0]), 3, normalise),
        (np.array([0, 1, 1, 1]), np.array([1, 1, 1, 0]), 4, normalise),
    ]


CONFUSION_MATRIX = Exercise(
    id="infer.confusion_matrix",
    title="A confusion matrix",
    minutes=12,
    task="""Write `my_confusion_matrix(y_true, y_pred, n_classes, normalise=False)`. `y_true` and `y_pred` are arrays
(N,) of class indices from 0 to `n_classes - 1`. An array (C, C) comes back: **rows are the truth, columns the
answer**, so entry (i, j) counts how often class i was called j. A class that never occurs keeps its row and its
column, all zeros. With `normalise` each row is divided by its sum, so that the diagonal is the recall of each class;
a row of zeros stays a row of zeros.""",
    starter='''def my_confusion_matrix(y_true, y_pred, n_classes, normalise=False):
    """Row i, column j: how often class i was called j, or with `normalise` which share of class i; (C, C)."""
    table = np.zeros((n_classes, n_classes))
    ...
    return ...
''',
    hints=(
        "Go through the samples: each adds 1 to one cell. Which index comes first, and whose is it?",
        "A sum along axis 1 adds up a row; `keepdims=True` lets each row be divided by its own.",
        "`np.maximum(sums, 1)` leaves sums of counts as they are and makes 0 harmless.",
        "`for truth, said in zip(y_true, y_pred): table[truth, said] += 1`; then divide, if `normalise`.",
    ),
    checks=(
        Check(
            "Rows are the truth, columns the answer, and each sample counts once.",
            lambda rng: [_case(rng, 12, 3), _case(rng, 20, 4), _case(rng, 5, 2)],
            points=2,
        ),
        Check("A class that never occurs keeps its row and its column.", lambda rng: _missing(False)),
        Check(
            "Normalised, a row says what share of its class was called what.",
            lambda rng: [_case(rng, 12, 3, True), _case(rng, 9, 2, True)],
            points=2,
        ),
        Check("Normalised, a class that never occurs has zeros.", lambda rng: _missing(True)),
        Check(
            "It holds for many classes, most of them missing.",
            lambda rng: [
                (rng.integers(0, 9, 30) * 4, rng.integers(0, 9, 30) * 3, 40, True),
                (rng.integers(0, 9, 90), rng.integers(0, 3, 90), 12, False),
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "transposed",
            "Rows and columns are exchanged: a row now tells what an answer was, not what the truth was. The diagonal "
            "and the accuracy look the same, so nobody would notice, and recall would be read as precision.",
            _transposed,
        ),
        Mistake(
            "missing class",
            "Only classes that occur got a row, so the table has another size and its indices mean other classes. A "
            "class that the test part happens to lack is still one of the model's: the size is n_classes, whatever "
            "the data.",
            _only_what_occurs,
        ),
        Mistake(
            "size by the largest index",
            "The table ends at the largest index that was seen. If the last class is missing, so is its row, and two "
            "tables of the same model cannot be added. The size is n_classes, whatever the data.",
            _size_of_the_largest,
        ),
        Mistake(
            "normalised along the wrong axis",
            "Each column sums to 1: the diagonal is precision (of those called j, how many are), not recall (of those "
            "who are i, how many were called so). Divide each row by the sum of that row.",
            _by_column,
        ),
        Mistake(
            "divided by all samples",
            "All cells together sum to 1, so a rare class looks bad however well it is recognised. Each row is to be "
            "divided by the number of samples of its own class.",
            _by_all,
        ),
        Mistake(
            "0 / 0 in a missing class",
            "A class without a sample has 0 in its row and 0 as its sum, and 0 / 0 is NaN, which spoils every mean "
            "taken over the table. What could you divide such a row by instead?",
            _zero_by_zero,
        ),
        Mistake(
            "counts each cell once",
            "With arrays as indices, `table[y_true, y_pred] += 1` adds 1 to each cell that is named, once, however "
            "often it is named: numpy reads all cells first and writes them afterwards. Go through the samples one by "
            "one, or let `np.add.at` do it.",
            _counts_once,
        ),
    ),
    reference=my_confusion_matrix,
    reading=(
        "Fawcett 2006. An introduction to ROC analysis. Pattern Recognition Letters 27, section 2.",
        "show_source(mmteach.infer.confusion_matrix)",
    ),
)
