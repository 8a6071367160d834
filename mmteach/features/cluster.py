"""Features of many recordings, computed by a cluster of machines where somebody has one.

Features are the part of the work that needs no talk: each recording by itself, in any order. So a cluster may take
them, and the result is that of one machine but for the last digit: which recordings are computed side by side decides
in which order a processor adds up. With `pip install 'mmteach[cluster]'` on every machine,

    dask scheduler                                  # on one machine; it says its address, tcp://...:8786
    dask worker tcp://10.0.0.1:8786                 # on each of the others
    MMTEACH_CLUSTER=tcp://10.0.0.1:8786 mmteach train sentiment --data large.csv --out mine.mmt

What comes back is kept in the cache of the machine that asked. Whoever can reach a Dask scheduler can make its workers
run anything: keep it inside a network that you trust.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import operator
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mmteach.errors import MmteachError

if TYPE_CHECKING:
    from distributed import Client

AT_ONCE = 16  # items that are sent together: one by one, the way there and back would take longer than the work
SECONDS = 10  # to wait for the scheduler's first word


def compute(
    function: Callable[..., list[np.ndarray]], items: Sequence[Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> list[np.ndarray]:
    """Call function(items, *args, **kwargs): on the cluster whose address MMTEACH_CLUSTER holds, else here."""
    address = os.environ.get("MMTEACH_CLUSTER")
    return spread(function, items, args, kwargs, address) if address else function(items, *args, **kwargs)


def spread(
    function: Callable[..., list[np.ndarray]],
    items: Sequence[Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    address: str,
) -> list[np.ndarray]:
    """Let a cluster compute a function of items, which gives one array for each of them, by itself.

    Parameters
    ----------
    function : one that stands in a module under its name; only the name is sent, and the workers' own mmteach is run.
    address : of the Dask scheduler.

    Raises
    ------
    MmteachError : nobody answers there, or the workers have no mmteach.
    """
    parts = [items[i : i + AT_ONCE] for i in range(0, len(items), AT_ONCE)]
    place, client = (function.__module__, function.__qualname__), _client(address)
    waiting = [client.submit(on_worker, *place, part, args, kwargs, pure=False) for part in parts]
    try:
        return [array for done in client.gather(waiting) for array in done]
    except ImportError as error:
        raise MmteachError(
            f"a worker at {address} cannot run mmteach ({error}): install the same version there"
        ) from error


def on_worker(
    module: str, name: str, items: Sequence[Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> list[np.ndarray]:
    """Find the function, and call it without its cache: what it gives is kept by the machine that asked."""
    function = operator.attrgetter(name)(importlib.import_module(module))
    return inspect.unwrap(function)(items, *args, **kwargs)


def leave(address: str) -> None:
    """Part from a cluster before it is closed, so that nobody waits for it."""
    _client(address).close()
    _client.cache_clear()


@functools.cache
def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise MmteachError("MMTEACH_CLUSTER is set, and Dask is missing: pip install 'mmteach[cluster]'") from error
    try:
        return Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise MmteachError(
            f"no Dask scheduler answers at {address!r} within {SECONDS} s: start `dask scheduler`, "
            "or leave MMTEACH_CLUSTER empty to compute here"
        ) from error
