"""What the panel is told, in every state that a folder, a notebook or the book of progress can be in."""

import os
import shutil
import sqlite3
import threading

import pytest

from mmteach.course import copies
from mmteach.course.copies import LIST, hand_out
from mmteach.errors import MmteachError, ParameterError
from mmteach.exercises.progress import Event
from mmteach.lab import desk as module
from mmteach.lab.desk import Desk
from mmteach.lab.wanted import NotFoundError


def check(id, status, points, version=1):
    return Event(1.0, id, version, "check", status, points, 4)


def chapters(desk):
    return {c["slug"]: c for c in desk.course()["chapters"]}


def test_no_course_yet(desk):
    told = desk.course()
    assert (told["folder"], told["chapters"], told["last"], told["writable"]) == (None, [], None, True)


def test_states_points_and_the_last_place(desk, book):
    desk.make_course({})
    assert {c["state"] for c in desk.course()["chapters"]} == {"untouched"}
    book.add_all([check("welcome.one", "passed", 2), check("preprocess.a", "partly", 1)])
    told = desk.course()
    assert [(c["state"], c["points"], c["out_of"]) for c in told["chapters"]] == [("done", 2, 2), ("begun", 1, 7)]
    assert (told["points"], told["out_of"]) == (3, 9)
    assert told["last"] == {"path": "mmteach-course/02_preprocess.ipynb", "exercise": "preprocess.a"}
    first = told["chapters"][1]["exercises"][0]
    assert first == {"id": "preprocess.a", "title": "Title of preprocess.a", "points": 1, "out_of": 3, "version": 1,
                     "status": "partly", "tries": 1, "hints": 0, "solution_seen": False}  # fmt: skip


def test_opening_a_notebook_begins_its_chapter_wherever_the_folder_goes(desk, root):
    desk.make_course({})
    desk.note({"kind": "open", "detail": "mmteach-course/02_preprocess.ipynb"})
    (root / "mmteach-course").rename(root / "mine")
    told = desk.course()
    assert [c["state"] for c in told["chapters"]] == ["untouched", "begun"]
    assert told["last"] == {"path": "mine/02_preprocess.ipynb", "exercise": None}


def test_damaged_notebook_is_listed_and_the_rest_works(desk, root, book):
    desk.make_course({})
    book.add(check("preprocess.b", "passed", 4))
    (root / "mmteach-course" / "02_preprocess.ipynb").write_text("{")
    told = desk.course()["chapters"]
    assert [c["damaged"] for c in told] == [False, True]
    assert (told[1]["title"], told[1]["points"], told[1]["out_of"]) == ("Before learning", 4, 7)


@pytest.mark.parametrize("content", ['{"cells": [1]}', '{"cells": [{"cell_type": "markdown"}]}', "[]", "[" * 99_999])
def test_every_kind_of_damage(desk, root, content):
    desk.make_course({})
    (root / "mmteach-course" / "00_welcome.ipynb").write_text(content)
    assert chapters(desk)["welcome"]["damaged"]


def test_strange_metadata_are_no_damage(desk, root, notebook, cells):
    desk.make_course({})
    strange = [{**cells("x.y")[1], "metadata": m} for m in ([], {"mmteach": 1}, {"mmteach": {"exercise": ["a"]}})]
    mine = cells("mine.own", points="many", version=-1)
    notebook(root / "mmteach-course" / "00_welcome.ipynb", "Mine", *strange, *mine)
    welcome = chapters(desk)["welcome"]
    assert (welcome["damaged"], welcome["title"], welcome["out_of"]) == (False, "Mine", 0)
    assert [e["id"] for e in welcome["exercises"]] == ["mine.own"]


def test_link_out_of_the_folder_is_not_read(desk, root, tmp_path, notebook, source):
    desk.make_course({})
    notebook(tmp_path / "secret.ipynb", "Secret")
    welcome = root / "mmteach-course" / "00_welcome.ipynb"
    welcome.unlink()
    welcome.symlink_to(tmp_path / "secret.ipynb")
    told = chapters(desk)["welcome"]
    assert (told["damaged"], told["title"]) == (True, "Welcome")
    for work in (desk.updates, desk.update, lambda: desk.make_course({})):
        with pytest.raises(MmteachError, match="is a link out of JupyterLab's folder: remove the link"):
            work()


def test_folder_that_leads_out_gets_nothing_written(desk, root, tmp_path):
    desk.make_course({})
    folder = root / "mmteach-course" / "data"
    shutil.rmtree(folder)
    (tmp_path / "outside").mkdir()
    folder.symlink_to(tmp_path / "outside", target_is_directory=True)
    with pytest.raises(MmteachError, match="is a link out"):
        desk.update()
    assert list((tmp_path / "outside").iterdir()) == []


def test_damaged_progress_is_set_aside_and_every_browser_learns_of_it(desk, book):
    desk.make_course({})
    book.path.parent.mkdir(parents=True, exist_ok=True)
    book.path.write_bytes(b"no database" * 100)
    for _ in range(2):
        assert "was damaged: it was set aside as progress-damaged.sqlite" in desk.course()["sentence"]
    assert (book.path.parent / "progress-damaged.sqlite").read_bytes() == b"no database" * 100
    assert desk.note({"kind": "hint", "exercise": "welcome.one"})["state"]["hints"] == 1


