"""What was there before networks: the nearest training face, by eigenfaces, by LBP, by HOG, or by landmarks."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from mmteach.cases.report import Row
from mmteach.datasets import Dataset, Fold, Plan
from mmteach.features import HOG, LBP, Eigenfaces, Landmarks
from mmteach.infer import accuracy, wilson_interval
from mmteach.pipeline import Branch
from mmteach.preprocess import Grey, Resize, Upright
from mmteach.types import Sample


def nearest_branches(dataset: Dataset) -> dict[str, Branch]:
    """Name each feature whose nearest neighbour is asked."""
    steps = (Upright(), Grey(), Resize(64, 64))
    found = {
        "eigenfaces + 1-NN": Branch("image", Eigenfaces(80), steps),
        "LBP + 1-NN": Branch("image", LBP(cell=16), steps),
        "HOG + 1-NN": Branch("image", HOG(cell=8), steps),
    }
    if "landmarks" in dataset.modalities:
        found["landmarks + 1-NN"] = Branch("landmarks", Landmarks(), scale="train")
    return found


def nearest(branch: Branch, train: Sequence[Sample], test: Sequence[Sample]) -> np.ndarray:
    """Label of the nearest training sample, (n_test,) str; "" where the medium is absent."""
    from sklearn.neighbors import KNeighborsClassifier

    fitted = [(x, s.label) for x, s in zip(branch.fit(train), train, strict=True) if x is not None]
    model = KNeighborsClassifier(1).fit(np.stack([x for x, _ in fitted]), [str(label) for _, label in fitted])
    arrays = branch.extract([branch.clean(s) for s in test], test)
    return np.array(["" if x is None else str(model.predict(x[None])[0]) for x in arrays])


def nearest_rows(dataset: Dataset, plan: Plan) -> list[Row]:
    """One row a feature, over the folds of a plan."""
    samples, labels, rows = list(dataset), dataset.labels, []
    for name, branch in nearest_branches(dataset).items():
        start = time.perf_counter()
        values = [_accuracy(branch, samples, labels, fold) for fold in plan.folds]
        n, mean = len(plan.folds[0].test), float(np.mean(values))
        seconds = time.perf_counter() - start
        rows.append(Row(name, "accuracy", mean, wilson_interval(round(mean * n), n), seconds, {"n": n}))
    return rows


def _accuracy(branch: Branch, samples: Sequence[Sample], labels: np.ndarray, fold: Fold) -> float:
    train = [samples[i] for i in np.concatenate([fold.train, fold.val])]
    said = nearest(branch.copy(), train, [samples[i] for i in fold.test])
    return accuracy(labels[fold.test].astype(str), said)
