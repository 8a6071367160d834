"""A notebook tells its title, minutes and exercises, and is read again when it has changed."""

import json
import os

import pytest

from mmteach.course import pages
from mmteach.course.pages import Task, read_page
from mmteach.errors import MmteachError


def write(path, *cells):
    made = [
        {"cell_type": kind, "source": source, "metadata": {"mmteach": mark} if mark else {}}
        for kind, source, mark in cells
    ]
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")


STARTER = {"exercise": "a.b", "part": "starter", "points": 3, "version": 2, "title": "Mean"}


def test_title_minutes_and_exercises_in_order(tmp_path):
    path = tmp_path / "00_welcome.ipynb"
    write(
        path,
        ("markdown", ["# Welcome\n", "\n", "45 minutes"], None),
        ("markdown", "### Write", {"exercise": "a.c", "part": "task"}),
        ("markdown", "### Write", {"exercise": "a.b", "part": "task"}),
        ("code", ["def f():\n", "    return ..."], STARTER),
    )
    page = read_page(path)
    assert (page.title, page.minutes) == ("Welcome", 45)
    assert page.tasks == (Task("a.c", "a.c", 0, 1, ""), Task("a.b", "Mean", 3, 2, "def f():\n    return ..."))


def test_it_is_read_again_only_when_it_has_changed(tmp_path, monkeypatch):
    path = tmp_path / "00_welcome.ipynb"
    write(path, ("markdown", "# Old", None))
    assert read_page(path).title == "Old"
    monkeypatch.setattr(pages.json, "loads", None)
    assert read_page(path).title == "Old"
    monkeypatch.undo()
    write(path, ("markdown", "# New", None))
    os.utime(path, ns=(1, 1))
    assert read_page(path).title == "New"


def test_notebook_that_cannot_be_opened(tmp_path):
    with pytest.raises(MmteachError, match=r"gone\.ipynb cannot be read \(No such file"):
        read_page(tmp_path / "gone.ipynb")
