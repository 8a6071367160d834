"""Faces so small and a model so quick that a widget which needs a trained model can be tested whole."""

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row
from mmteach.features import Pixels, Vector
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Grey, Resize, Standardise, Upright
from mmteach.train import Recipe

SIDE = 16


def small_set(names, n=4, seed=0, without=()):
    """Blurred patterns with noise, one pattern a person, and a vector that tells people apart as well.

    without : (name, number) of photos that have no vector.
    """
    rows = []
    for name in names:
        own = np.random.default_rng(sum(map(ord, name)) * 7)
        pattern, point = own.uniform(40, 215, (4, 4)), own.normal(size=5) * 2
        rng = np.random.default_rng([seed, *map(ord, name)])
        for k in range(n):
            pixels = np.kron(pattern, np.ones((SIDE // 4,) * 2)) + rng.normal(0, 12, (SIDE, SIDE))
            media = {"image": pixels.clip(0, 255).astype(np.uint8)}
            if (name, k) not in without:
                media["vector"] = (point + rng.normal(0, 0.4, 5)).astype(np.float32)
            rows.append(Row(f"{name}_{k}", media, name, name))
    return Dataset(rows, "small", synthetic=True, note="patterns, no people")


def small_pipeline(names, **recipe):
    """Fitted on these people."""
    image = Branch(
        "image", Pixels(), (Upright(), Grey(), Resize(SIDE, SIDE), Standardise()),
        encoder={"name": "cnn", "channels": [4, 8], "dim": 8, "dropout": 0.0},
    )  # fmt: skip
    vector = Branch("vector", Vector(), scale="train", encoder={"name": "mlp", "hidden": 16, "dim": 8})
    head = {"name": "cosine"}
    pipeline = Pipeline(
        {"image": image, "vector": vector}, {"name": "late"}, head, Recipe(**{"epochs": 25, "batch_size": 8, **recipe})
    )
    pipeline.fit(small_set(names, n=6))
    return pipeline


@pytest.fixture(scope="session")
def fitted():
    """A pipeline fitted on people k to r."""
    return small_pipeline("klmnopqr")


@pytest.fixture(scope="session")
def faces_of():
    """faces_of(names, n=4, seed=0, without=()) -> a small set of these people."""
    return small_set
