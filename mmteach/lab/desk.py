"""What the routes do, without a word of HTTP: every answer is a dictionary that becomes JSON.

A page may be open in two browsers, and kernels write progress at the same time: files of the course are written by one
thread at a time, and progress is read from the disk for every answer.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mmteach import __version__
from mmteach.course.chapters import notebooks_folder
from mmteach.course.copies import HandedOut, hand_out
from mmteach.course.state import ChapterState, course_state, last_place, quiz_answers, quiz_name, starter
from mmteach.errors import DataError, MmteachError
from mmteach.exercises.progress import Event, Progress, State, states_of
from mmteach.lab import confine, wanted

_Book = tuple[list[Event], dict[tuple[str, int], State], str]


class Desk:
    """The course as the panel sees it.

    Parameters
    ----------
    root : the server's root folder; nothing outside it is read or written, but for the course that came with mmteach
        and the book of progress in Jupyter's data folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._writing = threading.Lock()  # files of the course
        self._progress = threading.Lock()  # a damaged book is set aside once, not once for each browser
        self._told = ""  # that it was: every browser should learn of it, not only the one that asked first

    def course(self) -> dict[str, Any]:
        """Tell chapters, exercises and points, and where the student stopped."""
        source = notebooks_folder()
        folder = confine.find_course(self.root, source)
        events, states, sentence = self._read_progress()
        chapters = course_state(folder, source, states, events) if folder else []
        last = last_place(chapters, events)
        return {
            "version": __version__,
            "folder": self._relative(folder) if folder else None,
            "writable": os.access(folder or self.root, os.W_OK),
            "chapters": [self._chapter(chapter) for chapter in chapters],
            "points": sum(chapter.points for chapter in chapters),
            "out_of": sum(chapter.out_of for chapter in chapters),
            "last": {"path": self._relative(last.path), "exercise": last.exercise} if last else None,
            "sentence": sentence,
        }

    def make_course(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Hand the course out into a folder of the root folder; the same again changes nothing."""
        folder = confine.new_folder(self.root, wanted.text(body, "folder", confine.USUAL))
        with self._writing:
            there = confine.find_course(self.root, notebooks_folder())
            if there not in (None, folder):
                where = self._relative(there) if there and there != self.root else "JupyterLab's folder"
                raise MmteachError(f"the course is in {where} already: open it there, or rename that folder first")
            done = self._hand_out(folder)
        return {**self.course(), "sentences": done.sentences()}

    def updates(self) -> dict[str, Any]:
        """Tell what an update of the working folder would do."""
        return _changes(self._hand_out(self._folder(), dry_run=True), done=False)

    def update(self) -> dict[str, Any]:
        """Update the working folder; what a student wrote is kept."""
        with self._writing:
            done = self._hand_out(self._folder())
        return {**_changes(done, done=True), "sentences": done.sentences()}

    def starter(self, id: str) -> dict[str, Any]:
        """Give an exercise's starter as it is handed out."""
        found = starter(notebooks_folder(), id)
        if found is None:
            raise wanted.NotFoundError(f"no exercise of this course is called {id!r}: update mmteach, or the course")
        return {"id": found.id, "source": found.starter}

    def note(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write down that something was opened, or a hint or a solution read; only a kernel checks."""
        event = wanted.event(body, time.time())
        if event.kind == "open" and event.detail:
            event = wanted.about(event, confine.inside(self.root, event.detail).name)
        if event.exercise and event.kind != "quiz":
            self.starter(event.exercise)  # there is such an exercise
        book, sentence = self._write(event)
        return {"state": asdict(book.state(event.exercise, event.version)), "sentence": sentence or book.sentence}

    def answers(self, path: str) -> dict[str, Any]:
        """Tell which answers were chosen in the quizzes of a notebook."""
        events, _, sentence = self._read_progress()
        return {"answers": quiz_answers(self._slug(path), events), "sentence": sentence}

    def answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Remember the answer chosen in a quiz; tell all that are remembered of that notebook."""
        path = wanted.text(body, "path", "")
        event = wanted.quiz(body, quiz_name(self._slug(path), wanted.name(body, "quiz")), time.time())
        _, sentence = self._write(event)
        told = self.answers(path)
        return {**told, "sentence": sentence or told["sentence"]}

    def _write(self, event: Event) -> tuple[Progress, str]:
        """Write an event down; where the disk refuses, the sentence says so."""
        book = Progress()
        with self._progress:
            book.add(event)
        sentence, book.sentence = book.sentence, ""
        return book, sentence

    def _read_progress(self) -> _Book:
        """Read events and states; a book that cannot be read counts as empty, and the sentence says so."""
        book = Progress()
        try:
            with self._progress:
                events = book.events()
                states = states_of(events)
                self._told = book.sentence or self._told
        except (OSError, sqlite3.Error, DataError) as error:
            why = str(error) if isinstance(error, DataError) else f"Your progress could not be read ({error})."
            return [], {}, why
        return events, states, self._told

    def _folder(self) -> Path:
        folder = confine.find_course(self.root, notebooks_folder())
        if folder is None:
            raise MmteachError("there is no course in JupyterLab's folder yet: make one first")
        return folder

    def _hand_out(self, folder: Path, dry_run: bool = False) -> HandedOut:
        confine.refuse_links_out(self.root, folder, notebooks_folder())
        return hand_out(folder, dry_run=dry_run)

    def _slug(self, path: str) -> str:
        """Name a notebook for its quizzes: without folder and number, so that moving it loses no answer."""
        stem = confine.inside(self.root, path).stem if path else ""
        return stem.partition("_")[2] if stem[:2].isdecimal() else stem

    def _chapter(self, chapter: ChapterState) -> dict[str, Any]:
        return {**asdict(chapter), "path": self._relative(chapter.path)}

    def _relative(self, path: Path) -> str:
        """Name a path as the page does: from the root, with slashes; the root itself is ""."""
        name = path.relative_to(self.root).as_posix()
        return "" if name == "." else name


def _changes(handed: HandedOut, done: bool) -> dict[str, Any]:
    """List what was or would be done, each with its sentence."""
    return {"changes": [{**change._asdict(), "sentence": change.sentence(done)} for change in handed.changes]}
