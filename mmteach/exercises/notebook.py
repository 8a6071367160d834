"""Exercises inside notebooks: their cells, and a copy of a notebook with the solutions filled in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mmteach.exercises.definition import Exercise
from mmteach.exercises.registry import find

KEY = "mmteach"  # in a cell's metadata: {"exercise": id, "part": "task" | "starter" | "check", ...}


def task_cell(exercise: Exercise) -> str:
    """Markdown of the task."""
    worth = f"`{exercise.id}` · {exercise.points} points · {exercise.minutes} minutes"
    return f"### Write: {exercise.title}\n\n{worth}\n\n{exercise.task.strip()}"


def check_cell(exercise: Exercise) -> str:
    """Code that checks the answer."""
    return f'ex = exercise("{exercise.id}")\nex.check({exercise.name})'


def cells_of(exercise: Exercise) -> list[dict[str, Any]]:
    """The task, the starter and the check, as cells of a notebook."""
    starter = {"points": exercise.points, "version": exercise.version, "title": exercise.title}
    return [
        _cell("markdown", task_cell(exercise), exercise, "task"),
        _cell("code", exercise.starter.strip(), exercise, "starter", starter),
        _cell("code", check_cell(exercise), exercise, "check"),
    ]


def _cell(
    kind: str, source: str, exercise: Exercise, part: str, further: dict[str, Any] | None = None
) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": secrets.token_hex(4),
        "metadata": {KEY: {"exercise": exercise.id, "part": part, **(further or {})}},
        "source": source.splitlines(keepends=True),
    }
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


def insert(path: str | Path, exercise: Exercise, after: int) -> None:
    """Put the cells of an exercise behind a cell; where they are already, bring them up to date in place.

    Parameters
    ----------
    after : number of the cell, from 0; ignored where the exercise is in the notebook already.
    """
    notebook = _read(Path(path))
    cells, made = notebook["cells"], cells_of(exercise)
    if parts_in(notebook, exercise.id):
        for cell in cells:
            mark = cell["metadata"].get(KEY, {})
            if mark.get("exercise") == exercise.id:
                new = next(c for c in made if c["metadata"][KEY]["part"] == mark["part"])
                cell["source"], cell["metadata"][KEY] = new["source"], new["metadata"][KEY]
    else:
        cells[after + 1 : after + 1] = made
    _write(Path(path), notebook)


def parts_in(notebook: dict[str, Any], id: str | None = None) -> list[tuple[str, str]]:
    """(id, part) of every cell that belongs to an exercise, in order."""
    marks = [cell["metadata"].get(KEY, {}) for cell in notebook["cells"]]
    return [(m["exercise"], m["part"]) for m in marks if "exercise" in m and id in (None, m["exercise"])]


def exercises_in(path: str | Path) -> list[str]:
    """Ids of the exercises of a notebook, in order."""
    return list(dict.fromkeys(id for id, _ in parts_in(_read(Path(path)))))


def solved(path: str | Path, to: str | Path) -> Path:
    """Write a copy of a notebook in which every starter is replaced by the solution.

    What the copy checks must pass: after each check stands a line that fails if it did not.
    """
    notebook = _read(Path(path))
    for cell in notebook["cells"]:
        mark = cell["metadata"].get(KEY, {})
        if mark.get("part") == "starter":
            cell["source"] = find(mark["exercise"]).solution.splitlines(keepends=True)
        if mark.get("part") == "check":
            cell["source"] = _with_assertion(cell["source"])
    _write(Path(to), notebook)
    return Path(to)


def _with_assertion(source: Iterable[str]) -> list[str]:
    """Keep the check's outcome and demand that it passed."""
    lines = "".join(source).strip().splitlines()
    lines[-1:] = [f"outcome = {lines[-1]}", 'assert outcome.status == "passed", outcome']
    return "\n".join(lines).splitlines(keepends=True)


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
