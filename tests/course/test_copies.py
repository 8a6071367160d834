"""Whatever happens to the course, nothing that a student wrote is lost."""

import json
import os
from pathlib import Path

import pytest

from mmteach.course import copies
from mmteach.course.copies import LIST, hand_out
from mmteach.errors import MmteachError

NAME = "02_preprocess.ipynb"


def notebook(*sources: str, outputs: bool = False, tags: tuple[str, ...] = (), **metadata) -> bytes:
    output = {"output_type": "stream", "name": "stdout", "text": ["42\n"]}
    cells = [
        {
            "cell_type": "code",
            "source": source.splitlines(keepends=True),
            "metadata": {"tags": list(tags)},
            "outputs": [output] if outputs else [],
            "execution_count": 7 if outputs else None,
        }
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


OLD, NEW, MINE = notebook("x = 1"), notebook("x = 2"), notebook("x = 1\nx = 'mine'")


class Room:
    """A course, a student's folder, and what was said."""

    def __init__(self, tmp_path: Path) -> None:
        self.course = tmp_path / "course"
        self.course.mkdir()
        self.work = tmp_path / "my work"

    def publish(self, content: bytes, name: str = NAME) -> None:
        (self.course / name).parent.mkdir(parents=True, exist_ok=True)
        (self.course / name).write_bytes(content)

    def lab(self, version: str = "0.1.0") -> list[str]:
        return hand_out(self.work, self.course, version).sentences()

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.work.rglob("*") if path.is_file() and path.name != LIST)
        return {path.relative_to(self.work).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def room(tmp_path) -> Room:
    room = Room(tmp_path)
    room.publish(OLD)
    room.lab("0.1.0")
    return room


def test_first_time_everything_is_handed_out_in_one_line(tmp_path):
    room = Room(tmp_path)
    room.publish(OLD)
    room.publish(b"a,b\n", "data/table.csv")
    room.publish(b"{}", ".ipynb_checkpoints/02.ipynb")
    assert room.lab() == [f"2 new course files are in {room.work}."]
    assert room.files() == {NAME: OLD, "data/table.csv": b"a,b\n"}


def test_second_time_there_is_nothing_to_say(room):
    assert room.lab("0.1.0") == room.lab("0.2.0") == []
    assert room.files() == {NAME: OLD}


def test_untouched_file_is_updated(room):
    room.publish(NEW)
    assert room.lab("0.2.0") == [f"{NAME}: updated to 0.2.0."]
    assert room.files() == {NAME: NEW}


def test_written_file_stays_and_the_course_lies_beside(room):
    (room.work / NAME).write_bytes(MINE)
    assert room.lab("0.1.0") == []
    room.publish(NEW)
    beside = "02_preprocess.course-0.2.0.ipynb"
    assert room.lab("0.2.0") == [f"{NAME}: yours is kept; the course's 0.2.0 lies beside it as {beside}."]
    assert room.files() == {NAME: MINE, beside: NEW}
    assert room.lab("0.2.0") == []
    assert room.files() == {NAME: MINE, beside: NEW}


def test_same_version_with_another_text_takes_another_name(room):
    (room.work / NAME).write_bytes(MINE)
    room.publish(NEW)
    room.lab("0.2.0")
    newer = notebook("x = 3")
    room.publish(newer)
    room.lab("0.2.0")
    assert room.files() == {
        NAME: MINE,
        "02_preprocess.course-0.2.0.ipynb": NEW,
        "02_preprocess.course-0.2.0-2.ipynb": newer,
    }


def test_a_name_the_student_uses_is_not_taken(room):
    (room.work / NAME).write_bytes(MINE)
    (room.work / "02_preprocess.course-0.2.0.ipynb").write_bytes(b"my own")
    room.publish(NEW)
    room.lab("0.2.0")
    assert room.files()["02_preprocess.course-0.2.0.ipynb"] == b"my own"
    assert room.files()["02_preprocess.course-0.2.0-2.ipynb"] == NEW


def test_only_run_is_not_written_and_the_run_is_kept(room):
    run = notebook("x = 1", "  \n", outputs=True, kernelspec={"name": "python3"})
    (room.work / NAME).write_bytes(run)
    assert room.lab("0.1.0") == []
    room.publish(NEW)
    kept = "02_preprocess.yours-0.1.0.ipynb"
    assert room.lab("0.2.0") == [f"{NAME}: updated to 0.2.0; your run is kept beside it as {kept}."]
    assert room.files() == {NAME: NEW, kept: run}


def test_only_opened_leaves_no_copy(room):
    opened = notebook("x = 1", kernelspec={"name": "python3"})
    (room.work / NAME).write_bytes(opened)
    room.publish(NEW)
    assert room.lab("0.2.0") == [f"{NAME}: updated to 0.2.0."]
    assert room.files() == {NAME: NEW}


def test_outputs_that_were_handed_out_are_not_the_students(tmp_path):
    room = Room(tmp_path)
    room.publish(notebook("x = 1", outputs=True, tags=("nbval-check-output",)))
    room.lab("0.1.0")
    (room.work / NAME).write_bytes(notebook("x = 1", outputs=True, tags=("nbval-check-output",), opened=True))
    room.publish(NEW)
    room.lab("0.2.0")
    assert room.files() == {NAME: NEW}


def test_deleted_file_comes_back(room):
    (room.work / NAME).unlink()
    assert room.lab("0.1.0") == [f"{NAME}: was gone; a fresh copy is back."]
    assert room.files() == {NAME: OLD}


def test_new_chapter_is_said(room):
    room.publish(NEW, "03_features.ipynb")
    assert room.lab("0.2.0") == ["03_features.ipynb: new in the course."]


def test_file_that_left_the_course_stays(room):
    (room.course / NAME).unlink()
    assert room.lab("0.2.0") == []
    assert room.files() == {NAME: OLD}


def test_taking_the_newer_one_over_makes_the_file_untouched_again(room):
    (room.work / NAME).write_bytes(MINE)
    room.publish(NEW)
    room.lab("0.2.0")
    (room.work / "02_preprocess.course-0.2.0.ipynb").replace(room.work / NAME)
    assert room.lab("0.2.0") == []
    room.publish(OLD)
    assert room.lab("0.3.0") == [f"{NAME}: updated to 0.3.0."]


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"files": []}',
        '{"files": {"a": 1}}',
        '{"files": {"a": {"version": 1, "sha256": 2, "words": 3}}}',
    ],
)
def test_damaged_list_makes_every_file_the_students(room, damage):
    room.publish(NEW)
    (room.work / LIST).write_text(damage, encoding="utf-8")
    said = room.lab("0.2.0")
    assert said[0].startswith(f"{LIST} is damaged")
    assert room.files() == {NAME: OLD, "02_preprocess.course-0.2.0.ipynb": NEW}
    assert room.lab("0.2.0") == []


