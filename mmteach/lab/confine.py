"""Nothing outside the server's root folder: every name that a page sends goes through `inside`."""

from __future__ import annotations

from os.path import isfile  # False where a folder may not be looked into; Path.is_file raises
from pathlib import Path, PurePosixPath, PureWindowsPath

from mmteach.course.copies import LIST, course_files
from mmteach.errors import MmteachError, ParameterError

USUAL = "mmteach-course"  # the folder that is made where the page names none


def inside(root: Path, name: str) -> Path:
    """Turn a path relative to the root, as a page sends it, into the path on this disk.

    Raises
    ------
    ParameterError : it is absolute, goes up, or a link leads out of the root folder.
    """
    windows = PureWindowsPath(name)  # understands both slashes, and drives
    if PurePosixPath(name).is_absolute() or windows.drive or windows.root or ".." in windows.parts or "\0" in name:
        raise ParameterError(f"{name!r} leads out of JupyterLab's folder: give a path inside it, without '..'")
    path = root / name
    if not stays_inside(root, path):
        raise ParameterError(f"{name!r} is a link out of JupyterLab's folder: give a path inside it")
    return path


def stays_inside(root: Path, path: Path) -> bool:
    """Whether a path, all links followed, is the root folder or lies in it; a link to itself lies nowhere."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def refuse_links_out(root: Path, folder: Path, source: Path) -> None:
    """Raise MmteachError where a file of the course, in a student's folder, would be read or written elsewhere."""
    for path in (folder / LIST, *(folder / path.relative_to(source) for path in course_files(source))):
        if not stays_inside(root, path):
            raise MmteachError(f"{path} is a link out of JupyterLab's folder: remove the link and try again")


def new_folder(root: Path, name: str) -> Path:
    """Check the name of a folder for the course; "" is the root folder itself.

    Raises
    ------
    ParameterError : it is not a plain name inside the root folder.
    """
    path = inside(root, name)
    if name and (len(PureWindowsPath(name).parts) != 1 or name.startswith(".")):
        raise ParameterError(f"{name!r} is not a folder's name: give one without slashes and without a dot in front")
    return path


def find_course(root: Path, source: Path) -> Path | None:
    """Find the working folder: the root, the usual folder in it, or one that the course was handed out to."""
    if _holds_course(root, source):
        return root
    usual = root / USUAL
    if stays_inside(root, usual) and _holds_course(usual, source):
        return usual
    try:
        handed = sorted(path for path in root.iterdir() if isfile(path / LIST))
    except OSError:
        return None
    return next((path for path in handed if not path.name.startswith(".") and stays_inside(root, path)), None)


def _holds_course(folder: Path, source: Path) -> bool:
    """Whether the list of what was handed out lies here, or where that is lost a chapter of the course."""
    return isfile(folder / LIST) or any(isfile(folder / path.name) for path in source.glob("*.ipynb"))
