"""Is this still the file that was handed out? Running a notebook rewrites it without changing a word of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

CHECKED = "nbval-check-output"  # cells with this tag are handed out with their outputs


class Fingerprint(NamedTuple):
    """Two digests of a file.

    sha256 : of its bytes.
    words : of what is written in a notebook's cells, whatever their outputs, counts, ids and metadata, and
        whatever empty cells are between them; of any other file, sha256 again.
    """

    sha256: str
    words: str


def fingerprint(content: bytes) -> Fingerprint:
    """Compute both digests of a file's content."""
    exact = hashlib.sha256(content).hexdigest()
    cells = _cells(content)
    if cells is None:
        return Fingerprint(exact, exact)
    written = [[c.get("cell_type"), _source(c), c.get("attachments") or {}] for c in cells if _source(c).strip()]
    return Fingerprint(exact, hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest())


def has_own_outputs(content: bytes) -> bool:
    """Whether a notebook holds outputs that it was not handed out with."""
    return any(
        cell.get("outputs") and CHECKED not in ((cell.get("metadata") or {}).get("tags") or ())
        for cell in _cells(content) or ()
    )


def _cells(content: bytes) -> list[dict[str, Any]] | None:
    """Return the cells of a notebook, or None where the content is no notebook."""
    try:
        cells = json.loads(content)["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells):
        return cells
    return None


def _source(cell: dict[str, Any]) -> str:
    """Return a cell's text; a notebook stores it whole or line by line."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
