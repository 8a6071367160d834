"""Who is most like this one, by a feature; and how often that is the right answer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mmteach.datasets import Dataset, plan
from mmteach.features import Extractor
from mmteach.infer import Interval, majority_accuracy, wilson_interval
from mmteach.preprocess import Grey, Resize, Step, Upright, apply_steps
from mmteach.types import Image, Modality

STEPS: dict[Modality, tuple[Step, ...]] = {"image": (Upright(), Grey(), Resize(64, 64))}


class Scores(NamedTuple):
    """What nearest neighbours reach with a feature.

    distances : np.ndarray [shape=(n_test, n_train)], Euclidean.
    accuracy, ci95 : of taking the label of the nearest training sample, over those test samples that have the modality.
    n : how many those are.
    """

    distances: np.ndarray
    accuracy: float
    ci95: Interval
    n: int


def compare_rows(a: np.ndarray, b: np.ndarray, y_a: np.ndarray, y_b: np.ndarray) -> Scores:
    """Compare every row of a test part with every row of a training part, and ask each for its nearest's label.

    Parameters
    ----------
    a, b : np.ndarray [shape=(n_test, D)] and [shape=(n_train, D)]
    """
    a, b = a - b.mean(axis=0), b - b.mean(axis=0)  # the same distances, less rounding
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T  # |a - b|^2
    distances = np.sqrt(np.maximum(squares, 0))
    right = y_b[distances.argmin(axis=1)] == y_a
    return Scores(distances, float(right.mean()), wilson_interval(int(right.sum()), len(right)), len(right))


class Parts:
    """A set divided for identification, its media of one modality read and cleaned.

    Parameters
    ----------
    dataset : where each label has at least two samples.
    modality : samples that lack it are left out.

    Attributes
    ----------
    train, test : cleaned media.
    y_train, y_test : np.ndarray of labels.
    ids, train_ids : of test and training part.
    majority : accuracy of always naming the commonest label.
    kind : what a label is, "person", or "class" where no sample belongs to anybody.
    note : what was split from what.
    """

    def __init__(self, dataset: Dataset, modality: Modality) -> None:
        made = plan(dataset, "identify")
        fold = made.folds[0]
        self.kind = "person" if any(row.group for row in dataset.rows) else "class"
        self.note, steps = made.note.replace("person", self.kind), STEPS.get(modality, ())
        parts = []
        for indices in (fold.train, fold.test):
            kept = [i for i in indices.tolist() if modality in dataset.rows[i].media]
            media = [dataset[i].media[modality] for i in kept]
            parts.append((kept, [apply_steps(m, steps) if isinstance(m, Image) else m for m in media]))
        (train, self.train), (test, self.test) = parts
        self.y_train, self.y_test = dataset.labels[train], dataset.labels[test]
        self.ids, self.train_ids = dataset.ids[test], dataset.ids[train]
        self.majority = majority_accuracy(self.y_train, self.y_test)

    def score(self, extractor: Extractor) -> Scores:
        """Compare every test sample with every training sample, by an extractor that is fitted."""
        a, b = (np.asarray(extractor(media), dtype=np.float32) for media in (self.test, self.train))
        return compare_rows(a.reshape(len(a), -1), b.reshape(len(b), -1), self.y_test, self.y_train)

    def nearest(self, scores: Scores, at: int, k: int = 6) -> np.ndarray:
        """The k training samples nearest to test sample `at`: positions in `train`, nearest first."""
        return np.argsort(scores.distances[at], kind="stable")[:k]