def test_lost_list_loses_nothing(room):
    (room.work / LIST).unlink()
    (room.work / NAME).write_bytes(MINE)
    room.lab("0.1.0")
    assert room.files() == {NAME: MINE, "02_preprocess.course-0.1.0.ipynb": OLD}


def test_lost_list_again_and_again_lays_one_copy_beside(room):
    (room.work / NAME).write_bytes(MINE)
    for _ in range(2):
        (room.work / LIST).unlink()
        room.lab("0.1.0")
    assert room.files() == {NAME: MINE, "02_preprocess.course-0.1.0.ipynb": OLD}


def test_lost_list_and_a_file_that_was_only_run(room):
    run = notebook("x = 1", outputs=True)
    (room.work / LIST).unlink()
    (room.work / NAME).write_bytes(run)
    assert room.lab("0.1.0") == []
    assert room.files() == {NAME: run}


def test_broken_notebook_is_kept(room):
    (room.work / NAME).write_bytes(OLD[:50])
    room.publish(NEW)
    room.lab("0.2.0")
    assert room.files() == {NAME: OLD[:50], "02_preprocess.course-0.2.0.ipynb": NEW}


@pytest.mark.parametrize("inside", [".", "deeper"])
def test_the_course_itself_is_refused(room, inside):
    before = sorted(room.course.rglob("*"))
    with pytest.raises(MmteachError, match="holds the course itself: choose another folder"):
        hand_out(room.course / inside, room.course)
    assert sorted(room.course.rglob("*")) == before


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_file_where_the_folder_should_be(room, tmp_path, below):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(MmteachError, match=r"taken.* is a file, and a folder is needed"):
        hand_out(tmp_path / "taken" / below, room.course)


