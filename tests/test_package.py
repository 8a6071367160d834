"""What an installed mmteach carries, and how little it loads to say what it can do."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import mmteach

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "torchvision", "librosa", "sklearn", "scipy", "matplotlib", "pandas", "jupyterlab"}


def build(target: str, root: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return next(out.glob("*.whl" if target == "wheel" else "*.tar.gz"))


def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def handed_out(folder: str, place: str) -> set[str]:
    """Names in the wheel of all that lies in a top folder and is neither hidden nor left behind by Python."""
    files = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {
        f"{place}/{path.as_posix()}"
        for path in files
        if not any(p.startswith((".", "__pycache__")) for p in path.parts)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_wheel_carries_library_notebooks_and_embedded_sets(wheel):
    names = wheel_names(wheel)
    library = {p.relative_to(ROOT).as_posix() for p in (ROOT / "mmteach").rglob("*.py")}
    assert library | {"mmteach/py.typed"} <= names
    assert handed_out("notebooks", "mmteach/course/notebooks") == {n for n in names if "course/notebooks/" in n}
    assert handed_out("datasets", "mmteach/datasets/embedded") == {n for n in names if "datasets/embedded/" in n}
    assert not [name for name in names if "__pycache__" in name or ".ipynb_checkpoints" in name]


def test_wheel_names_its_commands(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        text = archive.read(entry_points).decode()
    assert re.findall(r"^(\S+) = mmteach.cli:main$", text, re.MULTILINE) == ["jupyter-mmteach", "mmteach"]


def test_wheel_built_from_sdist_is_the_same(wheel, tmp_path):
    with tarfile.open(build("sdist", ROOT, tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (root,) = (tmp_path / "unpacked").iterdir()
    assert wheel_names(build("wheel", root, tmp_path / "again")) == wheel_names(wheel)


def loaded_by(code: str) -> set[str]:
    """Top names of the modules that a fresh Python holds after running code."""
    say = "import sys; print(*{name.partition('.')[0] for name in sys.modules}, sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{say}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def run_mmteach(*arguments: str) -> str:
    return (
        f"import sys\nfrom mmteach.cli import app\napp({list(arguments)!r}, prog_name='mmteach', standalone_mode=False)"
    )


def test_import_loads_nothing_heavy():
    assert not loaded_by("import mmteach, mmteach.cli") & (HEAVY | {"numpy"})


@pytest.mark.parametrize("command", [["--help"], ["lab", "--help"], ["doctor", "--help"], ["data", "--help"]])
def test_help_loads_nothing_heavy(command):
    assert not loaded_by(run_mmteach(*command)) & (HEAVY | {"numpy"})


def test_data_list_loads_nothing_heavy():
    assert not loaded_by(run_mmteach("data", "list")) & HEAVY


def test_rooms_come_when_asked_for():
    assert mmteach.types.Sample("a", {}).id == "a"
    with pytest.raises(AttributeError, match="its rooms are"):
        _ = mmteach.kitchen
