"""A CSV file -> its lines, each with its number; what spreadsheets do to CSV is read right or named."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from mmteach.errors import DataError

MOST_LISTED = 20


class Line(NamedTuple):
    """A line that is not blank: its number in the file, and its cells by column.

    A cell beyond the last column stands under the name "".
    """

    number: int
    cells: dict[str, str]


def read_table(path: Path, known: Collection[str]) -> tuple[list[str], list[Line]]:
    """Read a table's column names and lines.

    UTF-8, with or without a byte order mark; columns parted by commas, semicolons or tabs.

    Parameters
    ----------
    known : column names that are recognised in any capitals.

    Raises
    ------
    DataError : it is missing, empty, not UTF-8 text, has no rows or one column twice, or its quotes are wrong.
    """
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    names: list[str] = []
    lines: list[Line] = []
    start = 1
    try:
        for cells in reader:
            number, start = start, reader.line_num + 1  # a quoted cell may span several lines
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if names:
                lines.append(Line(number, _by_column(names, stripped)))
            else:
                names = _header(path, stripped, known)
    except csv.Error as error:
        raise DataError(f"{path} line {start} cannot be read ({error}): check its double quotes") from error
    if not lines:
        raise DataError(f"{path} has a header and no rows: add some")
    return names, lines


def read_plain_tsv(path: Path) -> list[tuple[int, list[str]]]:
    """Read lines of cells parted by tabs, each with its number; a double quote is a sign like any other.

    Raises
    ------
    DataError : it is missing, empty or not UTF-8 text.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(number, cells) for number, cells in enumerate(reader, 1) if any(cell.strip() for cell in cells)]


def require_no_problems(path: Path, problems: list[str]) -> None:
    """Stop if lines are bad.

    Raises
    ------
    DataError : some are; the first 20 are listed.
    """
    if problems:
        listed = problems[:MOST_LISTED]
        if len(problems) > MOST_LISTED:
            listed.append(f"... and {len(problems) - MOST_LISTED} more")
        lines = "line" if len(problems) == 1 else "lines"
        raise DataError(f"{path} has {len(problems)} bad {lines}: mend or delete", tuple(listed))


def _text(path: Path) -> str:
    """The file as text, without a byte order mark."""
    if not path.is_file():
        raise DataError(f"{path} is not a file: correct its name")
    content = path.read_bytes()
    if not content.strip(b" \t\r\n\xef\xbb\xbf"):
        raise DataError(f"{path} is empty: it needs a line of column names and one line a row")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise DataError(f"{path} is not UTF-8 text, it looks like UTF-16 or a spreadsheet: export it as CSV UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path} line {number} is not UTF-8: export the table as CSV UTF-8") from error


def _delimiter(text: str) -> str:
    """What parts the columns: a comma, or a semicolon or tab as some spreadsheets write."""
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _header(path: Path, cells: list[str], known: Collection[str]) -> list[str]:
    """The column names; known ones in lower case."""
    names = [name.casefold() if name.casefold() in known else name for name in cells]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise DataError(f"{path} has two columns called {twice[0]!r}: rename or delete one")
    return names


def _by_column(names: list[str], cells: list[str]) -> dict[str, str]:
    values = dict(zip(names, cells, strict=False))
    values[""] = " ".join(cell for cell in cells[len(names) :] if cell)
    return values
