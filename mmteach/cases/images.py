"""Object recognition from two views of a picture: its pixels, and features that people designed.

A network finds its own features where it has seen enough pictures; edges (HOG) and texture (LBP) are there from the
first picture on. `evaluate(examples=(2, 5, 20))` asks how many pictures of each class it takes until the network wins.

Read this file from top to bottom: branches, pipeline, plan, evaluate, few examples, train.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmteach.cases.compare import by_class
from mmteach.cases.report import Report, Row
from mmteach.datasets import Dataset, Fold, Plan, drop_duplicates, plan
from mmteach.errors import DataError, ParameterError
from mmteach.features import HOG, LBP, Join, Pixels
from mmteach.infer import accuracy, wilson_interval
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Grey, Resize, Standardise, Upright
from mmteach.preprocess.augment import RandomView
from mmteach.train import History, Machine, Recipe
from mmteach.types import Sample

BATCH_SIZE = 32
N_STEPS = 600  # of training, about
FEWEST_STEPS = 150  # where there are few examples
LINEAR, PLAIN = "HOG + LBP, linear", "image, no views"


def image_branch(views: bool = True) -> Branch:
    """Pixels: 32 x 32 grey, standardised; a small convolutional network.

    views : training sees each picture slightly turned, scaled, moved. Nothing is mirrored: a mirrored 2 is no 2.
    """
    slightly = RandomView(rotate=10, scale=0.15, shift=0.08, mirror=0.0, light=0.1)
    return Branch(
        source="image",
        steps=(Upright(), Grey(), Resize(32, 32), Standardise()),
        extractor=Pixels(),
        encoder={"name": "cnn", "channels": [16, 32, 64], "dim": 64},
        augment=slightly if views else None,
    )


def features_branch() -> Branch:
    """Features of the same picture: edges (HOG) and texture (LBP); a perceptron."""
    return Branch(
        source="image",
        steps=(Upright(), Grey(), Resize(32, 32)),
        extractor=Join([HOG(cell=8), LBP(cell=16)]),
        scale="train",
        encoder={"name": "mlp", "hidden": 128, "dim": 64, "dropout": 0.3},
    )


def pipeline(dataset: Dataset, epochs: int | None = None, seed: int = 0, views: bool = True) -> Pipeline:
    """Make the pipeline for a set, not yet trained: pixels and features have the same vote."""
    branches = {"image": image_branch(views), "features": features_branch()}
    usual = min(40, max(2, round(N_STEPS * BATCH_SIZE / len(dataset))))
    recipe = Recipe(
        epochs=epochs or usual, batch_size=BATCH_SIZE, learning_rate=3e-3, weight_decay=0.05, unimodal=2.0, seed=seed
    )
    return Pipeline(branches, {"name": "late", "learn": False}, {"name": "linear"}, recipe)


def plan_for(dataset: Dataset, protocol: str | None = None, seed: int = 0) -> tuple[Dataset, Plan]:
    """Choose what is tested on what.

    In a folder for each class, the folder's name is both label and group; then no group can be tested that was never
    seen, so pictures are split at random, and the note says so.
    """
    labelled = dataset.subset(i for i, row in enumerate(dataset.rows) if row.label is not None and "image" in row.media)
    if not len(labelled):
        has = ", ".join(dataset.modalities)
        raise DataError(f"'{dataset.name}' has {has} and no labelled pictures: add the columns image and label")
    if any(row.group for row in labelled.rows) and all(row.group == row.label for row in labelled.rows):
        loose = Dataset((replace(row, group=None) for row in labelled.rows), labelled.name)
        said = "each group is one class, so pictures are split at random, also those of one object or one afternoon"
        note = "; ".join(filter(None, (labelled.note, said)))
        labelled = loose.described(labelled.card, labelled.synthetic, note)
    return labelled, plan(labelled, "classify", protocol, seed)


def evaluate(
    dataset: Dataset,
    protocol: str | None = None,
    epochs: int | None = None,
    seed: int = 0,
    progress: bool = False,
    examples: Sequence[int] = (),
) -> Report:
    """Compare the majority, a linear model of the features, the network of the features, that of pixels, and both.

    Parameters
    ----------
    protocol : as in datasets.plan; without one, see `plan_for`.
    examples : for each number, all of it again with so few training pictures of each class.
    """
    distinct, _ = drop_duplicates(dataset)
    known, planned = plan_for(distinct, protocol, seed)
    report = by_class("images", known, planned, "classify", pipeline(known, epochs, seed), progress)
    majority, *models = report.rows
    rows = [majority, linear_row(known, planned), *models]
    for n in examples:
        rows += few(known, planned, n, epochs, seed, progress)
    return replace(report, rows=rows)


def linear_row(dataset: Dataset, planned: Plan) -> Row:
    """Logistic regression on the same features, without a network."""
    start, samples, labels, right, n = time.perf_counter(), list(dataset), dataset.labels, 0, 0
    for fold in planned.folds:
        train = [samples[i] for i in np.concatenate([fold.train, fold.val])]
        said = _linear(features_branch(), train, [samples[i] for i in fold.test])
        right += round(accuracy(labels[fold.test].astype(str), said) * len(fold.test))
        n += len(fold.test)
    return Row(LINEAR, "accuracy", right / n, wilson_interval(right, n), time.perf_counter() - start, {"n": n})


def _linear(branch: Branch, train: Sequence[Sample], test: Sequence[Sample]) -> np.ndarray:
    """Fit on the training part, answer the test part: (n_test,) str."""
    from sklearn.linear_model import LogisticRegression

    x = np.stack([array for array in branch.fit(train) if array is not None])
    model = LogisticRegression(max_iter=1000, C=0.1).fit(x, [str(s.label) for s in train])
    asked = branch.extract([branch.clean(s) for s in test], test)
    return model.predict(np.stack([array for array in asked if array is not None])).astype(str)


def few(
    dataset: Dataset, planned: Plan, n: int, epochs: int | None = None, seed: int = 0, progress: bool = False
) -> list[Row]:
    """Rows of all models where each class has n training pictures; the tests are the same as with all of them.

    One row more than with all: the network without views of its pictures, since views are people's knowledge, too.
    """
    few_each = planned._replace(folds=[thinned(dataset, fold, n, seed) for fold in planned.folds])
    passes = epochs or epochs_for(len(few_each.folds[0].train))
    report = by_class("images", dataset, few_each, "classify", pipeline(dataset, passes, seed), progress)
    alone = pipeline(dataset, passes, seed, views=False).only("image")
    plain = by_class("images", dataset, few_each, "classify", alone, progress)["image"]
    rows = [linear_row(dataset, few_each), replace(plain, model=PLAIN), *report.rows[1:]]
    return [replace(r, model=f"{r.model}, {n} each", further={**r.further, "examples": n}) for r in rows]


def epochs_for(n_train: int) -> int:
    """How often few training pictures are passed over, so that there are steps enough.

    >>> epochs_for(20)
    240
    """
    return max(20, round(FEWEST_STEPS * BATCH_SIZE / n_train))


def thinned(dataset: Dataset, fold: Fold, n: int, seed: int = 0) -> Fold:
    """The fold with n training pictures of each class, drawn at random, and none to validate."""
    labels, rng = dataset.labels.astype(str), np.random.default_rng(seed)
    there = np.concatenate([fold.train, fold.val])
    kept = []
    for label in np.unique(labels[there]):
        own = there[labels[there] == label]
        if not 1 <= n <= len(own):
            raise ParameterError(
                f"{n} examples of class {str(label)!r} are asked for; it has {len(own)}: ask for 1 to {len(own)}"
            )
        kept.append(rng.permutation(own)[:n])
    return fold._replace(train=np.sort(np.concatenate(kept)), val=fold.val[:0])


def train(
    dataset: Dataset, epochs: int | None = None, seed: int = 0, progress: bool = False, machine: Machine | None = None
) -> tuple[Pipeline, History]:
    """Train on all there is, for use on new pictures; one fold is kept aside to find the temperature."""
    known, planned = plan_for(dataset, None, seed)
    fold, made = planned.folds[0], pipeline(known, epochs, seed)
    return made, made.fit(known.subset([*fold.train, *fold.val]), known.subset(fold.test), progress, machine)
