"""Make the embedded set of spoken reviews: `python datasets/spoken_reviews/make.py`. It needs espeak-ng.

The same seed gives the same samples with the same espeak-ng, and the same bytes with the same libsndfile. Read on in
sentences.py (what is said) and voices.py (by whom and how), and beside this folder in habits.py and speech.py (how it
sounds) and writing.py (the files).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))  # a script's own folder is there already
from habits import Speaker
from sentences import GRAMMARS, Writer
from speech import Room, record, respelled, write_ogg
from voices import MANNER, MOODS, VOICES, prosody
from writing import command_line, number_of, problems, write_set

SEED = 7
SECONDS = (0.5, 10.0)
COLUMNS = ("id", "label", "group", "audio", "text", "language", "text_mood", "voice_mood", "conflict", "voice")
COLUMNS += ("pitch", "range", "rate", "loudness", "snr_db", "echo")

# How often a voice speaks in each pair (mood of the voice, mood of the words): 40 utterances, 12 to 14 of each label.
# A moved voice meets words of its own mood as often as words of the opposite one;
# so neither side alone can be right about more than 30 of the 40.
PLAN = {
    (0, 0): 12, (0, -1): 5, (0, 1): 5,
    (-1, -1): 4, (-1, 0): 1, (-1, 1): 4,
    (1, 1): 4, (1, 0): 1, (1, -1): 4,
}  # fmt: skip


class Utterance(NamedTuple):
    """What is said by whom, in which mood of the voice and of the words (-1, 0, 1)."""

    id: str
    speaker: Speaker
    text: str
    voice_mood: int
    text_mood: int

    @property
    def label(self) -> str:
        """The voice decides when it is clearly moved; when it is flat, the words decide."""
        return MOODS[self.voice_mood or self.text_mood]


def utterances(seed: int = SEED) -> list[Utterance]:
    """Everything that is said, voice by voice, in random order within a voice."""
    rng = np.random.RandomState(seed)
    writers = {language: Writer(language, rng) for language in GRAMMARS}
    pairs = [pair for pair, n in PLAN.items() for _ in range(n)]
    made = []
    for speaker in MANNER.cast(VOICES, rng):
        for i, k in enumerate(rng.permutation(len(pairs)), start=1):
            voice_mood, text_mood = pairs[k]
            text = writers[speaker.language].write(MOODS[text_mood])
            made.append(Utterance(f"{speaker.id}_{i:02d}", speaker, text, voice_mood, text_mood))
    return made


def speak(one: Utterance, seed: int, out: Path) -> dict[str, object]:
    """Write the sound; returns the row of the manifest."""
    speaker, number = one.speaker, number_of(one.id)
    rng = np.random.RandomState([seed, ord(speaker.id[0]), number])
    how = prosody(speaker, one.voice_mood, rng)
    room = Room(snr_db=round(rng.uniform(8, 30), 1), echo=round(rng.uniform(0.1, 0.4), 2))
    text = respelled(one.text, GRAMMARS[speaker.language].READINGS)
    audio = f"audio/{one.id}.ogg"
    write_ogg(out / audio, record(text, speaker.voice, how, room, rng), number, "VORBIS")
    conflict = "yes" if one.voice_mood * one.text_mood < 0 else "no"
    moods = (MOODS[one.text_mood], MOODS[one.voice_mood], conflict)
    setting = (speaker.voice, how.pitch, how.range, how.rate, how.loudness, room.snr_db, room.echo)
    row = (one.id, one.label, speaker.id, audio, one.text, speaker.language, *moods, *setting)
    return dict(zip(COLUMNS, row, strict=True))


def make(out: Path, seed: int = SEED) -> None:
    """Write manifest.csv and audio/ into `out`."""
    write_set(out, COLUMNS, utterances(seed), lambda one, folder: speak(one, seed, folder))


def check(folder: Path) -> list[str]:
    """What is wrong with a finished set, a sentence each; espeak-ng is not needed."""
    expected = [{"id": one.id, "text": one.text, "label": one.label} for one in utterances()]
    return problems(folder, expected, SECONDS)


if __name__ == "__main__":
    command_line("Make the embedded set of spoken reviews.", Path(__file__).parent, SEED, make, check)
