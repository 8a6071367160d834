import csv
import importlib
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.datasets import Dataset, Row

EMBEDDED = Path(__file__).parents[2] / "datasets"


class SpeechSet(NamedTuple):
    """An embedded set of speech: its folder, the rows of its manifest, and the modules that make it."""

    folder: Path
    rows: list[dict[str, str]]
    modules: dict[str, ModuleType]


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


@pytest.fixture(scope="session")
def speech_set():
    """Open an embedded set by name; each has its own make.py, so none stays in sys.modules."""

    @cache
    def open_set(name: str) -> SpeechSet:
        folder = EMBEDDED / name
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        names = [path.stem for path in (*folder.glob("*.py"), *EMBEDDED.glob("*.py"))]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "path", [str(folder), *sys.path])  # make.py adds to it: the list goes with the patch
            for each in names:
                patch.delitem(sys.modules, each, raising=False)
            importlib.import_module("make")
            modules = {each: sys.modules.pop(each) for each in names if each in sys.modules}
        return SpeechSet(folder, rows, modules)

    return open_set
