"""Where a medium comes from, and the checks that every kind of file shares."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np

from mmteach.errors import DataError

Source: TypeAlias = Path | np.ndarray | str  # a file, an array in memory, or the text itself


def require_file(path: Path) -> None:
    """Check that a file is there and not empty.

    Raises
    ------
    DataError : the file is missing, a folder, or empty.
    """
    if path.is_dir():
        raise DataError(f"{path} is a folder; a file is needed: name one of the files in it")
    if not path.exists():
        raise DataError(f"{path} is missing: put the file there or correct its name")
    if path.stat().st_size == 0:
        raise DataError(f"{path} is empty, 0 bytes: copy or save it again")
