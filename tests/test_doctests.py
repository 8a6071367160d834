"""The examples in the docstrings of the rooms from file to prediction say what really comes out."""

import doctest
import importlib
import pkgutil

import pytest

import mmteach

ROOMS = ("datasets", "preprocess", "features", "batch", "models", "train", "infer", "pipeline")
MODULES = sorted(m.name for m in pkgutil.walk_packages(mmteach.__path__, "mmteach.") if m.name.split(".")[1] in ROOMS)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    found = [t for name in MODULES for t in finder.find(importlib.import_module(name)) if t.examples]
    assert len(found) >= 4
