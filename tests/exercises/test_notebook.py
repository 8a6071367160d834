"""Exercises in notebooks: their cells, brought up to date in place, and filled in."""

import json
from pathlib import Path

import pytest

from mmteach.exercises.chapters.welcome import FIRST
from mmteach.exercises.notebook import cells_of, exercises_in, insert, parts_in, solved
from mmteach.exercises.registry import CHAPTERS, of_chapter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path):
    empty = {"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# T"]}], "metadata": {}}
    out = tmp_path / "book.ipynb"
    out.write_text(json.dumps(empty | {"nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return out


def sources(path):
    return ["".join(c["source"]) for c in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def test_task_starter_and_check(path):
    insert(path, FIRST, after=0)
    title, task, starter, check = sources(path)
    assert title == "# T"
    assert task.startswith("### Write: A first function\n\n`welcome.first` · 2 points")
    assert starter == FIRST.starter.strip()
    assert check == 'ex = exercise("welcome.first")\nex.check(my_share)'


def test_inserting_again_brings_it_up_to_date_in_place(path):
    insert(path, FIRST, after=0)
    book = json.loads(path.read_text(encoding="utf-8"))
    book["cells"][2]["source"] = ["old"]
    ids = [c["id"] for c in book["cells"]]
    path.write_text(json.dumps(book), encoding="utf-8")
    insert(path, FIRST, after=99)
    assert sources(path)[2] == FIRST.starter.strip()
    assert [c["id"] for c in json.loads(path.read_text(encoding="utf-8"))["cells"]] == ids


def test_filled_in(path, tmp_path):
    insert(path, FIRST, after=0)
    out = solved(path, tmp_path / "solved.ipynb")
    assert "return n_right / n" in sources(out)[2]
    code = "\n".join(sources(out)[2:])
    assert 'outcome = ex.check(my_share)\nassert outcome.status == "passed", outcome' in code
    assert sources(path)[2] == FIRST.starter.strip(), "the notebook itself stays"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_exercise_stands_in_its_chapters_notebook_as_it_is_defined(chapter):
    (path,) = (ROOT / "notebooks").glob(f"{CHAPTERS[chapter]:02d}_*.ipynb")
    wanted = of_chapter(chapter)
    assert exercises_in(path) == [e.id for e in wanted]
    book = json.loads(path.read_text(encoding="utf-8"))
    cells = {tuple(c["metadata"]["mmteach"].values())[:2]: c for c in book["cells"] if "mmteach" in c["metadata"]}
    assert parts_in(book) == [(e.id, part) for e in wanted for part in ("task", "starter", "check")]
    for e in wanted:
        for cell in cells_of(e):
            mark = cell["metadata"]["mmteach"]
            there = cells[mark["exercise"], mark["part"]]
            assert "".join(there["source"]) == "".join(cell["source"]), f"{e.id}: insert it again"
            assert there["metadata"]["mmteach"] == mark
    later = "".join("".join(c["source"]) for c in book["cells"])
    assert all(f"ex.mine_or_reference({e.name})" in later for e in wanted)
    assert f'overview("{chapter}")' in later
