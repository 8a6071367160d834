import numpy as np
import pytest
import torch

from mmteach.types import Image


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Other work on the same cores must not make these tests slow."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory, monkeypatch):
    """Each test has a cache of its own, empty at first."""
    folder = tmp_path_factory.mktemp("features")
    monkeypatch.setenv("MMTEACH_CACHE", str(folder))
    return folder


@pytest.fixture
def pictures():
    """Make n random pictures, (N, H, W) or (N, H, W, 3) uint8."""

    def make(n: int = 3, height: int = 32, width: int = 24, channels: int = 1, seed: int = 0) -> np.ndarray:
        shape = (n, height, width) if channels == 1 else (n, height, width, channels)
        return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)

    return make


@pytest.fixture
def images(pictures):
    """Make the same pictures as a list of Image."""

    def make(*args: int, **options: int) -> list[Image]:
        return [Image(p) for p in pictures(*args, **options)]

    return make
