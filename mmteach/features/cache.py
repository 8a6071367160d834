"""Features are computed once: a disk cache keyed by the content of the pictures and by every parameter."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from joblib import Memory

P = ParamSpec("P")
R = TypeVar("R")
LIMIT = "1G"  # oldest results go first once the folder is larger


def cache_folder() -> Path:
    """`MMTEACH_CACHE` where it is set, else the user's cache folder."""
    if chosen := os.environ.get("MMTEACH_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("mmteach")) / "features"


@functools.cache
def _memory(folder: str) -> Memory | None:
    from joblib import Memory

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        memory = Memory(folder, verbose=0)
        memory.reduce_size(bytes_limit=LIMIT)
    except OSError:  # a read-only disk: compute every time, which is slower and still right
        return None
    return memory


def set_cache_folder(folder: Path | None) -> None:
    """Use another folder for this process; None goes back to the user's."""
    if folder is None:
        os.environ.pop("MMTEACH_CACHE", None)
    else:
        os.environ["MMTEACH_CACHE"] = str(folder)


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the results of a pure function of arrays and parameters on disk (joblib.Memory).

    The function itself stays reachable as `__wrapped__`. Changing its source empties its part of the cache.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        memory = _memory(str(cache_folder()))
        if memory is not None:
            try:
                return memory.cache(function)(*args, **kwargs)
            except OSError:  # the disk became full or read-only: go on without it
                pass
        return function(*args, **kwargs)

    return wrapper
