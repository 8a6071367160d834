"""What a student has done: events in a small database on this machine, added and never changed.

The file lies in Jupyter's data folder and is sent nowhere. Each event names the exercise and its version, so that an
exercise that has changed since does not count as passed.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mmteach.errors import DataError
from mmteach.exercises.outcome import Outcome, Status
from mmteach.exercises.progress_file import FORMAT, free_path, opened

KINDS = ("check", "hint", "solution", "quiz", "open")
_COLUMNS = ("at", "exercise", "version", "kind", "status", "points", "out_of", "detail")
_LARGEST = 50_000_000  # bytes of a file that is imported


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Parameters
    ----------
    at : seconds since 1970, UTC.
    exercise, version : which exercise.
    kind : one of KINDS.
    status : of a check.
    points, out_of : of a check.
    detail : name of the mistake, number of the hint, answer of a quiz.
    """

    at: float
    exercise: str
    version: int
    kind: str
    status: str = ""
    points: int = 0
    out_of: int = 0
    detail: str = ""


@dataclass(frozen=True)
class State:
    """How an exercise stands: the best of all checks of its present version.

    Parameters
    ----------
    status : "untouched", or the best status of a check.
    points : the most ever reached.
    tries : checks that counted.
    hints : hints read.
    solution_seen : whether the solution was looked at.
    """

    status: str = "untouched"
    points: int = 0
    tries: int = 0
    hints: int = 0
    solution_seen: bool = False


_ORDER = (
    "untouched",
    Status.NOT_ATTEMPTED,
    Status.SETUP,
    Status.BROKEN,
    Status.INCORRECT,
    Status.PARTLY,
    Status.PASSED,
)


class Progress:
    """The events of one person on one machine.

    Parameters
    ----------
    path : the database; by default in Jupyter's data folder. It is made when the first event comes.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self.sentence = ""  # what happened to the file, where there is something to tell

    def add(self, event: Event) -> None:
        """Write down an event; where the disk refuses, say so in `sentence` and go on.

        A check must never fail because its result cannot be kept.
        """
        try:
            self.add_all([event])
        except (OSError, sqlite3.Error) as error:
            self.tell(f"Your progress could not be saved in {self.path} ({error}); the check itself is not affected.")
        except DataError as error:
            self.tell(str(error))

    def tell(self, sentence: str) -> None:
        """Keep what there is to tell about the file, for whoever shows it."""
        self.sentence = sentence

    def add_all(self, events: Iterable[Event]) -> None:
        """Write down several events, all or none."""
        marks = ", ".join("?" * len(_COLUMNS))
        rows = [tuple(asdict(event)[c] for c in _COLUMNS) for event in events]
        with opened(self.path, self.tell) as database, database:
            database.executemany(f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)

    def add_outcome(self, outcome: Outcome) -> None:
        """Write down what came of a check."""
        self.add(
            Event(
                time.time(), outcome.id, outcome.version, "check", outcome.status, outcome.points, outcome.out_of,
                outcome.mistake or "",
            )
        )  # fmt: skip

    def events(self, exercise: str | None = None) -> list[Event]:
        """All events, or those of one exercise, oldest first."""
        if not self.path.exists():
            return []
        where, values = ("WHERE exercise = ?", (exercise,)) if exercise else ("", ())
        with opened(self.path, self.tell) as database:
            query = f"SELECT {', '.join(_COLUMNS)} FROM events {where} ORDER BY number"
            return [Event(*row) for row in database.execute(query, values)]

    def states(self, exercise: str | None = None) -> dict[tuple[str, int], State]:
        """How each exercise stands, by its id and version."""
        return states_of(self.events(exercise))

    def state(self, exercise: str, version: int) -> State:
        """How one exercise stands; a file that cannot be read counts as empty, and `sentence` says so."""
        try:
            return self.states(exercise).get((exercise, version), State())
        except (OSError, sqlite3.Error, DataError) as error:
            self.tell(f"Your progress in {self.path} could not be read ({error}).")
            return State()

    # moving it

    def export(self, to: str | Path) -> int:
        """Write all events to a JSON file that `bring` reads; return how many."""
        events = self.events()
        content = {"mmteach progress": FORMAT, "events": [asdict(e) for e in events]}
        with Path(to).open("x", encoding="utf-8") as file:  # "x": never over a file that is there
            json.dump(content, file, ensure_ascii=False, indent=1)
        return len(events)

    def bring(self, source: str | Path) -> int:
        """Add the events of an exported file, those that are not here yet; return how many."""
        known = set(self.events())
        new = [event for event in dict.fromkeys(read_export(Path(source))) if event not in known]
        self.add_all(new)
        return len(new)

    def reset(self) -> Path | None:
        """Begin anew; the file so far stays beside as a copy, whose path is returned."""
        if not self.path.exists():
            return None
        with opened(self.path, self.tell) as database:
            kept = free_path(self.path.with_name(f"{self.path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"))
            with closing(sqlite3.connect(kept)) as copy:
                database.backup(copy)
            with database:
                database.execute("DELETE FROM events")
        return kept


def states_of(events: Iterable[Event]) -> dict[tuple[str, int], State]:
    """What events add up to: how each exercise stands, by its id and version."""
    out: dict[tuple[str, int], State] = {}
    for event in events:
        key = (event.exercise, event.version)
        out[key] = _after(out.get(key, State()), event)
    return out


def default_path() -> Path:
    """Where progress is kept."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "mmteach" / "progress.sqlite"


def read_export(path: Path) -> list[Event]:
    """Read an exported file.

    Raises
    ------
    DataError : it is missing, too large, or no export of progress.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(
                f"{path} is larger than any progress can be: choose a file made by `mmteach progress export`"
            )
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["mmteach progress"] != FORMAT:
            raise DataError(
                f"{path} has format {content['mmteach progress']}, this mmteach knows {FORMAT}: update mmteach"
            )
        return [_event(row) for row in content["events"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path} is not a file of progress ({type(error).__name__}): choose one made by `mmteach progress export`"
        ) from error


def _event(row: dict[str, Any]) -> Event:
    event = Event(**row)
    for name, kind in Event.__annotations__.items():
        wanted = {"float": int | float, "int": int, "str": str}[kind]
        if not isinstance(getattr(event, name), wanted):
            raise TypeError(name)
    if event.kind not in KINDS:
        raise ValueError(event.kind)
    return event


def _after(state: State, event: Event) -> State:
    if event.kind == "hint":
        return State(state.status, state.points, state.tries, state.hints + 1, state.solution_seen)
    if event.kind == "solution":
        return State(state.status, state.points, state.tries, state.hints, True)
    if event.kind != "check" or event.status not in _ORDER:
        return state
    status = max(state.status, event.status, key=lambda s: _ORDER.index(s))
    tries = state.tries + Status(event.status).is_try
    return State(status, max(state.points, event.points), tries, state.hints, state.solution_seen)
