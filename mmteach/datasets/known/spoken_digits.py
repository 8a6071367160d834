"""The spoken digits that come with mmteach: ten words in two languages, said by synthetic voices."""

from __future__ import annotations

from pathlib import Path

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import embedded_folder
from mmteach.datasets.known import KnownSet
from mmteach.datasets.manifest import MANIFEST, read_manifest
from mmteach.errors import ParameterError

LANGUAGES = ("en", "zh")


def _open(folder: Path, language: str | None = None) -> Dataset:
    """Read the digits of both languages, or of one."""
    if language not in (None, *LANGUAGES):
        raise ParameterError(f"language is {language!r}; the digits are said in {' and '.join(LANGUAGES)}")
    everything = read_manifest(folder / MANIFEST)
    rows = everything.rows
    return everything.subset(i for i, row in enumerate(rows) if language in (None, row.meta["language"]))


def _fits(folder: Path) -> bool:
    """One's own folder may be called spoken_digits too, and is not this one."""
    return folder.resolve() == (embedded_folder() / "spoken_digits").resolve()


SET = KnownSet(
    name="spoken_digits",
    about="synthetic voices: single digits in English and Mandarin",
    card="",  # CARD.md beside the sounds
    open=_open,
    fits=_fits,
    by_hand="the folder datasets/spoken_digits of mmteach's source",
    synthetic=True,
    note="synthetic voices, made with espeak-ng",
)
