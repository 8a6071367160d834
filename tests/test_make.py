"""`make` says in a sentence what it lacks, and `make clean` leaves a student's work alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(os.name != "posix" or not shutil.which("make"), reason="needs make")


@pytest.fixture
def checkout(tmp_path) -> Path:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *arguments], cwd=folder, env=env | environment, capture_output=True, text=True)


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def python_that(checkout: Path, answers: str) -> Path:
    """Make a stand-in for python that writes down how it was called; it makes environments of its own kind."""
    notes = f'echo "$@" >> "{checkout}/calls"'
    copies = 'mkdir -p .venv/bin && cp "$0" .venv/bin/python'
    return program(
        checkout / "some where" / "python",
        f'{notes}\ncase "$*" in\n{answers}\n-V) echo Python 3.12.1 ;;\n"-m venv .venv") {copies} ;;\nesac',
    )


def calls(checkout: Path, word: str) -> int:
    return (checkout / "calls").read_text().count(word)


def test_old_python_is_a_sentence(checkout):
    done = make(checkout, "venv", PYTHON=str(python_that(checkout, "*version_info*) exit 1 ;;")))
    assert done.returncode != 0
    assert "mmteach needs Python 3.11.4 or newer" in done.stderr
    assert not (checkout / ".venv").exists()


def test_python_without_venv_is_a_sentence(checkout):
    done = make(checkout, "venv", PYTHON=str(python_that(checkout, "*ensurepip*) exit 1 ;;")))
    assert done.returncode != 0
    assert "install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_environment_is_reused_until_pyproject_changes(checkout):
    python = str(python_that(checkout, ""))
    for _ in range(2):
        done = make(checkout, "venv", PYTHON=python)
        assert done.returncode == 0, done.stderr
        assert (calls(checkout, "-m venv"), calls(checkout, "pip install")) == (1, 1)
    (checkout / "pyproject.toml").touch()
    make(checkout, "venv")
    assert calls(checkout, "pip install") == 1
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    make(checkout, "venv")
    assert (calls(checkout, "-m venv"), calls(checkout, "pip install")) == (1, 2)


def test_install_that_failed_is_tried_again(checkout):
    python = str(python_that(checkout, '*"pip install"*) test -e may-install ;;'))
    assert make(checkout, "venv", PYTHON=python).returncode != 0
    (checkout / "may-install").touch()
    assert make(checkout, "venv", PYTHON=python).returncode == 0
    assert calls(checkout, "pip install") == 2


def test_another_python_makes_another_environment(checkout):
    make(checkout, "venv", PYTHON=str(python_that(checkout, "")))
    make(checkout, "venv", PYTHON=str(python_that(checkout, "-V) echo Python 3.13.0; exit ;;")))
    assert calls(checkout, "-m venv") == 2


def test_lab_passes_its_arguments(checkout):
    make(checkout, "venv", PYTHON=str(python_that(checkout, "")))
    program(checkout / ".venv" / "bin" / "mmteach", 'echo "mmteach $*"')
    assert make(checkout, "lab", "ARGS=--no-browser --port 8899").stdout == "mmteach lab --no-browser --port 8899\n"


def test_clean_keeps_a_students_work(checkout):
    for folder in (".venv/bin", "mmteach/__pycache__", "mmteach-course/__pycache__", "dist"):
        (checkout / folder).mkdir(parents=True)
    assert make(checkout, "clean").returncode == 0
    assert sorted(path.name for path in checkout.iterdir()) == [
        "Makefile",
        "mmteach",
        "mmteach-course",
        "pyproject.toml",
    ]
    assert (checkout / "mmteach-course" / "__pycache__").is_dir()
    assert not (checkout / "mmteach" / "__pycache__").exists()
