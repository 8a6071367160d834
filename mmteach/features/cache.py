"""Features are computed once: a disk cache keyed by the content of the media and by every parameter.

`cached` keeps the result of a whole call; `per_item` keeps that of each recording by itself, so that a recording which
stands in six folds and three models is still heard once.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import itertools
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from mmteach.features.cluster import compute

if TYPE_CHECKING:
    from joblib import Memory

P = ParamSpec("P")
R = TypeVar("R")
LIMIT = "1G"  # oldest results go first once the folder is larger
BYTES_ON_DISK = 2**30  # the same for results of single items
BYTES_IN_MEMORY = 2**28  # results of single items that a process keeps at hand
BATCH = 256  # items that are looked up at once: a generator of many never has to be held whole


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


class Shelf:
    """Arrays by key: those used last in memory, all of them as .npy files in a folder, as far as it can be written.

    Parameters
    ----------
    folder : made where it is missing. Without the right to write there, memory alone is used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recent: OrderedDict[str, np.ndarray] = OrderedDict()
        self.n_bytes = 0
        self.prune()

    def get(self, key: str) -> np.ndarray | None:
        """Return a copy of what was put; None where nothing was, or where the file is damaged."""
        value = self.recent.pop(key, None)
        if value is None:
            try:
                value = np.load(self._file(key), allow_pickle=False)
            except (OSError, ValueError, EOFError):
                return None
        else:
            self.n_bytes -= value.nbytes
        self._remember(key, value)
        return value.copy()

    def put(self, key: str, value: np.ndarray) -> None:
        """Keep an array. The file appears whole or not at all."""
        self._remember(key, value.copy())
        file = self._file(key)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
                np.save(part, value, allow_pickle=False)
            os.replace(part.name, file)
        except OSError:  # full or read-only: it will be computed again another time
            pass

    def prune(self, limit: int = BYTES_ON_DISK) -> None:
        """Delete the oldest files until what is left fits the limit."""
        try:
            files = [(stat.st_mtime, stat.st_size, f) for f in self.folder.rglob("*.*") for stat in (f.stat(),)]
            excess = sum(size for _, size, _ in files) - limit
            for _, size, file in sorted(files):
                if excess <= 0:
                    return
                file.unlink()
                excess -= size
        except OSError:  # another process is tidying up as well
            pass

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npy"

    def _remember(self, key: str, value: np.ndarray) -> None:
        self.recent[key] = value
        self.n_bytes += value.nbytes
        while self.n_bytes > BYTES_IN_MEMORY and self.recent:
            self.n_bytes -= self.recent.popitem(last=False)[1].nbytes


@functools.cache
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder)


def content_key(item: Any, start: bytes = b"") -> str:
    """Return a hash of an array, a text, or a dataclass of those, such as a Waveform: 64 hexadecimal digits."""
    parts = [getattr(item, f.name) for f in dataclasses.fields(item)] if dataclasses.is_dataclass(item) else [item]
    found = blake2b(start, digest_size=32)
    for part in parts:
        if isinstance(part, np.ndarray):
            found.update(f"{part.dtype} {part.shape} ".encode())
            found.update(np.ascontiguousarray(part).data)
        else:
            found.update(f"{part!r} ".encode())
    return found.hexdigest()


def _source(*modules: ModuleType | None) -> str:
    try:
        return "".join(inspect.getsource(module) for module in modules if module is not None)
    except OSError:  # typed into a prompt: the name has to do
        return ""


def per_item(*modules: ModuleType) -> Callable[[Callable[..., list[np.ndarray]]], Callable[..., list[np.ndarray]]]:
    """Keep the results of a function that takes many items and returns one array for each.

    Only items without a kept result reach the function, all of them in one call. The key of a result is the content
    of its item, the parameters, and the source of the function's module and of `modules`, on which it relies: whoever
    changes a line there gets new features, not old ones.
    """

    def decorate(function: Callable[..., list[np.ndarray]]) -> Callable[..., list[np.ndarray]]:
        signature = inspect.signature(function)
        name = f"{function.__module__}.{function.__qualname__}"
        read_source = functools.cache(lambda: _source(inspect.getmodule(function), *modules))

        @functools.wraps(function)
        def wrapper(items: Iterable[Any], *args: Any, **kwargs: Any) -> list[np.ndarray]:
            bound = signature.bind(items, *args, **kwargs)
            bound.apply_defaults()
            params = list(bound.arguments.items())[1:]
            start = blake2b(f"{name} {params!r} {read_source()}".encode()).digest()
            shelf = _shelf(cache_folder() / "items")
            out: list[np.ndarray] = []
            waiting = iter(items)
            while batch := list(itertools.islice(waiting, BATCH)):
                keys = [content_key(item, start) for item in batch]
                found = {key: shelf.get(key) for key in dict.fromkeys(keys)}
                missing = {key: item for key, item in zip(keys, batch, strict=True) if found[key] is None}
                values = compute(function, list(missing.values()), args, kwargs) if missing else []
                for key, value in zip(missing, values, strict=True):
                    found[key] = value
                    shelf.put(key, value)
                out += [found[key] for key in keys]  # type: ignore[misc]
            return out

        return wrapper

    return decorate
