"""Pairs of samples for verification: are the two the same person?"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.tables import read_table, require_no_problems
from mmteach.errors import DataError

COLUMNS = ("id_a", "id_b", "same", "fold")
ANSWERS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Pair(NamedTuple):
    """Two samples by id, whether they are the same person, and the fold that tests them."""

    id_a: str
    id_b: str
    same: bool
    fold: str


def read_pairs(path: Path, dataset: Dataset) -> list[Pair]:
    """Read a list of pairs from a CSV with the columns id_a, id_b, same (1 or 0) and fold.

    Raises
    ------
    DataError : a column is missing, or lines are bad: an id that the set does not have, or another answer than 1
        or 0.
    """
    names, lines = read_table(path, COLUMNS)
    for column in COLUMNS:
        if column not in names:
            raise DataError(f"{path} has no column {column!r}: it needs {', '.join(COLUMNS)}")
    ids = set(dataset.ids.tolist())
    pairs, problems = [], []
    for number, cells in lines:
        unknown = [cells.get(side, "") for side in ("id_a", "id_b") if cells.get(side, "") not in ids]
        same = ANSWERS.get(cells.get("same", "").casefold())
        if unknown:
            like = f"its ids look like {dataset.ids[0]!s}"
            problems.append(f"line {number}: set '{dataset.name}' has no sample {unknown[0]!r} ({like})")
        elif same is None:
            problems.append(f"line {number}: same is {cells.get('same', '')!r}; it can be 1 or 0")
        else:
            pairs.append(Pair(cells["id_a"], cells["id_b"], same, cells.get("fold", "")))
    require_no_problems(path, problems)
    return pairs
