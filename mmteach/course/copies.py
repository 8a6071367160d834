"""Working copies: hand out the course, and never lose a word that a student wrote.

A hidden list in the working folder says what each file was when it was handed out. When the course has changed since,

    the file is untouched            -> it is replaced
    it was only run                  -> it is replaced; where it holds outputs it is kept as `x.yours-0.1.0.ipynb`
    the student wrote in it          -> it stays; the course's version lies beside it as `x.course-0.2.0.ipynb`
    the student deleted it           -> it comes back (also where the course has not changed)
    the list is lost or damaged      -> every file that differs from the course counts as written in
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal, NamedTuple

from mmteach import __version__
from mmteach.course.chapters import notebooks_folder
from mmteach.course.fingerprint import Fingerprint, fingerprint, has_own_outputs
from mmteach.errors import MmteachError

LIST = ".mmteach-course.json"


class Given(NamedTuple):
    """What a file was when it was last handed out."""

    version: str
    mark: Fingerprint


class Change(NamedTuple):
    """What was done about one file; `beside` names the file that was laid beside it."""

    name: str
    action: Literal["new", "restored", "updated", "kept"]
    version: str
    beside: str | None = None

    def sentence(self, done: bool = True) -> str:
        """Say it; `done` is False where it would be done, and nothing was touched yet."""
        updated, lies = ("updated", "lies") if done else ("will be updated", "will lie")
        match self.action:
            case "new":
                return f"{self.name}: new in the course."
            case "restored":
                return f"{self.name}: was gone; a fresh copy {'is back' if done else 'will come back'}."
            case "updated" if self.beside:
                kept = "is kept" if done else "will be kept"
                return f"{self.name}: {updated} to {self.version}; your run {kept} beside it as {self.beside}."
            case "updated":
                return f"{self.name}: {updated} to {self.version}."
        return f"{self.name}: yours is kept; the course's {self.version} {lies} beside it as {self.beside}."


class _Plan(NamedTuple):
    """What is to be done about one file: what to say, what is then handed out, what to write, in this order."""

    change: Change | None
    given: Given
    writes: tuple[tuple[Path, bytes], ...] = ()


class HandedOut(NamedTuple):
    """What was done in a working folder; nothing to say means that it was current."""

    folder: Path
    changes: list[Change]
    damaged_list: bool = False

    def sentences(self) -> list[str]:
        """Say what a student should know, one line for each file; a first hand-out is one line."""
        lines = []
        if self.damaged_list:
            lines.append(f"{LIST} is damaged: every file that differs from the course is taken as yours and kept.")
        if len(self.changes) > 1 and all(change.action == "new" for change in self.changes):
            return [*lines, f"{len(self.changes)} new course files are in {self.folder}."]
        return lines + [change.sentence() for change in self.changes]


def hand_out(folder: Path, source: Path | None = None, version: str = __version__, dry_run: bool = False) -> HandedOut:
    """Bring a working folder up to date with the course.

    Parameters
    ----------
    folder : made where there is none.
    source : the course; by default the one that came with mmteach.
    version : of the course.
    dry_run : look, say what would be done, and write nothing.

    Raises
    ------
    MmteachError : the folder is the course itself, is a file, or cannot be written.
    """
    source = source or notebooks_folder()
    _refuse_the_course_itself(folder, source)
    try:
        if not dry_run:
            folder.mkdir(parents=True, exist_ok=True)
        given, damaged = _read_list(folder)
        before = dict(given)
        changes = []
        for path in course_files(source):
            name = path.relative_to(source).as_posix()
            change, given[name], writes = _plan(folder / name, name, path.read_bytes(), given.get(name), version)
            changes += [change] if change else []
            for target, content in () if dry_run else writes:
                write_atomically(target, content)
        if (given != before or damaged) and not dry_run:
            _write_list(folder, given, version)
    except (FileExistsError, NotADirectoryError) as error:
        raise MmteachError(
            f"{error.filename or folder} is a file, and a folder is needed: choose another --dir"
        ) from error
    except OSError as error:
        why = error.strerror or error
        raise MmteachError(
            f"cannot write the course into {folder} ({why}): choose another folder with --dir"
        ) from error
    return HandedOut(folder, changes, damaged)


def _plan(target: Path, name: str, content: bytes, given: Given | None, version: str) -> _Plan:
    """Decide about one file, by the table at the head of this module."""
    course = Given(version, fingerprint(content))
    fresh = (target, content)
    if target.is_dir():
        raise MmteachError(f"{target} is a folder, and the course has a file of that name: rename the folder")
    if not target.exists():
        return _Plan(Change(name, "restored" if given else "new", version), course, (fresh,))
    theirs = target.read_bytes()
    mine = fingerprint(theirs)
    if mine.sha256 == course.mark.sha256:
        return _Plan(None, course)
    if given and mine.sha256 == given.mark.sha256:  # untouched
        return _Plan(Change(name, "updated", version), course, (fresh,))
    if given and course.mark.words == given.mark.words:  # touched, and the course says nothing new
        return _Plan(None, given)
    if mine.words == course.mark.words:
        return _Plan(None, course)
    if given and mine.words == given.mark.words:  # only run
        if not has_own_outputs(theirs):
            return _Plan(Change(name, "updated", version), course, (fresh,))
        beside = _free_beside(target, f"yours-{given.version}", theirs)
        return _Plan(Change(name, "updated", version, beside.name), course, ((beside, theirs), fresh))
    beside = _free_beside(target, f"course-{version}", content)
    return _Plan(Change(name, "kept", version, beside.name), course, ((beside, content),))


def _free_beside(target: Path, label: str, content: bytes) -> Path:
    """Name a file beside target that says what it is, and that no other content has."""
    number = 1
    while True:
        again = f"-{number}" if number > 1 else ""
        beside = target.with_name(f"{target.stem}.{label}{again}{target.suffix}")
        if not beside.exists() or (beside.is_file() and beside.read_bytes() == content):
            return beside
        number += 1


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: whoever reads meanwhile sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _refuse_the_course_itself(folder: Path, source: Path) -> None:
    inside = [folder.resolve(), *folder.resolve().parents]
    if any(place.exists() and place.samefile(source) for place in inside):
        raise MmteachError(f"{folder} holds the course itself: choose another folder with --dir, made for your copies")


def course_files(source: Path) -> list[Path]:
    """List what is handed out: every file, but nothing hidden and nothing that Python left."""
    hidden = (".", "__pycache__")
    files = (path for path in sorted(source.rglob("*")) if path.is_file())
    return [path for path in files if not any(part.startswith(hidden) for part in path.relative_to(source).parts)]


def _read_list(folder: Path) -> tuple[dict[str, Given], bool]:
    """Return what was handed out, and whether the list of it is damaged."""
    path = folder / LIST
    if not path.exists():
        return {}, False
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        given = {name: Given(f["version"], Fingerprint(f["sha256"], f["words"])) for name, f in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, True
    whole = all(isinstance(text, str) for each in given.values() for text in (each.version, *each.mark))
    return (given, False) if whole else ({}, True)


def _write_list(folder: Path, given: dict[str, Given], version: str) -> None:
    files = {name: {"version": each.version, **each.mark._asdict()} for name, each in sorted(given.items())}
    text = json.dumps({"course": version, "files": files}, indent=1)
    write_atomically(folder / LIST, text.encode("utf-8") + b"\n")
