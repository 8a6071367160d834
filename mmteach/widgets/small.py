"""A pipeline small enough to train while a learner waits, kept for as long as the notebook's kernel lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from mmteach.datasets import Dataset, plan
from mmteach.features import HOG, Landmarks, Pixels
from mmteach.infer import majority_accuracy
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Grey, Resize, Standardise, Upright
from mmteach.train import Recipe
from mmteach.types import Sample

N_TEST = 100  # few enough to answer while a slider moves
FIRST_STEPS = (Upright(), Grey(), Resize(64, 64))  # of both branches that look at the photo


class Trained(NamedTuple):
    """What `trained_on` gives.

    pipeline : fitted.
    test : samples it has never seen, of people it knows.
    majority : accuracy on them of always naming the commonest person.
    note : what was split from what, in words.
    """

    pipeline: Pipeline
    test: list[Sample]
    majority: float
    note: str


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch work in one thread: so small a model gains nothing from more, and on a busy machine they wait."""
    import torch

    n = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n)


def small_pipeline(dataset: Dataset, seed: int = 0) -> Pipeline:
    """A pipeline that trains in seconds: pixels, edges of the same photo, and landmarks where there are any."""
    perceptron = {"name": "mlp", "hidden": 128, "dim": 64}
    network = {"name": "cnn", "channels": [16, 32, 64], "dim": 64}
    branches = {
        "image": Branch("image", Pixels(), (*FIRST_STEPS, Resize(32, 32), Standardise()), encoder=network),
        "features": Branch("image", HOG(), FIRST_STEPS, "train", perceptron),
    }
    if "landmarks" in dataset.modalities:
        branches["landmarks"] = Branch("landmarks", Landmarks(), scale="train", encoder=perceptron)
    recipe = Recipe(epochs=15, learning_rate=5e-3, drop_modality=0.2, seed=seed)
    return Pipeline(branches, {"name": "late"}, recipe=recipe)


def trained_on(dataset: Dataset) -> Trained:
    """Train the small pipeline to tell the people of a set apart, or take what was trained before."""
    key = (dataset.name, len(dataset), dataset.modalities)
    if key not in _kept:
        made = plan(dataset, "identify")
        fold = made.folds[0]
        pipeline = small_pipeline(dataset)
        with one_thread():
            pipeline.fit([dataset[int(i)] for i in fold.train])
        chosen = np.sort(np.random.default_rng(0).permutation(fold.test)[:N_TEST])
        majority = majority_accuracy(dataset.labels[fold.train], dataset.labels[chosen])
        _kept[key] = Trained(pipeline, [dataset[int(i)] for i in chosen], majority, made.note)
    return _kept[key]


_kept: dict[tuple[str, int, tuple[str, ...]], Trained] = {}
