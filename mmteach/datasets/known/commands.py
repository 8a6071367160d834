"""The spoken commands that come with mmteach: what somebody wants of a house, said by synthetic voices."""

from __future__ import annotations

from pathlib import Path

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import embedded_folder
from mmteach.datasets.known import KnownSet
from mmteach.datasets.manifest import MANIFEST, read_manifest
from mmteach.errors import ParameterError

LANGUAGES = ("en", "zh")


def _open(folder: Path, language: str | None = None) -> Dataset:
    """Read the commands of both languages, or of one."""
    if language not in (None, *LANGUAGES):
        raise ParameterError(f"language is {language!r}; the commands are given in {' and '.join(LANGUAGES)}")
    everything = read_manifest(folder / MANIFEST)
    rows = everything.rows
    return everything.subset(i for i, row in enumerate(rows) if language in (None, row.meta["language"]))


def _fits(folder: Path) -> bool:
    """One's own folder may be called commands too, and is not this one."""
    return folder.resolve() == (embedded_folder() / "commands").resolve()


SET = KnownSet(
    name="commands",
    about="synthetic voices: commands to a house in English and Mandarin, 31 frames",
    card="",  # CARD.md beside the sounds
    open=_open,
    fits=_fits,
    by_hand="the folder datasets/commands of mmteach's source",
    synthetic=True,
    note="synthetic voices, made with espeak-ng; no recogniser was run, its errors are made too",
)
