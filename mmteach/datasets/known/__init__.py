"""The sets that mmteach knows by name: one module each, with its description in SET.

A new set is a new file here; nothing else changes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mmteach.datasets.dataset import Dataset


class RemoteFile(NamedTuple):
    """A file at its publisher's address.

    Parameters
    ----------
    sha256 : hex digest of the file.
    unpacks_to : for an archive, the folder that it holds; "" for a file that is kept as it is.
    """

    filename: str
    url: str
    sha256: str
    unpacks_to: str = ""


def _nowhere() -> list[Path]:
    return []


@dataclass(frozen=True)
class KnownSet:
    """A set as its publisher gives it.

    Parameters
    ----------
    about : one line for a list.
    card : markdown: what it is, who published it, under which terms, what it cannot teach.
    open : (folder, **options) -> Dataset, reading the publisher's layout.
    fits : (folder) -> whether the set lies in this folder, as its publisher lays it out.
    by_hand : which files to put where, to stand after "put ... in FOLDER", as in "the folders s1 to s40".
    files : what can be fetched from a certain address; empty where no address is certain.
    elsewhere : () -> folders of other programs where the set may lie already.
    comes_along : whether it lies in a library that mmteach needs, and so is always at hand, as embedded sets are.
    """

    name: str
    about: str
    card: str
    open: Callable[..., Dataset]
    fits: Callable[[Path], bool]
    by_hand: str
    files: tuple[RemoteFile, ...] = ()
    elsewhere: Callable[[], list[Path]] = _nowhere
    comes_along: bool = False
    synthetic: bool = False
    note: str = ""


@cache
def known_sets() -> dict[str, KnownSet]:
    """Every module's SET, by name."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    sets = [importlib.import_module(f"{__name__}.{module}").SET for module in modules]
    return {one.name: one for one in sets}
