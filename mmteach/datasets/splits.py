"""Which samples train, validate and test: never one group on two sides.

A group is what two samples can share beyond their label: a person, a speaker, a video. A model that has met the
group in training is asked an easier question than the one that matters, so groups are dealt out whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mmteach.datasets.dataset import Dataset
from mmteach.errors import DataError, ParameterError


class Fold(NamedTuple):
    """One way to divide a set.

    Parameters
    ----------
    train, val, test : np.ndarray [shape=(n,), int64], positions in the set; val may be empty.
    """

    name: str
    train: np.ndarray
    val: np.ndarray
    test: np.ndarray


def split(dataset: Dataset, val: float = 0.2, test: float = 0.2, seed: int = 0) -> Fold:
    """Divide a set once, by group.

    Parameters
    ----------
    val, test : shares of the samples, in [0, 1); the sizes come as near to them as whole groups allow.

    Raises
    ------
    DataError : there are fewer groups than parts.
    """
    if val < 0 or test < 0 or val + test >= 1:
        raise ParameterError(f"val={val} and test={test} leave nothing to train on: their sum must be below 1")
    part = deal(dataset, np.arange(len(dataset)), (1 - val - test, val, test), np.random.default_rng(seed))
    fold = Fold(f"split, seed {seed}", *(np.flatnonzero(part == i) for i in range(3)))
    require_disjoint(dataset, fold)
    return fold


def folds(dataset: Dataset, k: int = 5, val: float = 0.2, seed: int = 0) -> list[Fold]:
    """Divide a set k times by group, so that each sample is tested once.

    Parameters
    ----------
    k : the number of folds, 2 or more.
    val : share of what is not tested, in [0, 1).

    Raises
    ------
    DataError : there are fewer than k groups, or too few left over for a validation part.
    """
    if k < 2 or not 0 <= val < 1:
        raise ParameterError(f"k={k} and val={val}: k must be 2 or more, val at least 0 and below 1")
    rng = np.random.default_rng(seed)
    everyone = np.arange(len(dataset))
    part = deal(dataset, everyone, (1 / k,) * k, rng)
    made = []
    for i in range(k):
        rest = everyone[part != i]
        inner = deal(dataset, rest, (1 - val, val), rng)
        made.append(Fold(f"fold {i + 1} of {k}", rest[inner == 0], rest[inner == 1], everyone[part == i]))
        require_disjoint(dataset, made[-1])
    return made


def deal(dataset: Dataset, indices: np.ndarray, shares: Sequence[float], rng: np.random.Generator) -> np.ndarray:
    """Deal groups to parts, each to the part that is furthest below its share of the samples.

    Large groups go first, as stones before sand. Among groups of like size those of one label follow each other,
    and where a label has few groups they go to parts that have least of it: each part gets its share of every label.

    Parameters
    ----------
    indices : np.ndarray [shape=(n,), int]; a sample without a group is a group by itself.

    Returns
    -------
    np.ndarray [shape=(n,), int] : the part of each sample.
    """
    names = group_names(dataset)[indices]
    unique, first, code, size = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
    open_parts = [i for i, share in enumerate(shares) if share > 0]
    if len(unique) < len(open_parts):
        raise DataError(
            f"{len(unique)} {'group' if len(unique) == 1 else 'groups'} cannot fill {len(open_parts)} parts: "
            "record more people, or ask for fewer parts"
        )
    labels = dataset.labels.astype(str)[indices]
    label = labels[first]
    pure = np.array([len(set(labels[code == g])) == 1 for g in range(len(unique))])
    few = {name for name, n in zip(*np.unique(label, return_counts=True), strict=True) if n <= 2 * len(open_parts)}
    of_label = {name: np.zeros(len(shares)) for name in set(label)}
    order = np.lexsort((rng.random(len(unique)), label, -np.floor(np.log2(size))))
    want = np.array(shares) * len(indices)
    have = np.zeros(len(shares))
    part = np.zeros(len(unique), dtype=int)
    for left, group in zip(range(len(order), 0, -1), order, strict=True):
        bare = [i for i in open_parts if have[i] == 0]
        choices = bare if len(bare) == left else open_parts  # no part may stay empty
        same = of_label[label[group]] * (pure[group] and label[group] in few)
        overshoot = [(same[i] / want[i], (size[group] + 2 * (have[i] - want[i])) / want[i]) for i in choices]
        part[group] = choices[overshoot.index(min(overshoot))]
        have[part[group]] += size[group]
        of_label[label[group]][part[group]] += size[group]
    return part[code]


def group_names(dataset: Dataset) -> np.ndarray:
    """np.ndarray [shape=(n,), str] : each sample's group; one without a group stands for itself."""
    return np.array(
        [f"group {row.group}" if row.group is not None else f"sample {i}" for i, row in enumerate(dataset.rows)]
    )


def require_disjoint(dataset: Dataset, fold: Fold) -> None:
    """Check that no group and no sample stands on two sides of a fold.

    Raises
    ------
    DataError : some do; the first three are named.
    """
    names = group_names(dataset)
    sides = {"train": set(names[fold.train]), "val": set(names[fold.val]), "test": set(names[fold.test])}
    for one, other in (("train", "test"), ("train", "val"), ("val", "test")):
        shared = sorted(sides[one] & sides[other])
        if shared:
            more = ", ..." if len(shared) > 3 else ""
            raise DataError(
                f"{', '.join(shared[:3])}{more} ({len(shared)} in all) stand in both {one} and {other} of "
                f"'{dataset.name}': give each group one side in the split column, or choose another protocol"
            )
