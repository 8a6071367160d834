"""`mmteach exercises` and `mmteach progress` from the command line."""

import json

import pytest
from click.testing import CliRunner

from mmteach import cli
from mmteach.exercises import prove as proving
from mmteach.exercises.chapters.welcome import FIRST
from mmteach.exercises.practice import Practice
from mmteach.exercises.progress import Progress
from mmteach.exercises.prove import Proved


def run(*arguments: str, **more):
    return CliRunner().invoke(cli.app, list(arguments), prog_name="mmteach", **more)


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.chdir(tmp_path)


def test_list_tells_ids_points_minutes_and_mistakes():
    done = run("exercises", "list")
    assert done.exit_code == 0
    row = next(line for line in done.output.splitlines() if line.startswith("welcome.first"))
    assert row.split()[1:4] == [str(FIRST.points), str(FIRST.minutes), str(len(FIRST.mistakes))]
    assert "mistakes known by name" in done.output.splitlines()[-1]


def test_prove_prints_one_line_each_and_the_totals():
    done = run("exercises", "prove", "welcome.first")
    assert done.exit_code == 0
    assert "welcome.first                   ok" in done.output
    assert "1 exercises, 1 proved; 3 of 3 mutants not passed (100.0%)" in done.output


@pytest.mark.parametrize("found", [Proved("x", ("the starter is passed",), 5, ()), Proved("x", (), 10, ("line 3",))])
def test_prove_ends_non_zero_where_one_fails(monkeypatch, found):
    monkeypatch.setattr(proving, "prove", lambda exercise: found)
    done = run("exercises", "prove", "welcome.first")
    assert done.exit_code == 1
    assert "FAILS" in done.output
    assert all(text in done.output for text in (*found.failures, *found.survivors))


def test_an_unknown_exercise_is_a_sentence():
    done = run("exercises", "prove", "welcome.none")
    assert done.exit_code == 1
    assert "no exercise is called 'welcome.none'" in done.stderr


def test_solve_writes_into_a_new_folder_only(tmp_path):
    assert run("exercises", "solve", "out").exit_code == 0
    book = json.loads((tmp_path / "out" / "00_welcome.ipynb").read_text(encoding="utf-8"))
    assert "return n_right / n" in str(book)
    again = run("exercises", "solve", "out")
    assert again.exit_code == 1
    assert "nothing in it is overwritten" in again.stderr


def test_progress_shows_exports_imports_and_resets(tmp_path):
    assert run("progress").output.startswith("0 of ")
    Practice(FIRST).check(FIRST.reference)
    shown = run("progress").output
    assert "welcome.first                   passed, 2 of 2 points, 1 try" in shown
    assert run("progress", "export", "mine.json").output == "1 events written to mine.json\n"
    assert "is there already" in run("progress", "export", "mine.json").stderr

    refused = run("progress", "reset", input="n\n")
    assert refused.exit_code == 1
    assert len(Progress().events()) == 1
    done = run("progress", "reset", input="y\n")
    assert "what there was is kept in" in done.output
    assert Progress().events() == []
    assert "nothing to reset" in run("progress", "reset").output

    assert run("progress", "import", "mine.json").output == "1 new events from mine.json\n"
    assert "1 of " in run("progress").output


def test_a_bad_import_is_a_sentence(tmp_path):
    (tmp_path / "x.json").write_text("{")
    done = run("progress", "import", "x.json")
    assert done.exit_code == 1
    assert "is not a file of progress" in done.stderr


def test_a_damaged_file_is_told(tmp_path):
    path = Progress().path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 100)
    done = run("progress")
    assert done.exit_code == 0
    assert "was damaged" in done.stderr
