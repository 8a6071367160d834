"""Where a student stands in the course: what the notebooks hold, joined with what was done in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mmteach.course.chapters import numbered, plain
from mmteach.course.pages import Page, Task, read_page
from mmteach.errors import MmteachError
from mmteach.exercises.progress import Event, State

_PASSED = "passed"


@dataclass(frozen=True)
class ExerciseState:
    """An exercise and how it stands: points reached out of those that can be, and what `State` says."""

    id: str
    title: str
    points: int
    out_of: int
    version: int
    status: str
    tries: int
    hints: int
    solution_seen: bool


@dataclass(frozen=True)
class ChapterState:
    """A chapter and how it stands.

    Parameters
    ----------
    number, slug, title, minutes, path : as in `Chapter`.
    state : "done" when every exercise passed; a chapter without exercises is begun at most.
    points, out_of : of its exercises.
    damaged : the notebook cannot be read; title and exercises are then those of the course as it is handed out.
    exercises : in the notebook's order.
    """

    number: int
    slug: str
    title: str
    minutes: int | None
    path: Path
    state: Literal["untouched", "begun", "done"]
    points: int
    out_of: int
    damaged: bool
    exercises: tuple[ExerciseState, ...]


@dataclass(frozen=True)
class Place:
    """Where the last thing was done: a notebook, and the exercise where it was one."""

    path: Path
    exercise: str | None


def course_state(
    folder: Path, source: Path, states: Mapping[tuple[str, int], State], events: Iterable[Event]
) -> list[ChapterState]:
    """Tell how each chapter stands; a damaged notebook is listed as damaged, and the others as they are.

    Parameters
    ----------
    folder : the student's working folder.
    source : the course as it is handed out.
    states, events : from `Progress`.
    """
    touched = {touch for event in events for touch in _touches(event)}
    known = [_page(path) for _, _, path in numbered(source)]
    course = {task.id: task for page in known if page for task in page.tasks}
    found = []
    for number, slug, path in numbered(folder):
        page = None if path.is_symlink() else _page(path)  # what lies elsewhere is not read
        shown = page or _page(source / path.name) or Page("", None, ())
        # A check is judged by the installed course: its points and version count, not those of an older notebook.
        tasks = [course.get(task.id, task) for task in shown.tasks]
        exercises = tuple(_exercise(task, states.get((task.id, task.version), State())) for task in tasks)
        names = {slug, path.name, *(task.id for task in tasks)}
        state = _standing(exercises, begun=bool(names & touched))
        points, out_of = sum(e.points for e in exercises), sum(e.out_of for e in exercises)
        title = shown.title or plain(slug)
        found.append(
            ChapterState(number, slug, title, shown.minutes, path, state, points, out_of, page is None, exercises)
        )
    return found


def last_place(chapters: Iterable[ChapterState], events: Iterable[Event]) -> Place | None:
    """Find where the student stopped: the last event whose notebook is still there."""
    places: dict[str, Place] = {}
    for chapter in chapters:
        places |= {name: Place(chapter.path, None) for name in (chapter.slug, chapter.path.name)}
        places |= {e.id: Place(chapter.path, e.id) for e in chapter.exercises}
    for event in reversed(list(events)):
        for name in _touches(event):
            if name in places:
                return places[name]
    return None


def starter(source: Path, id: str) -> Task | None:
    """Find an exercise in the course as it is handed out; None where there is none."""
    pages = (_page(path) for _, _, path in numbered(source))
    return next((task for page in pages if page for task in page.tasks if task.id == id), None)


# quizzes


def quiz_name(slug: str, quiz: str) -> str:
    """Name a quiz in the book of progress: cells of two chapters may have the same id."""
    return f"{slug}/{quiz}"


def quiz_answers(slug: str, events: Iterable[Event]) -> dict[str, int]:
    """The answer last chosen for each quiz of a chapter, numbered from 0."""
    chosen = {}
    for event in events:
        chapter, slash, quiz = event.exercise.rpartition("/")
        if event.kind == "quiz" and slash and chapter == slug and event.detail.isdecimal():
            chosen[quiz] = int(event.detail)
    return chosen


def _page(path: Path) -> Page | None:
    try:
        return read_page(path)
    except MmteachError:
        return None


def _touches(event: Event) -> tuple[str, ...]:
    """What an event is about: an exercise, the chapter of a quiz, or a notebook that was opened."""
    if event.kind == "quiz":
        return (event.exercise.partition("/")[0],)
    return tuple(name for name in (event.exercise, event.detail if event.kind == "open" else "") if name)


def _exercise(task: Task, state: State) -> ExerciseState:
    points = min(state.points, task.points)
    return ExerciseState(
        task.id, task.title, points, task.points, task.version,
        str(state.status), state.tries, state.hints, state.solution_seen,
    )  # fmt: skip


def _standing(exercises: tuple[ExerciseState, ...], begun: bool) -> Literal["untouched", "begun", "done"]:
    if exercises and all(e.status == _PASSED for e in exercises):
        return "done"
    return "begun" if begun else "untouched"
