from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.datasets import Dataset, Row


@pytest.fixture(autouse=True)
def alone(tmp_path_factory, monkeypatch):
    """No set of this machine is seen, and none is written: each test has its own data folders."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.delenv("MMTEACH_DATA", raising=False)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(home / "scikit_learn_data"))
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: home / "user")
    return home


@pytest.fixture
def write_picture():
    """Write a small grey picture and return its path."""

    def write(path: Path, seed: int = 0, size: tuple[int, int] = (8, 6)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 256, size[::-1], dtype=np.uint8)
        Pillow.fromarray(pixels).save(path)
        return path

    return write


@pytest.fixture
def write_manifest(tmp_path, write_picture):
    """Write a manifest from its text; pictures named a.png to d.png lie beside it."""

    def write(text: str | bytes, name: str = "manifest.csv") -> Path:
        for i, letter in enumerate("abcd"):
            write_picture(tmp_path / "set" / f"{letter}.png", i)
        path = tmp_path / "set" / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def make_set():
    """Build a set in memory from (label, group, split) of each sample."""

    def make(*rows: tuple[str | None, str | None, str | None]) -> Dataset:
        return Dataset(
            [Row(str(i), {"vector": np.array([float(i)])}, *row) for i, row in enumerate(rows)],
            "made",
        )

    return make
