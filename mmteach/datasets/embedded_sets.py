"""The sets that come with mmteach: a manifest in a folder of its own, made by the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import embedded_folder
from mmteach.datasets.known import KnownSet
from mmteach.datasets.manifest import MANIFEST, read_manifest
from mmteach.errors import ParameterError

LANGUAGES = ("en", "zh")


def whole(folder: Path) -> Dataset:
    """Read all of a set."""
    return read_manifest(folder / MANIFEST)


def in_languages(folder: Path, language: str | None = None) -> Dataset:
    """Read what is said in both languages, or in one."""
    if language not in (None, *LANGUAGES):
        raise ParameterError(f"language is {language!r}; {folder.name} speaks {' and '.join(LANGUAGES)}")
    everything = whole(folder)
    rows = everything.rows
    return everything.subset(i for i, row in enumerate(rows) if language in (None, row.meta["language"]))


def embedded_set(name: str, about: str, note: str, open: Callable[..., Dataset] = whole) -> KnownSet:
    """Describe one; its card, CARD.md, lies beside its files.

    Somebody's own folder may have the same name, and is not this set: it must be the very folder that came along.
    """

    def fits(folder: Path) -> bool:
        return folder.resolve() == (embedded_folder() / name).resolve()

    where = f"the folder datasets/{name} of mmteach's source"
    return KnownSet(name=name, about=about, card="", open=open, fits=fits, by_hand=where, synthetic=True, note=note)
