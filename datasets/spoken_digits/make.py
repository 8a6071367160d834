"""Make the embedded set of spoken digits: `python datasets/spoken_digits/make.py`. It needs espeak-ng.

The same seed gives the same samples with the same espeak-ng, and the same bytes with the same libsndfile. Read on in
speakers.py (who says what, and how), and beside this folder in habits.py and speech.py (how it sounds) and writing.py
(the files).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))  # a script's own folder is there already
from habits import Speaker
from speakers import MANNER, VOICES, WORDS
from speech import Room, record, write_ogg
from writing import command_line, number_of, problems, write_set

SEED = 9
TAKES = 5
SECONDS = (0.25, 2.0)
COLUMNS = ("id", "label", "group", "audio", "word", "language", "take", "voice")
COLUMNS += ("pitch", "range", "rate", "loudness", "snr_db", "echo")


class Utterance(NamedTuple):
    """Which digit is said by whom, for the how-manieth time."""

    id: str
    speaker: Speaker
    digit: int
    take: int

    @property
    def word(self) -> str:
        """The digit in the speaker's language."""
        return WORDS[self.speaker.language][self.digit]


def utterances(seed: int = SEED) -> list[Utterance]:
    """Everything that is said, speaker by speaker, digit by digit."""
    return [
        Utterance(f"{speaker.id}_{digit}_{take}", speaker, digit, take)
        for speaker in MANNER.cast(VOICES, np.random.RandomState(seed))
        for digit in range(10)
        for take in range(1, TAKES + 1)
    ]


def speak(one: Utterance, seed: int, out: Path) -> dict[str, object]:
    """Write the sound; returns the row of the manifest."""
    speaker, number = one.speaker, number_of(one.id)
    rng = np.random.RandomState([seed, ord(speaker.id[0]), number])
    how = MANNER.draw(speaker, rng)
    room = Room(snr_db=round(rng.uniform(3, 30), 1), echo=round(rng.uniform(0.1, 0.4), 2))
    audio = f"audio/{one.id}.ogg"
    write_ogg(out / audio, record(one.word, speaker.voice, how, room, rng), number, "OPUS")
    said = (one.id, one.digit, speaker.id, audio, one.word, speaker.language, one.take)
    setting = (speaker.voice, how.pitch, how.range, how.rate, how.loudness, room.snr_db, room.echo)
    return dict(zip(COLUMNS, (*said, *setting), strict=True))


def make(out: Path, seed: int = SEED) -> None:
    """Write manifest.csv and audio/ into `out`."""
    write_set(out, COLUMNS, utterances(seed), lambda one, folder: speak(one, seed, folder))


def check(folder: Path) -> list[str]:
    """What is wrong with a finished set, a sentence each; espeak-ng is not needed."""
    expected = [{"id": one.id, "word": one.word, "label": one.digit} for one in utterances()]
    return problems(folder, expected, SECONDS)


if __name__ == "__main__":
    command_line("Make the embedded set of spoken digits.", Path(__file__).parent, SEED, make, check)
