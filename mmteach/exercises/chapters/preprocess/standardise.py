"""Learn mean and deviation from one part, use them on another."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_standardise(train, test):
    """Both parts, (n_train, D) and (n_test, D), by the mean and deviation of the training part's columns."""
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std > 0, std, 1)
    return (train - mean) / std, (test - mean) / std


def _by(train, test, mean, std):
    """Use a mean and a deviation; where the deviation is 0, subtract only."""
    std = np.where(std > 0, std, 1)
    return (train - mean) / std, (test - mean) / std


def _each_by_its_own(train, test):
    own = [_by(x, x, x.mean(axis=0), x.std(axis=0))[0] for x in (train, test)]
    return own[0], own[1]


def _both_together(train, test):
    both = np.concatenate([train, test])
    return _by(train, test, both.mean(axis=0), both.std(axis=0))


def _from_test(train, test):
    return _by(train, test, test.mean(axis=0), test.std(axis=0))


def _per_sample(train, test):
    own = [_by(x, x, x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True))[0] for x in (train, test)]
    return own[0], own[1]


def _ddof(train, test):
    return _by(train, test, train.mean(axis=0), train.std(axis=0, ddof=1))


def _all_columns_alike(train, test):
    return _by(train, test, train.mean(), train.std())


def _variance(train, test):
    return _by(train, test, train.mean(axis=0), train.var(axis=0))


def _divides_by_zero(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (test - mean) / std


def _parts(rng, n_train, n_test, n_columns):
    """Columns of different place and width; the test part lies a little aside."""
    place, width = rng.normal(0, 5, n_columns), rng.uniform(0.2, 4, n_columns)
    train = place + width * rng.normal(size=(n_train, n_columns))
    return train, place + 0.5 * width + width * rng.normal(size=(n_test, n_columns))


def _constant_column(rng, n_train, n_test, n_columns):
    train, test = _parts(rng, n_train, n_test, n_columns)
    train[:, -1] = 2.0  # the test part varies there
    return train, test


def _only_finite(answer, train, test):
    """Where a constant column gives nan or infinity, in either part; whatever the numbers are."""
    return [np.isfinite(np.asarray(part, dtype=float)).all() for part in answer(train, test)]


STANDARDISE = Exercise(
    id="preprocess.standardise",
    title="Standardise, on the training part's numbers",
    minutes=15,
    task=r"""Write `my_standardise(train, test)`: both parts, column by column brought to

$$x' = (x - \mu) / \sigma ,$$

where $\mu$ and $\sigma$ are mean and standard deviation of that column **in the training part**. $\sigma$ divides by
$n$, as in $\sigma^2 = \frac1n \sum_i (x_i - \mu)^2$.

Rows are samples, columns are features. A column that is constant in training has $\sigma = 0$: there only $\mu$ is
subtracted, in both parts. The two new parts are returned, training first.""",
    starter='''def my_standardise(train, test):
    """Both parts, by the mean and deviation of the training part's columns.

    train: (n_train, D), two rows or more; test: (n_test, D), one row or more. Returns two arrays of the same shapes.
    """
    mean = ...
    std = ...
    return ..., ...
''',
    hints=(
        "Which rows may be looked at to find the mean? And does each feature have a mean of its own, or each sample?",
        "`train.mean(axis=0)` goes down the rows and leaves one number for each column: (D,). numpy then subtracts it "
        "from every row.",
        "`np.where(std > 0, std, 1)` puts a 1 where the deviation is 0. The same mean and std serve both parts.",
    ),
    checks=(
        Check(
            "The training part has mean 0 and deviation 1 in every column.",
            lambda rng: [_parts(rng, 6, 3, 4), _parts(rng, 3, 5, 1), _parts(rng, 10, 2, 7), _parts(rng, 2, 4, 3)],
            observe=lambda answer, train, test: answer(train, test)[0],
        ),
        Check(
            "The test part is brought to the training part's mean and deviation, not to its own.",
            lambda rng: [_parts(rng, 5, 4, 3), _parts(rng, 7, 2, 2), _parts(rng, 4, 6, 1), _parts(rng, 4, 4, 4)],
            points=2,
        ),
        Check(
            "A single test sample is no special case.",
            lambda rng: [_parts(rng, 6, 1, 3), _parts(rng, 3, 1, 5)],
        ),
        Check(
            "A column that is constant in training gives no nan and no infinity.",
            lambda rng: [_constant_column(rng, 4, 3, 3), _constant_column(rng, 5, 2, 2)],
            observe=_only_finite,
        ),
        Check(
            "There, only the mean is subtracted.",
            lambda rng: [
                _constant_column(rng, 4, 3, 3),
                _constant_column(rng, 8, 5, 2),
                _constant_column(rng, 4, 2, 1),
            ],
        ),
        Check(
            "It holds for wide and for long parts.",
            lambda rng: [_parts(rng, 3, 2, 60), _parts(rng, 300, 50, 2), _constant_column(rng, 64, 9, 9)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "statistics from test: each part by its own",
            "The test part was brought to mean 0 by *its own* mean. In use samples come one at a time: a single one "
            "minus its own mean is 0, whatever it was. The model learnt what 'high' means from the training part, and "
            "must be asked in the same units.",
            _each_by_its_own,
        ),
        Mistake(
            "statistics from test: both parts together",
            "Mean and deviation were taken over both parts, so the test samples had a say in how they, and the "
            "training samples, are seen. Next week's samples have none. What is fitted is fitted on the training "
            "part.",
            _both_together,
        ),
        Mistake(
            "statistics from test: test instead of train",
            "Mean and deviation come from the test part, for both. That is the wrong way round: the training part is "
            "what there is when the system is built.",
            _from_test,
        ),
        Mistake(
            "per sample",
            "You go along each row, so a sample is compared with its own mean over *all features*: hertz with "
            "decibels, say. The mean of a feature goes down its column. (axis is the direction that disappears.)",
            _per_sample,
        ),
        Mistake(
            "ddof",
            "Your deviation divides by n - 1, as pandas, torch and pocket calculators do by default, and numpy does "
            "not. With many rows nobody sees it; with three it is 22 %. The task says n.",
            _ddof,
        ),
        Mistake(
            "one mean for all columns",
            "There is one mean and one deviation for the whole table. Then a feature in hertz swallows a feature "
            "between 0 and 1. Each column needs its own.",
            _all_columns_alike,
        ),
        Mistake(
            "variance instead of deviation",
            "You divide by the variance. It has the square of the unit: metres divided by square metres are not "
            "without unit. Which measure of spread has the unit of the feature itself?",
            _variance,
        ),
        Mistake(
            "divides by zero in a constant column",
            "A column that never varies in training has deviation 0, and 0 / 0 is nan. One such column is enough, a "
            "pixel at the edge that is always black, and every prediction is nan. What can be divided by instead?",
            _divides_by_zero,
        ),
    ),
    reference=my_standardise,
    reading=("`show_source(Standardise)`: the library's, with one mean and deviation for all pixels of all pictures.",),
)
