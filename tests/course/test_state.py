"""Notebooks joined with what was done in them."""

import json
from dataclasses import replace

import pytest

from mmteach.course.state import Place, course_state, last_place, quiz_answers, quiz_name, starter
from mmteach.exercises.progress import Event, State

PASSED = State("passed", 3, 1)


def write(path, *ids, version=1):
    marks = [{"exercise": id, "part": "starter", "points": 3, "version": version, "title": id} for id in ids]
    cells = [{"cell_type": "code", "source": f"def {m['exercise']}", "metadata": {"mmteach": m}} for m in marks]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "00_welcome.ipynb")
    write(tmp_path / "01_multimodal.ipynb", "multimodal.a", "multimodal.b")
    return tmp_path


def states(folder, states=None, events=(), source=None):
    return [c.state for c in course_state(folder, source or folder, states or {}, events)]


def test_done_needs_every_exercise(folder):
    both = {("multimodal.a", 1): PASSED, ("multimodal.b", 1): PASSED}
    assert states(folder, both) == ["untouched", "done"]
    event = Event(1.0, "multimodal.a", 1, "hint")
    assert states(folder, {**both, ("multimodal.b", 1): replace(PASSED, status="partly")}, [event])[1] == "begun"


def test_what_was_passed_in_an_older_version_is_not_passed_now(folder, tmp_path):
    newer = tmp_path / "newer"
    newer.mkdir()
    write(newer / "01_multimodal.ipynb", "multimodal.a", "multimodal.b", version=2)
    both = {("multimodal.a", 1): PASSED, ("multimodal.b", 1): PASSED}
    multimodal = course_state(folder, newer, both, [])[1]
    assert [(e.version, e.status, e.points) for e in multimodal.exercises] == [(2, "untouched", 0)] * 2


@pytest.mark.parametrize(
    ("event", "exercise"),
    [
        (Event(1.0, "multimodal.b", 1, "check", "incorrect"), "multimodal.b"),
        (Event(1.0, "", 1, "open", detail="01_multimodal.ipynb"), None),
        (Event(1.0, quiz_name("multimodal", "q"), 1, "quiz", detail="1"), None),
    ],
)
def test_each_kind_of_event_begins_its_chapter_and_is_a_place(folder, event, exercise):
    events = [Event(0.0, "", 1, "open", detail="00_welcome.ipynb"), event, Event(2.0, "gone.x", 1, "hint")]
    found = course_state(folder, folder, {}, events)
    assert [c.state for c in found] == ["begun", "begun"]
    assert last_place(found, events) == Place(folder / "01_multimodal.ipynb", exercise)
    assert [c.state for c in course_state(folder, folder, {}, [event])] == ["untouched", "begun"]


def test_nothing_done_is_no_place(folder):
    assert last_place(course_state(folder, folder, {}, []), []) is None


def test_points_are_never_more_than_can_be_reached(folder):
    many = {("multimodal.a", 1): replace(PASSED, points=99)}
    multimodal = course_state(folder, folder, many, [])[1]
    assert (multimodal.points, multimodal.out_of) == (3, 6)


def test_files_beside_are_no_chapters(folder):
    (folder / "01_multimodal.course-0.2.0.ipynb").write_text("{")
    (folder / "02_folder.ipynb").mkdir()
    assert len(states(folder)) == 2


def test_starter_of_the_course(folder):
    assert starter(folder, "multimodal.b").starter == "def multimodal.b"
    assert starter(folder, "multimodal.z") is None


def test_the_last_answer_of_a_quiz_counts(folder):
    chosen = [
        ("a/q", "quiz", "1"),
        ("b/q", "quiz", "2"),
        ("a/q", "quiz", "0"),
        ("a/r", "quiz", "x"),
        ("a/s", "hint", "1"),
    ]
    events = [Event(1.0, name, 1, kind, detail=detail) for name, kind, detail in chosen]
    assert quiz_answers("a", events) == {"q": 0}
