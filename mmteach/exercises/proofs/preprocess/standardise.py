"""Proofs of `preprocess.standardise`."""

from __future__ import annotations

import statistics

import numpy as np

from mmteach.exercises.proof import Proof


def _by_scikit_learn(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


def _column_by_column(train, test):
    train, test = train.astype(float), test.astype(float)
    for j in range(train.shape[1]):
        column = train[:, j].tolist()
        mean, deviation = statistics.fmean(column), statistics.pstdev(column)
        train[:, j] = (train[:, j] - mean) / (deviation or 1)
        test[:, j] = (test[:, j] - mean) / (deviation or 1)
    return train, test


def _centred(x, mean, deviation):
    return [(row - mean) / np.where(deviation == 0, 1.0, deviation) for row in x]


def _fit_twice(train, test):
    from sklearn.preprocessing import scale

    return scale(train), scale(test)


def _stacked(train, test):
    everything = np.vstack((test, train))
    mean, deviation = np.mean(everything, 0), np.sqrt(np.mean((everything - np.mean(everything, 0)) ** 2, 0))
    return _centred(train, mean, deviation), _centred(test, mean, deviation)


def _fit_on_test(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(test)
    return scaler.transform(train), scaler.transform(test)


def _rows(train, test):
    return tuple(
        np.array([(row - np.mean(row)) / (np.std(row) if len(row) > 1 else 1.0) for row in part])
        for part in (train, test)
    )


def _n_minus_one(train, test):
    mean = train.sum(axis=0) / len(train)
    deviation = np.sqrt(((train - mean) ** 2).sum(axis=0) / (len(train) - 1))
    return _centred(train, mean, deviation), _centred(test, mean, deviation)


def _one_number(train, test):
    flat = train.ravel().tolist()
    mean, deviation = statistics.fmean(flat), np.float64(statistics.pstdev(flat))
    return _centred(train, mean, deviation), _centred(test, mean, deviation)


def _square(train, test):
    mean = np.mean(train, axis=0)
    spread = np.mean(train**2, axis=0) - mean**2
    spread[np.ptp(train, axis=0) == 0] = 1
    return (train - mean) / spread, (test - mean) / spread


def _unguarded(train, test):
    mean = sum(train) / len(train)
    deviation = np.sqrt(sum((row - mean) ** 2 for row in train) / len(train))
    return np.array([(r - mean) / deviation for r in train]), np.array([(r - mean) / deviation for r in test])


STANDARDISE = Proof(
    right=(_by_scikit_learn, _column_by_column),
    variants={
        "statistics from test: each part by its own": _fit_twice,
        "statistics from test: both parts together": _stacked,
        "statistics from test: test instead of train": _fit_on_test,
        "per sample": _rows,
        "ddof": _n_minus_one,
        "one mean for all columns": _one_number,
        "variance instead of deviation": _square,
        "divides by zero in a constant column": _unguarded,
    },
)
