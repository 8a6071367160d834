"""The command line says what happened in a sentence, and its exit code says whether it went well."""

import errno
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from mmteach import __version__, cli, datasets
from mmteach.course import doctor, launch
from mmteach.course.doctor import Finding
from mmteach.errors import DataError, MmteachError


def run(*arguments: str):
    return CliRunner().invoke(cli.app, list(arguments), prog_name="mmteach")


def stub(monkeypatch, name: str, answer) -> None:
    monkeypatch.setattr(datasets, name, answer, raising=False)


def fail_with(error: BaseException):
    def fail(*_args, **_kwargs):
        raise error

    return fail


def test_version_is_the_package_version():
    assert run("--version").output.split()[-1] == __version__


@pytest.mark.parametrize("name", ["lab", "doctor", "data"])
def test_help_names_every_command(name):
    assert name in run("--help").output


@pytest.mark.parametrize("arguments", [["cook"], ["lab", "--port", "x"], ["lab", "--port", "0"], ["data", "card"]])
def test_mistake_in_the_command_exits_2(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage: mmteach" in result.stderr


def test_our_errors_are_one_line_on_stderr(monkeypatch):
    stub(monkeypatch, "card", fail_with(DataError("no set named 'facs': did you mean faces?")))
    result = run("data", "card", "facs")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: no set named 'facs': did you mean faces?\n"


def test_a_full_disk_is_a_sentence(monkeypatch):
    stub(monkeypatch, "get", fail_with(OSError(errno.ENOSPC, "No space left on device", "/data/x")))
    result = run("data", "get", "x")
    assert (result.exit_code, result.stderr) == (1, "Error: No space left on device: /data/x\n")


def test_a_mistake_of_ours_keeps_its_stack_trace(monkeypatch):
    stub(monkeypatch, "card", fail_with(ZeroDivisionError()))
    assert isinstance(run("data", "card", "faces").exception, ZeroDivisionError)


def test_ctrl_c_is_a_short_line(monkeypatch):
    monkeypatch.setattr(doctor, "examine", fail_with(KeyboardInterrupt()))
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (130, "\nStopped.\n")


def test_data_list_shows_name_state_and_description(monkeypatch):
    stub(monkeypatch, "names_with_state", lambda: [("faces", "embedded", "made"), ("lfw_pairs", "get it", "real")])
    assert run("data", "list").stdout.splitlines() == [
        "faces      embedded  made",
        "lfw_pairs  get it    real",
    ]


def test_data_get_prints_where_it_is(monkeypatch, tmp_path):
    stub(monkeypatch, "get", lambda name, progress: tmp_path / name)
    assert run("data", "get", "orl").stdout.strip() == str(tmp_path / "orl")


@pytest.mark.parametrize(("problems", "code"), [((), 0), (("line 3: a.png is missing",), 1)])
def test_data_check_exits_1_on_problems(monkeypatch, problems, code):
    stub(monkeypatch, "check", lambda name: SimpleNamespace(n_ok=7, problems=problems))
    result = run("data", "check", "my.csv")
    assert result.exit_code == code
    assert result.stdout.splitlines() == [*problems, f"7 samples read well, {len(problems)} problems"]


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("warn", 0), ("problem", 1)])
def test_doctor_exits_1_on_a_problem_alone(monkeypatch, state, code):
    monkeypatch.setattr(doctor, "examine", lambda: [Finding("Disk", state, "so and so"), Finding("Data", "ok", "well")])
    result = run("doctor")
    assert result.exit_code == code
    assert result.stdout.splitlines()[0].split() == [state, "Disk", "so", "and", "so"]


def test_lab_hands_out_then_opens(monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(launch, "open_lab", lambda folder, **options: opened.append((folder, options)))
    monkeypatch.setattr("mmteach.course.copies.notebooks_folder", lambda: course(tmp_path))
    folder = tmp_path / "my work"
    result = run("lab", "--dir", str(folder), "--no-browser")
    assert result.exit_code == 0, result.output
    assert (folder / "00_welcome.ipynb").exists()
    assert opened == [(folder, {"port": None, "browser": False})]
    assert "2 new course files" in result.stderr
    assert str(folder) in result.stderr.splitlines()[-1]


def test_lab_on_a_taken_port_changes_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(launch, "check_port", fail_with(MmteachError("port 8899 is in use")))
    result = run("lab", "--dir", str(tmp_path / "work"), "--port", "8899")
    assert (result.exit_code, result.stderr) == (1, "Error: port 8899 is in use\n")
    assert not (tmp_path / "work").exists()


def test_jupyter_knows_the_command(monkeypatch):
    command = [sys.executable, "-m", "jupyter", "mmteach", "--version"]
    folder = str(Path(sys.executable).parent)
    done = subprocess.run(command, env={"PATH": folder}, capture_output=True, text=True)
    assert done.stdout.split()[-1:] == [__version__], done.stderr


def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "00_welcome.ipynb").write_text('{"cells": []}', encoding="utf-8")
    (folder / "01_multimodal.ipynb").write_text('{"cells": []}', encoding="utf-8")
    return folder
