"""A set that is asked two things at once: its numbers, and what is tested on what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import collate
from mmteach.cases.studies.vectors import describe
from mmteach.datasets import Dataset, Row, split
from mmteach.errors import DataError, ParameterError
from mmteach.features import Scale
from mmteach.train.multitask import UNKNOWN
from mmteach.types import Batch, Features, Modality

# What each set is asked: name of the task -> where its label stands.
ASKED: Mapping[str, Mapping[str, str]] = {
    "faces": {"identity": "group", "expression": "expression"},
    "spoken_reviews": {"mood": "label", "conflict": "conflict"},
}


class Tables(NamedTuple):
    """A set as numbers.

    x[m] : (N, D) float32.
    y[task] : (N,) int64 class indices.
    classes[task] : names.
    by_sample : tasks whose classes are the groups themselves. Who somebody is can only be asked of people who were in
        training: such a task is tested on further samples of them, and the others on groups never met.
    """

    dataset: Dataset
    x: dict[Modality, np.ndarray]
    y: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]]
    by_sample: frozenset[str]


class Parts(NamedTuple):
    """One division.

    y : {task: (N,)} of the training part; tests : {task: (part, its y)}; n_classes : {task: those in training}.
    """

    train: Batch
    y: dict[str, Tensor]
    tests: dict[str, tuple[Batch, Tensor]]
    n_classes: dict[str, int]


def asked_of(dataset: Dataset) -> Mapping[str, str]:
    """Find the two tasks of a set.

    Raises
    ------
    ParameterError : it is none of those that are asked two things here.
    """
    if dataset.name not in ASKED:
        raise ParameterError(f"'{dataset.name}' is asked one thing; two are asked of {' and '.join(ASKED)}: take one")
    return ASKED[dataset.name]


def tables(dataset: Dataset, asked: Mapping[str, str] | None = None) -> Tables:
    """Describe every sample that has all modalities and both labels, with features that need no fitting.

    Parameters
    ----------
    asked : {task: "label", "group" or another column}; by default as in ASKED.
    """
    asked, modalities = asked or asked_of(dataset), dataset.modalities
    found = {task: [_label(row, where) for row in dataset.rows] for task, where in asked.items()}
    whole = [
        i
        for i, row in enumerate(dataset.rows)
        if set(row.media) == set(modalities) and all(labels[i] for labels in found.values())
    ]
    classes = {task: tuple(sorted({str(labels[i]) for i in whole})) for task, labels in found.items()}
    poor = sorted((t for t, names in classes.items() if len(names) < 2), key=lambda t: len(set(found[t])))
    if poor:
        raise DataError(f"task {poor[0]!r} of '{dataset.name}' has {len(classes[poor[0]])} classes; it needs two")
    y = {t: np.array([classes[t].index(str(labels[i])) for i in whole]) for t, labels in found.items()}
    kept = dataset.subset(whole)
    samples = list(kept)
    x = {m: describe(m, [s.media[m] for s in samples]) for m in modalities}
    return Tables(kept, x, y, classes, frozenset(t for t, where in asked.items() if where == "group"))


def _label(row: Row, where: str) -> str | None:
    if where in ("label", "group"):
        return row.group if where == "group" else row.label
    return str(row.meta.get(where) or "") or None


def divide(t: Tables, labelled: float, seed: int) -> Parts:
    """Hold out a quarter of the groups; where a task asks for the group itself, a third of the others' samples too.

    Every task learns from the same samples. `labelled` of them, drawn so that each class keeps two at least, keep
    their label of the second task; the test parts are whole.
    """
    fold = split(t.dataset, 0.0, 0.25, seed)
    rng = np.random.default_rng(seed)
    train, same_groups = fold.train, fold.train[:0]
    if t.by_sample:
        third = _per_class(t.dataset.groups[train].astype(str), 1 / 3, rng)
        train, same_groups = fold.train[~third], fold.train[third]
    x = {m: values if m == "text" else _standardised(values, train) for m, values in t.x.items()}
    known = {task: np.unique(values[train]) for task, values in t.y.items()}  # of people, those in training alone
    numbered = {task: np.searchsorted(known[task], values) for task, values in t.y.items()}
    y = {task: torch.from_numpy(values[train]) for task, values in numbered.items()}
    second = list(y)[1]
    if labelled < 1:
        kept = _per_class(y[second].numpy(), labelled, rng)
        y[second] = torch.where(torch.from_numpy(kept), y[second], UNKNOWN)
    tests = {}
    for task, values in numbered.items():
        part = same_groups if task in t.by_sample else fold.test
        tests[task] = (_batch(x, part), torch.from_numpy(values[part]))
    return Parts(_batch(x, train), y, tests, {task: len(names) for task, names in known.items()})


def _per_class(y: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Choose a share of each class at random, two or more where there are two: (N,) -> (N,) bool."""
    chosen = np.zeros(len(y), dtype=bool)
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        chosen[rows[: max(2, round(share * len(rows)))]] = True
    return chosen


def _standardised(x: np.ndarray, train: np.ndarray) -> np.ndarray:
    """(N, D) by mean and deviation of the training rows; not of a text, which has unit length already."""
    scale = Scale("train")
    scale.fit(x[train])
    return np.asarray(scale(x, [None] * len(x)))


def _batch(x: Mapping[Modality, np.ndarray], part: np.ndarray) -> Batch:
    features = [Features(str(i), {m: values[i] for m, values in x.items()}) for i in part.tolist()]
    return collate(features, {m: values.shape[1:] for m, values in x.items()})
