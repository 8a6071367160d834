"""A handful of synthetic people, so that a widget trains and compares in moments."""

import pytest

from mmteach.datasets import Dataset, load


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