def test_progress_of_a_newer_mmteach_is_left_alone(desk, book):
    desk.make_course({})
    book.add(check("welcome.one", "passed", 2))
    database = sqlite3.connect(book.path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    told = desk.course()
    assert "was written by a newer mmteach" in told["sentence"]
    assert [c["state"] for c in told["chapters"]] == ["untouched", "untouched"]
    assert "newer mmteach" in desk.note({"kind": "hint", "exercise": "welcome.one"})["sentence"]


def test_read_only_disk(desk, book, monkeypatch):
    desk.make_course({})
    monkeypatch.setattr(module.os, "access", lambda _path, mode: mode != os.W_OK)
    assert desk.course()["writable"] is False

    def refuse(*_args):
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(copies, "write_atomically", refuse)
    (desk.root / "mmteach-course" / "00_welcome.ipynb").unlink()
    with pytest.raises(MmteachError, match=r"cannot write the course .*Read-only"):
        desk.update()
    assert [c["action"] for c in desk.updates()["changes"]] == ["restored"]
    monkeypatch.setattr(module.Progress, "add_all", refuse)
    assert "could not be saved" in desk.note({"kind": "solution", "exercise": "preprocess.a"})["sentence"]


def test_older_course_is_updated_and_what_was_written_is_kept(desk, root, source, notebook, cells):
    work = root / "mmteach-course"
    hand_out(work, source, "0.0.9")
    mine = (work / "00_welcome.ipynb").read_text().replace("return ...", "return 1")
    (work / "00_welcome.ipynb").write_text(mine)
    notebook(source / "00_welcome.ipynb", "Welcome", *cells("welcome.one", 5, 2, "def other(): ..."))
    notebook(source / "02_preprocess.ipynb", "Before learning, anew", *cells("preprocess.a"))
    notebook(source / "03_features.ipynb", "Features")
    before = {path.name: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    would = desk.updates()["changes"]
    assert before == {path.name: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    assert [(c["name"][:2], c["action"]) for c in would] == [("00", "kept"), ("02", "updated"), ("03", "new")]
    assert would[0]["sentence"].endswith("the course's 0.1.0 will lie beside it as 00_welcome.course-0.1.0.ipynb.")
    one = chapters(desk)["welcome"]["exercises"][0]
    assert (one["version"], one["out_of"]) == (2, 5), "the installed course judges"
    done = desk.update()
    assert [{**c, "sentence": ""} for c in done["changes"]] == [{**c, "sentence": ""} for c in would]
    assert done["sentences"] == [c["sentence"] for c in done["changes"]]
    assert (work / "00_welcome.ipynb").read_text() == mine
    assert (work / would[0]["beside"]).read_bytes() == (source / "00_welcome.ipynb").read_bytes()
    assert desk.updates() == {"changes": []}


def test_two_browsers_make_one_course(desk, root):
    made, threads = [], []
    for _ in range(4):
        threads.append(threading.Thread(target=lambda: made.append(desk.make_course({}))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(m["chapters"]) for m in made] == [2] * 4
    assert sorted(len(m["sentences"]) for m in made) == [0, 0, 0, 1]
    assert sorted(p.name for p in (root / "mmteach-course").iterdir()) == [
        LIST, "00_welcome.ipynb", "02_preprocess.ipynb", "data",
    ]  # fmt: skip


def test_a_second_course_elsewhere_is_refused(desk, root):
    desk.make_course({"folder": "mine"})
    assert desk.course()["folder"] == "mine"
    with pytest.raises(MmteachError, match="the course is in mine already"):
        desk.make_course({})
    assert [path.name for path in root.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["a/b", "a\\b", ".hidden", "..", 3, "x" * 2000])
def test_names_of_folders(desk, root, name):
    with pytest.raises(ParameterError):
        desk.make_course({"folder": name})
    assert list(root.iterdir()) == []


def test_file_where_the_folder_should_be(desk, root):
    (root / "mmteach-course").write_text("a file")
    with pytest.raises(MmteachError, match="is a file, and a folder is needed"):
        desk.make_course({})


def test_lost_list_is_no_lost_course(desk, root):
    desk.make_course({})
    (root / "mmteach-course" / LIST).unlink()
    assert desk.course()["folder"] == "mmteach-course"


def test_quizzes_of_two_chapters_may_have_the_same_id(desk):
    for path, chosen in (("00_welcome.ipynb", 1), ("w/02_preprocess.ipynb", 3), ("00_welcome.ipynb", 0)):
        told = desk.answer({"quiz": "cell-12", "chosen": chosen, "path": path})
    assert told == {"answers": {"cell-12": 0}, "sentence": ""}
    assert desk.answers("moved/03_preprocess.ipynb")["answers"] == {"cell-12": 3}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "open"},
        {"kind": "hint"},
        {"kind": "hint", "exercise": "a b"},
        {"kind": "hint", "exercise": "welcome.one", "version": True},
        {"kind": "hint", "exercise": "welcome.one", "version": -1},
        {"kind": "hint", "exercise": "welcome.one", "version": 2**70},
        {"kind": "hint", "exercise": "welcome.one", "detail": 3},
        {"kind": "hint", "exercise": "welcome.one", "detail": "x" * 1001},
        {"kind": ["check"], "exercise": "welcome.one"},
    ],
)
def test_events_that_do_not_fit(desk, book, body):
    with pytest.raises(ParameterError):
        desk.note(body)
    assert book.events() == []


def test_unknown_exercise(desk, book):
    with pytest.raises(NotFoundError, match=r"no exercise of this course is called 'a\.b'"):
        desk.note({"kind": "hint", "exercise": "a.b"})
    assert book.events() == []


def test_course_that_came_without_notebooks_is_a_sentence(root, monkeypatch):
    def fail():
        raise MmteachError("this mmteach came without its notebooks")

    monkeypatch.setattr(module, "notebooks_folder", fail)
    with pytest.raises(MmteachError, match="without its notebooks"):
        Desk(root).course()
