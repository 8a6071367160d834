"""A CSV table -> a set: one row a sample, one column a modality."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.media import READERS
from mmteach.datasets.sources import Source
from mmteach.errors import DataError

MANIFEST = "manifest.csv"
SPLITS = ("train", "val", "test")
ARRAYS = ("landmarks", "vector")  # their cells name .npy files
KNOWN = ("id", "label", "group", "split", *READERS)
MOST_LISTED = 20


class Line(NamedTuple):
    """One line of the table that is not blank: its number in the file and its cells by column."""

    number: int
    cells: dict[str, str]


def read_manifest(path: Path) -> Dataset:
    """Read a table of one's own recordings.

    Columns: `id`; `label`, `group` and `split` (train, val, test) where known; and one for each modality,
    `image`, `audio`, `text`, `landmarks`, `vector`. Paths are relative to the table; `..` and absolute paths work
    too, but such a set cannot be handed on as one folder. A landmarks or vector cell names a .npy file; a text cell
    is the text itself or names a .txt file. An empty cell is an absent modality. Other columns go to `meta`. UTF-8,
    with or without a byte order mark; columns parted by commas, semicolons or tabs.

    Raises
    ------
    DataError : the table cannot be read, or rows of it are bad: each is listed with its line, at most 20.
    """
    rows, problems = parse(path)
    if problems:
        listed = problems[:MOST_LISTED]
        if len(problems) > MOST_LISTED:
            listed.append(f"... and {len(problems) - MOST_LISTED} more")
        n = len(problems)
        raise DataError(f"{path} has {n} bad {'row' if n == 1 else 'rows'}: mend or delete", tuple(listed))
    return Dataset(rows, path.resolve().parent.name if path.name == MANIFEST else path.stem)


def parse(path: Path) -> tuple[list[Row], list[str]]:
    """The table's good rows, and one sentence for each bad one.

    Raises
    ------
    DataError : the table as a whole cannot be used: no text, no id column, no modality, no rows.
    """
    lines = list(_lines(path, _text(path)))
    if not lines:
        raise DataError(f"{path} has a header and no rows: add one row for each sample")
    rows, problems = [], []
    first_seen: dict[str, int] = {}
    for line in lines:
        try:
            row = _row(line, path, first_seen)
        except DataError as error:
            problems.append(f"line {line.number}: {error}")
        else:
            rows.append(row)
    return rows, problems


def _text(path: Path) -> str:
    """The table as text, without a byte order mark."""
    content = path.read_bytes()
    if not content.strip():
        raise DataError(f"{path} is empty: it needs a header line, as in id,label,group,image, and one row a sample")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise DataError(f"{path} is not UTF-8 text (it looks like UTF-16 or a spreadsheet): export it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path} line {number} is not UTF-8: export the table as CSV UTF-8") from error


def _lines(path: Path, text: str) -> Iterator[Line]:
    """Cut the table into lines of cells, once its header is known to be usable."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    names: list[str] | None = None
    start = 1
    try:
        for cells in reader:
            number, start = start, reader.line_num + 1  # a quoted cell may span several lines
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _header(path, cells)
            else:
                yield Line(number, _by_column(names, cells))
    except csv.Error as error:
        raise DataError(f"{path} line {start} cannot be read ({error}): check its quotes") from error


def _delimiter(text: str) -> str:
    """What parts the columns: a comma, or a semicolon or tab as some spreadsheets write."""
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _header(path: Path, cells: list[str]) -> list[str]:
    """The column names; known ones in lower case."""
    names = [cell.strip() for cell in cells]
    names = [name.casefold() if name.casefold() in KNOWN else name for name in names]
    listed = ", ".join(names)
    if "id" not in names:
        raise DataError(f"{path} has no id column (its columns: {listed}): add one with a different id in every row")
    if not set(names) & set(READERS):
        raise DataError(f"{path} has no column of a modality (its columns: {listed}): add one of {', '.join(READERS)}")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise DataError(f"{path} has two columns called {twice[0]!r}: rename or delete one")
    return names


def _by_column(names: list[str], cells: list[str]) -> dict[str, str]:
    """Cells by column name; what lies beyond the last column stands under ""."""
    values = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    values[""] = " ".join(cell.strip() for cell in cells[len(names) :]).strip()
    return values


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
        raise DataError(f"{modality} {cell!r} is missing in {folder}{_hint(path)}")
    return path


def _hint(path: Path) -> str:
    """The file that was perhaps meant: the same name in other capitals."""
    if not path.parent.is_dir():
        return ""
    alike = [file.name for file in path.parent.iterdir() if file.name.casefold() == path.name.casefold()]
    return f" (there is {alike[0]!r}: capitals count)" if alike else ""
