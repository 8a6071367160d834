"""What one notebook of the course says of itself: its title, its minutes, its exercises."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mmteach.errors import MmteachError

MARK = "mmteach"  # in a cell's metadata: {"exercise": id, "part": "task" | "starter" | "check", ...}
_MINUTES = re.compile(r"(\d+)\s*min")


class Task(NamedTuple):
    """An exercise as its cells tell of it; a student may have changed them.

    Parameters
    ----------
    id, title, points, version : of the exercise; the points are those that can be reached.
    starter : source of the cell that the student writes in; "" where the cell was deleted.
    """

    id: str
    title: str
    points: int
    version: int
    starter: str


class Page(NamedTuple):
    """A notebook: its first heading, "" where there is none; its minutes, None where they are not said."""

    title: str
    minutes: int | None
    tasks: tuple[Task, ...]


def read_page(path: Path) -> Page:
    """Read a notebook; one that has not changed since is not read again.

    Raises
    ------
    MmteachError : it is no notebook, or cannot be read.
    """
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise MmteachError(
            f"{path.name} cannot be read ({error.strerror or error}): look at its permissions"
        ) from error


@lru_cache(maxsize=128)
def _read(path: Path, _mtime_ns: int, _size: int) -> Page:
    """Read a notebook; the two numbers tell one state of the file from another."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        tasks = _tasks(cells)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MmteachError(
            f"{path.name} is not a readable notebook: rename it, and `mmteach lab` brings a fresh one"
        ) from error
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    minutes = _MINUTES.search(text)
    return Page(heading.group(1).strip() if heading else "", int(minutes.group(1)) if minutes else None, tasks)


def _tasks(cells: list[dict[str, Any]]) -> tuple[Task, ...]:
    """Gather the exercises in order; only the starter's cell says what an exercise is worth."""
    found: dict[str, Task] = {}
    for cell in cells:
        metadata = cell.get("metadata")
        mark = metadata.get(MARK) if isinstance(metadata, dict) else None
        id = mark.get("exercise") if isinstance(mark, dict) else None
        if not isinstance(id, str) or not isinstance(mark, dict):
            continue
        found.setdefault(id, Task(id, id, 0, 1, ""))
        if mark.get("part") == "starter":
            title = mark.get("title")
            source = "".join(cell["source"])
            points, version = _whole(mark.get("points"), 0), _whole(mark.get("version"), 1)
            found[id] = Task(id, title if isinstance(title, str) else id, points, version, source)
    return tuple(found.values())


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise
