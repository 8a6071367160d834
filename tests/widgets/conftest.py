"""A handful of synthetic people, so that a widget trains and compares in moments."""

from contextlib import contextmanager

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row, load


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """Small sums are not shared out: on a busy machine threads that wait for each other take many times as long."""
    import torch
    from threadpoolctl import threadpool_limits

    n = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield
    torch.set_num_threads(n)


@pytest.fixture(scope="session")
def few() -> Dataset:
    """Eight people of the embedded set, twelve pictures each."""
    faces = load("faces")
    return faces.subset(range(8 * 12))


@pytest.fixture(scope="session")
def photos(few) -> Dataset:
    """The same people without landmarks, as a set of photos has them."""
    from dataclasses import replace

    rows = [replace(row, media={"image": row.media["image"]}) for row in few.rows]
    return Dataset(rows, "photos", note="photos alone")


def clouds(n=180, classes=("a", "b", "c"), modalities=("face", "voice"), n_groups=18) -> Dataset:
    """Numbers round a centre for each class, the same in every modality."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        k = i % len(classes)
        media = {m: (rng.normal(size=5) + 1.5 * k).astype(np.float32) for m in modalities}
        rows.append(Row(f"s{i}", media, classes[k], f"g{i % n_groups}"))
    return Dataset(rows, "made", note="made up")


@contextmanager
def trained_in_background(lab):
    """Wait for what a lab trains by itself, and end it afterwards."""
    lab.wait(120)
    yield lab
    lab.worker.stop()
    lab.wait(20)
