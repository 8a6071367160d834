"""A room imports only from floors below it (the contract stands in pyproject.toml)."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True)


def test_rooms_keep_to_their_floors():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_room_that_reaches_up_is_found(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "mmteach", tmp_path / "mmteach", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "mmteach" / "errors.py").open("a", encoding="utf-8") as file:
        file.write("\nimport mmteach.train\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert "mmteach.errors" in done.stdout


def test_a_room_without_a_floor_is_found(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "mmteach", tmp_path / "mmteach", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "mmteach" / "cellar.py").write_text('"""No floor of its own."""\n', encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert "cellar" in done.stdout
