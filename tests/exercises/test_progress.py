"""What was done is kept, adds up, moves to another machine, and survives damage."""

import json
import multiprocessing
import os
import sqlite3
import time

import pytest

from mmteach.errors import DataError
from mmteach.exercises.outcome import Outcome, Status
from mmteach.exercises.progress import Event, Progress, State


def checked(status, points=0, id="a.b", version=1):
    return Outcome(id, version, status, points, 4)


def test_nothing_yet(progress):
    assert progress.events() == []
    assert progress.state("a.b", 1) == State()
    assert not progress.path.exists(), "looking makes no file"


def test_the_best_check_counts_and_tries_are_counted(progress):
    for status, points in (
        (Status.NOT_ATTEMPTED, 0), (Status.INCORRECT, 0), (Status.SETUP, 0), (Status.PASSED, 4), (Status.BROKEN, 0),
    ):  # fmt: skip
        progress.add_outcome(checked(status, points))
    assert progress.state("a.b", 1) == State("passed", 4, 3, 0, False)


def test_hints_and_solutions_are_seen(progress):
    progress.add(Event(1.0, "a.b", 1, "hint", detail="1"))
    progress.add(Event(2.0, "a.b", 1, "solution"))
    assert progress.state("a.b", 1) == State("untouched", 0, 0, 1, True)


def test_an_older_version_does_not_count(progress):
    progress.add_outcome(checked(Status.PASSED, 4))
    assert progress.state("a.b", 2) == State()


def test_it_is_there_in_the_next_kernel(progress):
    progress.add_outcome(checked(Status.PARTLY, 2))
    assert Progress(progress.path).state("a.b", 1).points == 2


def write_many(path, name, n):
    for i in range(n):
        book = Progress(path)
        book.add(Event(float(i), name, 1, "check", "passed", 1, 1))
        assert not book.sentence, book.sentence


def test_two_kernels_at_once_lose_nothing(progress):
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=write_many, args=(progress.path, name, 40)) for name in ("x.one", "x.two")]
    [process.start() for process in both]
    [process.join(60) for process in both]
    assert [process.exitcode for process in both] == [0, 0]
    events = progress.events()
    assert len(events) == 80
    assert [e.at for e in events if e.exercise == "x.one"] == list(range(40))


@pytest.mark.parametrize("junk", [b"this is no database, by any means" * 50, b"SQLite format 3\0" + b"\7" * 5000])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(progress, junk):
    progress.path.write_bytes(junk)
    progress.add_outcome(checked(Status.PASSED, 4))
    assert "was damaged: it was set aside as progress-damaged.sqlite" in progress.sentence
    assert progress.path.with_name("progress-damaged.sqlite").read_bytes() == junk
    assert progress.state("a.b", 1).status == "passed"


def test_a_page_damaged_in_the_middle_is_found(progress):
    progress.add_all([Event(float(i), "a.b", 1, "check", "passed", detail="x" * 200) for i in range(500)])
    content = bytearray(progress.path.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * (4096 * 3)
    progress.path.write_bytes(content)
    book = Progress(progress.path)
    book.add_outcome(checked(Status.PASSED, 4))
    assert "was damaged" in book.sentence
    assert len(book.events()) == 1
    assert len(list(progress.path.parent.glob("progress-damaged.sqlite"))) == 1


def test_two_damaged_files_are_both_kept(progress):
    for _ in range(2):
        progress.path.write_bytes(b"no database" * 100)
        Progress(progress.path).add_outcome(checked(Status.PASSED))
    assert len(list(progress.path.parent.glob("progress-damaged*.sqlite"))) == 2


def test_an_empty_file_is_begun(progress):
    progress.path.touch()
    progress.add_outcome(checked(Status.PASSED, 4))
    assert progress.state("a.b", 1).points == 4


def test_a_newer_format_is_left_alone(progress):
    with sqlite3.connect(progress.path) as database:
        database.execute("PRAGMA user_version = 99")
    before = progress.path.read_bytes()
    progress.add_outcome(checked(Status.PASSED))
    assert "newer mmteach" in progress.sentence
    assert progress.path.read_bytes() == before
    assert progress.state("a.b", 1) == State()


def test_a_folder_that_cannot_be_made_costs_no_check(tmp_path):
    (tmp_path / "file").write_text("in the way")
    book = Progress(tmp_path / "file" / "progress.sqlite")
    book.add_outcome(checked(Status.PASSED))
    assert "could not be saved" in book.sentence


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows may write everywhere")
def test_a_read_only_disk_costs_no_check(progress):
    progress.add_outcome(checked(Status.INCORRECT))
    progress.path.parent.chmod(0o500)
    try:
        progress.add_outcome(checked(Status.PASSED))
    finally:
        progress.path.parent.chmod(0o700)
    assert "could not be saved" in progress.sentence


def test_to_another_machine_and_nothing_counts_twice(progress, tmp_path):
    progress.add_outcome(checked(Status.INCORRECT))
    progress.add_outcome(checked(Status.PASSED, 4))
    assert progress.export(tmp_path / "out.json") == 2
    other = Progress(tmp_path / "other" / "progress.sqlite")
    other.add_outcome(checked(Status.PARTLY, 1, id="c.d"))
    assert other.bring(tmp_path / "out.json") == 2
    assert other.bring(tmp_path / "out.json") == 0
    assert other.state("a.b", 1) == progress.state("a.b", 1)
    assert other.state("c.d", 1).points == 1


def test_an_export_overwrites_nothing(progress, tmp_path):
    (tmp_path / "out.json").write_text("mine")
    with pytest.raises(FileExistsError):
        progress.export(tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == "mine"


GOOD = {"at": 1.0, "exercise": "a.b", "version": 1, "kind": "check"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"mmteach progress": 1}',
        '{"mmteach progress": 9, "events": []}',
        json.dumps({"mmteach progress": 1, "events": [GOOD | {"kind": "magic"}]}),
        json.dumps({"mmteach progress": 1, "events": [GOOD | {"at": "noon"}]}),
        json.dumps({"mmteach progress": 1, "events": [GOOD | {"extra": 1}]}),
        json.dumps({"mmteach progress": 1, "events": ["x"]}),
    ],
)
def test_what_is_no_export_is_refused_whole(progress, tmp_path, content):
    (tmp_path / "in.json").write_text(content)
    with pytest.raises(DataError, match=r"in\.json"):
        progress.bring(tmp_path / "in.json")
    assert progress.events() == []


def test_a_missing_export_is_a_sentence(progress, tmp_path):
    with pytest.raises(DataError, match="mmteach progress export"):
        progress.bring(tmp_path / "none.json")


def test_reset_keeps_a_copy(progress):
    progress.add_outcome(checked(Status.PASSED, 4))
    kept = progress.reset()
    assert progress.events() == []
    assert Progress(kept).state("a.b", 1).points == 4
    progress.add_outcome(checked(Status.PARTLY, 1))
    assert progress.reset() != kept


def test_reset_of_nothing(progress):
    assert progress.reset() is None


def test_adding_is_quick(progress):
    begin = time.perf_counter()
    for _ in range(20):
        progress.add_outcome(checked(Status.PASSED))
    assert time.perf_counter() - begin < 10  # a hang would be seen; the speed itself is `make bench`'s
