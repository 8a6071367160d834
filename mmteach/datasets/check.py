"""Read every file of a set and say which are bad."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mmteach.datasets.dataset import Row
from mmteach.datasets.layouts import manifest_of
from mmteach.datasets.manifest import parse
from mmteach.datasets.registry import find, load, open_found, recognised, sides
from mmteach.errors import DataError


class Report(NamedTuple):
    """What a check found.

    Parameters
    ----------
    n_ok : samples whose every file was read.
    problems : one sentence for each bad line or file, with its place.
    """

    n_ok: int
    problems: list[str]


def check(name_or_path: str | Path, progress: bool = False) -> Report:
    """Read every file of a set, going on after each bad one.

    Raises
    ------
    DataError : the set is nowhere.
    """
    composed = sides(name_or_path)
    place = None if composed else find(name_or_path)
    try:
        rows, problems = _rows(place, str(name_or_path)) if place else (list(load(name_or_path).rows), [])
    except DataError as error:
        return Report(0, [str(error)])
    n_ok = 0
    for row in _counted(rows, progress):
        try:
            row.read()
        except DataError as error:
            problems.append(str(error))
        else:
            n_ok += 1
    return Report(n_ok, problems)


def _rows(place: Path, name: str) -> tuple[list[Row], list[str]]:
    """The rows that can be read, and the sentences on those that cannot."""
    table = manifest_of(place)
    if table is None or recognised(place, name):  # a publisher's own table is no manifest
        return list(open_found(place, name).rows), []
    rows, problems = parse(table)
    return rows, [f"{table.name} {problem}" for problem in problems]


def _counted(rows: list[Row], progress: bool) -> Iterable[Row]:
    from tqdm import tqdm

    return tqdm(rows, unit="sample", disable=not progress)
