"""The chapters of the course, as their notebooks tell them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from mmteach.course.pages import read_page
from mmteach.errors import MmteachError

FIRST = "00_welcome.ipynb"
_NAME = re.compile(r"(\d\d)_(\w+)\.ipynb")


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

    Raises
    ------
    MmteachError : a chapter is not a readable notebook.
    """
    found = []
    for number, slug, path in numbered(folder or notebooks_folder()):
        page = read_page(path)
        found.append(Chapter(number, slug, page.title or plain(slug), page.minutes, path))
    return found


def numbered(folder: Path) -> list[tuple[int, str, Path]]:
    """List number, slug and path of the chapters in order, without opening them."""
    paths = [path for path in sorted(folder.glob("*.ipynb")) if path.is_file()]
    return [(int(name[1]), name[2], path) for path in paths if (name := _NAME.fullmatch(path.name))]


def plain(slug: str) -> str:
    """A slug in words, for a chapter without a title."""
    return slug.replace("_", " ")
