"""infer.confusion_matrix, written otherwise."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.proof import Proof


def _bincount(y_true, y_pred, n_classes, normalise=False):
    table = np.bincount(y_true * n_classes + y_pred, minlength=n_classes**2).reshape(n_classes, n_classes)
    if not normalise:
        return table
    n = table.sum(axis=1)
    return table / np.where(n == 0, 1, n)[:, None]


def _one_hot(truth, said, n_classes, normalise=False):
    eye = np.eye(n_classes)
    table = eye[truth].T @ eye[said]
    if normalise:
        table = np.nan_to_num(table / table.sum(axis=1, keepdims=True))
    return table


def _lists(y_true, y_pred, n_classes, normalise=False):
    out = []
    for i in range(n_classes):
        row = [sum(1 for t, p in zip(y_true, y_pred, strict=True) if (t, p) == (i, j)) for j in range(n_classes)]
        out.append([v / sum(row) for v in row] if normalise and sum(row) else row)
    return out


def _said_first(y_true, y_pred, n_classes, normalise=False):
    table = np.zeros((n_classes, n_classes))
    np.add.at(table, (y_pred, y_true), 1)
    return table / np.maximum(table.sum(axis=0), 1) if normalise else table


def _sorted_names(y_true, y_pred, n_classes, normalise=False):
    names = sorted({*y_true.tolist(), *y_pred.tolist()})
    table = np.zeros((len(names), len(names)))
    for t, p in zip(y_true, y_pred, strict=True):
        table[names.index(t), names.index(p)] += 1
    n = table.sum(axis=1, keepdims=True)
    return np.divide(table, n, out=np.zeros_like(table), where=n > 0) if normalise else table


def _grows(y_true, y_pred, n_classes, normalise=False):
    n = int(np.concatenate([y_true, y_pred]).max()) + 1
    return _bincount(y_true, y_pred, n, normalise)


def _precision(y_true, y_pred, n_classes, normalise=False):
    table = _bincount(y_true, y_pred, n_classes)
    return np.nan_to_num(table / table.sum(axis=0, keepdims=True)) if normalise else table


def _shares_of_all(y_true, y_pred, n_classes, normalise=False):
    table = _one_hot(y_true, y_pred, n_classes)
    return table / table.sum() if normalise else table


def _nan(y_true, y_pred, n_classes, normalise=False):
    table = _one_hot(y_true, y_pred, n_classes)
    return np.array([row / row.sum() for row in table]) if normalise else table


def _assigned(y_true, y_pred, n_classes, normalise=False):
    table = np.zeros((n_classes, n_classes))
    table[y_true, y_pred] = table[y_true, y_pred] + 1
    return np.nan_to_num(table / table.sum(axis=1)[:, None]) if normalise else table


CONFUSION_MATRIX = Proof(
    right=(_bincount, _one_hot, _lists),
    variants={
        "transposed": _said_first,
        "missing class": _sorted_names,
        "size by the largest index": _grows,
        "normalised along the wrong axis": _precision,
        "divided by all samples": _shares_of_all,
        "0 / 0 in a missing class": _nan,
        "counts each cell once": _assigned,
    },
)
