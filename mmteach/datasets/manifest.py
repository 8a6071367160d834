"""A CSV table -> a set: one row a sample, one column a modality."""

from __future__ import annotations

from pathlib import Path

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.media import READERS
from mmteach.datasets.sources import Source
from mmteach.datasets.tables import Line, read_table, require_no_problems
from mmteach.errors import DataError

MANIFEST = "manifest.csv"
SPLITS = ("train", "val", "test")
ARRAYS = ("landmarks", "vector")  # their cells name .npy files
KNOWN = ("id", "label", "group", "split", *READERS)


def read_manifest(path: Path) -> Dataset:
    """Read a table of one's own recordings.

    Columns: `id`; `label`, `group` and `split` (train, val, test) where known; and one for each modality,
    `image`, `audio`, `text`, `landmarks`, `vector`. Paths are relative to the table; `..` and absolute paths work
    too, but such a set cannot be handed on as one folder. A landmarks or vector cell names a .npy file; a text cell
    is the text itself or names a .txt file. An empty cell is an absent modality. Other columns go to `meta`.

    Raises
    ------
    DataError : the table cannot be read, or lines of it are bad: each is listed, at most 20.
    """
    rows, problems = parse(path)
    require_no_problems(path, problems)
    return Dataset(rows, path.resolve().parent.name if path.name == MANIFEST else path.stem)


def parse(path: Path) -> tuple[list[Row], list[str]]:
    """The table's good rows, and one sentence for each bad line.

    Raises
    ------
    DataError : the table as a whole cannot be used: no text, no id column, no modality, no rows.
    """
    names, lines = read_table(path, KNOWN)
    _require_columns(path, names)
    rows, problems = [], []
    first_seen: dict[str, int] = {}
    for line in lines:
        try:
            rows.append(_row(line, path, first_seen))
        except DataError as error:
            problems.append(f"line {line.number}: {error}")
    return rows, problems


def _require_columns(path: Path, names: list[str]) -> None:
    listed = ", ".join(name for name in names if name)
    if "id" not in names:
        raise DataError(f"{path} has no id column (its columns: {listed}): add one with a different id in every row")
    if not set(names) & set(READERS):
        raise DataError(f"{path} has no column of a modality (its columns: {listed}): add one of {', '.join(READERS)}")


def _row(line: Line, path: Path, first_seen: dict[str, int]) -> Row:
    """One line as a row, once every check is passed."""
    cells = line.cells
    if cells[""]:
        raise DataError(f"more cells than columns, {cells['']!r} is left over: put a text with commas in double quotes")
    id = cells.get("id", "")
    if not id:
        raise DataError("the id is empty: give every row its own id")
    if first_seen.setdefault(id, line.number) != line.number:
        raise DataError(f"id {id!r} was used on line {first_seen[id]} already: give every row its own id")
    split = cells.get("split", "").casefold()
    if split and split not in SPLITS:
        raise DataError(f"split is {cells['split']!r}; it can be train, val or test, or empty")
    media = {name: _source(name, cells[name], path.parent) for name in READERS if cells.get(name)}
    if not media:
        raise DataError(f"row {id!r} has no {' nor '.join(name for name in READERS if name in cells)}: fill one in")
    meta = {name: value for name, value in cells.items() if name and name not in KNOWN}
    where = f"{path.name} line {line.number}"
    return Row(id, media, cells.get("label") or None, cells.get("group") or None, split or None, meta, where)


def _source(modality: str, cell: str, folder: Path) -> Source:
    """What a cell names: a file that is there, or the text itself."""
    path = folder / cell.replace("\\", "/")  # a table made on Windows works everywhere
    if modality == "text" and not (cell.endswith(".txt") and path.is_file()):
        return cell
    if modality in ARRAYS and path.suffix.lower() != ".npy":
        raise DataError(f"{modality} {cell!r} is not a .npy file: save the array with numpy.save and name that file")
    if path.is_dir():
        raise DataError(f"{modality} {cell!r} is a folder; a file is needed")
    if not path.exists():
        raise DataError(f"{modality} {cell!r} is missing in {folder}{_hint(path)}: put it there or correct the cell")
    return path


def _hint(path: Path) -> str:
    """The file that was perhaps meant: the same name in other capitals."""
    if not path.parent.is_dir():
        return ""
    alike = [file.name for file in path.parent.iterdir() if file.name.casefold() == path.name.casefold()]
    return f" (there is {alike[0]!r}: capitals count)" if alike else ""
