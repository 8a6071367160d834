"""Collapse: other right answers, other ways to write each mistake."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np

from mmteach.exercises.proof import Proof


def _grouped(path: list, blank: int) -> list:
    return [s for s, _ in groupby(path) if s != blank]


def _with_arrays(path: list, blank: int) -> list:
    x = np.array(path, int)
    new = np.ones(len(x), bool)
    new[1:] = x[1:] != x[:-1]
    return x[new & (x != blank)].tolist()


def _recursive(path: list, blank: int) -> list:
    if not path:
        return []
    rest = _recursive(path[1:], blank)
    lasts = len(path) > 1 and path[1] == path[0]
    return rest if lasts or path[0] == blank else [path[0], *rest]


def _filtered_first(path: list, blank: int) -> list:
    return [s for s, _ in groupby(filter(lambda s: s != blank, path))]


def _only_filtered(path: list, blank: int) -> list:
    x = np.array(path, int)
    return x[x != blank].tolist()


def _not_yet_there(path: list, blank: int) -> list:
    string: list = []
    for s in path:
        if s != blank and s not in string:
            string.append(s)
    return string


def _only_grouped(path: list, blank: int) -> list:
    return [s for s, _ in groupby(path)]


def _true_symbols(path: list, blank: int) -> list:
    return [s for s, _ in groupby(path) if s]


def _below_largest(path: list, blank: int) -> list:
    return [s for s, _ in groupby(path) if s < max(path)]


def _equal_neighbours(path: list, blank: int) -> list:
    return [b for a, b in pairwise(path) if a == b and b != blank]


def _changes(path: list, blank: int) -> list:
    return [b for a, b in pairwise(path) if a != b and b != blank]


COLLAPSE = Proof(
    right=(_grouped, _with_arrays, _recursive),
    variants={
        "blanks dropped first": _filtered_first,
        "repeats not merged": _only_filtered,
        "every symbol once in the whole string": _not_yet_there,
        "blanks kept": _only_grouped,
        "the blank is always 0": _true_symbols,
        "the blank is always the last symbol": _below_largest,
        "written at the repeat": _equal_neighbours,
        "the first step is lost": _changes,
    },
)