def test_folder_where_a_notebook_should_be(room):
    (room.work / NAME).unlink()
    (room.work / NAME).mkdir()
    with pytest.raises(MmteachError, match="rename the folder"):
        room.lab()


def test_read_only_folder_is_a_sentence(room, monkeypatch):
    def refuse(*_args):
        raise PermissionError(13, "Permission denied", "x")

    room.publish(NEW)
    monkeypatch.setattr(copies, "write_atomically", refuse)
    with pytest.raises(MmteachError, match=r"cannot write the course into .*Permission denied.*--dir"):
        room.lab("0.2.0")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_truly_read_only_folder_is_a_sentence(room):
    room.publish(NEW)
    room.work.chmod(0o500)
    with pytest.raises(MmteachError, match="cannot write"):
        room.lab("0.2.0")
    room.work.chmod(0o700)


def test_a_write_that_fails_leaves_the_old_file_whole(room, monkeypatch):
    def full(_number):
        raise OSError(28, "No space left on device")

    room.publish(NEW)
    monkeypatch.setattr(copies.os, "fsync", full)
    with pytest.raises(MmteachError, match="No space left"):
        room.lab("0.2.0")
    assert room.files() == {NAME: OLD}
    monkeypatch.undo()
    assert room.lab("0.2.0") == [f"{NAME}: updated to 0.2.0."]


def test_the_new_file_takes_its_place_in_one_step(room, monkeypatch):
    def stop(_self, _target):
        raise OSError(5, "Input/output error")

    room.publish(NEW)
    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(MmteachError, match="Input/output error"):
        room.lab("0.2.0")
    assert room.files() == {NAME: OLD}


def test_dry_run_says_what_would_be_done_and_touches_nothing(room):
    (room.work / NAME).write_bytes(MINE)
    room.publish(OLD, "01_multimodal.ipynb")
    room.publish(OLD, "03_features.ipynb")
    room.lab("0.1.0")
    room.publish(NEW)
    room.publish(NEW, "01_multimodal.ipynb")
    run = notebook("x = 1", outputs=True)
    (room.work / "01_multimodal.ipynb").write_bytes(run)
    (room.work / "03_features.ipynb").unlink()
    before = {path: path.read_bytes() for path in room.work.rglob("*")}
    would = hand_out(room.work, room.course, "0.2.0", dry_run=True)
    assert {path: path.read_bytes() for path in room.work.rglob("*")} == before
    assert [change.sentence(done=False) for change in would.changes] == [
        "01_multimodal.ipynb: will be updated to 0.2.0; your run will be kept beside it as "
        "01_multimodal.yours-0.1.0.ipynb.",
        f"{NAME}: yours is kept; the course's 0.2.0 will lie beside it as 02_preprocess.course-0.2.0.ipynb.",
        "03_features.ipynb: was gone; a fresh copy will come back.",
    ]
    assert hand_out(room.work, room.course, "0.2.0") == would


def test_dry_run_makes_no_folder(room, tmp_path):
    assert [c.action for c in hand_out(tmp_path / "none", room.course, dry_run=True).changes] == ["new"]
    assert not (tmp_path / "none").exists()
