"""The database behind progress: opened by several kernels at once, set aside where it is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from mmteach.errors import DataError

FORMAT = 1  # of the database (PRAGMA user_version) and of an export
_TABLE = """CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, exercise TEXT NOT NULL, version INTEGER NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL, points INTEGER NOT NULL, out_of INTEGER NOT NULL, detail TEXT NOT NULL)"""


@contextmanager
def opened(path: Path, tell: Callable[[str], None]) -> Iterator[sqlite3.Connection]:
    """Open the database, or make it; a damaged one is set aside, told of, and a new one begun."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        database = _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, no room, no right to write: not damaged
            raise
        kept = _set_aside(path)
        tell(f"Your progress file was damaged: it was set aside as {kept.name}, and a new one begun.")
        database = _connect(path)
    with closing(database):
        yield database


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)  # two kernels may write: one waits for the other
    try:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            raise DataError(
                f"{path} was written by a newer mmteach (format {version}, this one knows {FORMAT}): update mmteach"
            )
        if version < FORMAT:
            with suppress(sqlite3.OperationalError):  # somebody else is at it, or the file system cannot
                database.execute("PRAGMA journal_mode=WAL")
            with database:
                database.execute(_TABLE)
                database.execute(f"PRAGMA user_version = {FORMAT}")
        elif database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")
        database.execute("SELECT number FROM events LIMIT 1").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def _set_aside(path: Path) -> Path:
    kept = free_path(path.with_name(f"{path.stem}-damaged.sqlite"))
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{path}{suffix}")
        if part.exists():
            part.replace(f"{kept}{suffix}")
    return kept


def free_path(path: Path) -> Path:
    """The path, or with a number where it is taken: nothing is overwritten."""
    number, free = 1, path
    while free.exists():
        number, free = number + 1, path.with_name(f"{path.stem}-{number + 1}{path.suffix}")
    return free
