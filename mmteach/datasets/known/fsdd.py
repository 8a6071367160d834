"""FSDD: spoken digits, a first set of recordings."""

from __future__ import annotations

import re
from pathlib import Path

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.known import KnownSet
from mmteach.datasets.layouts import media_files
from mmteach.errors import DataError

CARD = """\
# FSDD: the Free Spoken Digit Dataset

Recordings of the ten digits in English, cut close to the word, 8 kHz, about half a second each; six speakers say each
digit 50 times. Copies with fewer speakers or takes are read as well.

- Layout: `recordings/7_jackson_32.wav`: digit, speaker, take. Label: the digit. Group and fold: the speaker, so each
  speaker is tested once by a model that never heard them.
- Terms: CC BY-SA 4.0.
- Cannot teach: how people differ. Six men speak, most with an accent, each at one microphone; and a digit said alone
  says nothing of a mood.
- Reference: Z. Jackson and others, Free Spoken Digit Dataset, https://github.com/Jakobovski/free-spoken-digit-dataset.
"""

STEM = re.compile(r"([0-9])_([^_]+)_([0-9]+)")


def open_recordings(folder: Path) -> Dataset:
    """Read the recordings in order of digit, speaker and take.

    Raises
    ------
    DataError : none is there.
    """
    rows = []
    for file in media_files(folder / "recordings"):
        if found := STEM.fullmatch(file.stem):
            digit, speaker, take = found.groups()
            meta = {"take": take, "valence": "", "fold": speaker, "language": "en"}
            rows.append(Row(file.stem, {"audio": file}, digit, speaker, meta=meta))
    if not rows:
        raise DataError(f"{folder / 'recordings'} holds no recording such as 7_jackson_32.wav: copy them there")
    return Dataset(rows, "fsdd")


SET = KnownSet(
    name="fsdd",
    about="spoken digits, English, few speakers, 8 kHz",
    card=CARD,
    open=open_recordings,
    fits=lambda folder: (folder / "recordings").is_dir(),
    by_hand="the folder recordings of the Free Spoken Digit Dataset",
    note="few speakers, single digits",
)
