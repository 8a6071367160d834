"""The chapters of the course, as their notebooks tell them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from mmteach.errors import MmteachError

FIRST = "00_welcome.ipynb"
_NAME = re.compile(r"(\d\d)_(\w+)\.ipynb")
_MINUTES = re.compile(r"(\d+)\s*min")


class Chapter(NamedTuple):
    """One notebook of the course; minutes is None where its head does not say."""

    number: int
    slug: str
    title: str
    minutes: int | None
    path: Path


def notebooks_folder() -> Path:
    """Return the course as it is handed out: inside the installed package, or `notebooks/` of a checkout.

    Raises
    ------
    MmteachError : neither holds a notebook.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "notebooks", here.parents[1] / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise MmteachError(f"this mmteach came without its notebooks (looked in {here / 'notebooks'}): install it again")


def chapters(folder: Path | None = None) -> list[Chapter]:
    """List the chapters in order.

    Parameters
    ----------
    folder : where the notebooks are; by default the course as it is handed out. A student's working folder
        does too: files laid beside a chapter (`02_preprocess.course-0.2.0.ipynb`) are no chapters.
    """
    found = []
    for path in sorted((folder or notebooks_folder()).glob("*.ipynb")):
        if name := _NAME.fullmatch(path.name):
            number, slug = name.groups()
            title, minutes = _head(path)
            found.append(Chapter(int(number), slug, title or slug.replace("_", " "), minutes, path))
    return found


def _head(path: Path) -> tuple[str, int | None]:
    """Return title (the first heading) and minutes (the first number of minutes) of a notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    except (ValueError, KeyError, TypeError) as error:
        raise MmteachError(
            f"{path.name} is not a readable notebook: rename it, and `mmteach lab` brings a fresh one"
        ) from error
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    minutes = _MINUTES.search(text)
    return heading.group(1).strip() if heading else "", int(minutes.group(1)) if minutes else None
