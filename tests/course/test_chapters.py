"""Chapters are read from the heads of their notebooks."""

import json
from pathlib import Path

import pytest

from mmteach.course import chapters as module
from mmteach.course.chapters import chapters, notebooks_folder
from mmteach.errors import MmteachError


def write(path: Path, *markdown: str) -> None:
    cells = [{"cell_type": "markdown", "source": text.splitlines(keepends=True), "metadata": {}} for text in markdown]
    path.write_text(json.dumps({"cells": cells, "metadata": {}}), encoding="utf-8")


def test_number_slug_title_and_minutes_in_order(tmp_path):
    write(tmp_path / "02_preprocess.ipynb", "# Before learning\n\nAbout **40 minutes**.", "wait 5 minutes")
    write(tmp_path / "00_welcome.ipynb", "no heading here")
    write(tmp_path / "02_preprocess.course-0.2.0.ipynb", "# Beside")
    write(tmp_path / "scratch.ipynb", "# Mine")
    assert [chapter[:4] for chapter in chapters(tmp_path)] == [
        (0, "welcome", "welcome", None),
        (2, "preprocess", "Before learning", 40),
    ]


def test_damaged_notebook_is_named(tmp_path):
    (tmp_path / "01_multimodal.ipynb").write_text("{")
    with pytest.raises(MmteachError, match=r"01_multimodal\.ipynb is not a readable notebook"):
        chapters(tmp_path)


def test_course_inside_the_package_comes_first(tmp_path, monkeypatch):
    inside, beside = tmp_path / "mmteach" / "course" / "notebooks", tmp_path / "notebooks"
    monkeypatch.setattr(module, "__file__", str(inside.parent / "chapters.py"))
    with pytest.raises(MmteachError, match="came without its notebooks"):
        notebooks_folder()
    for folder in (beside, inside):
        folder.mkdir(parents=True)
        write(folder / "00_welcome.ipynb", "# Welcome")
        assert notebooks_folder() == folder


def test_the_course_opens_with_welcome():
    assert chapters()[0].path.name == module.FIRST
