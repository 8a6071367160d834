"""Make the embedded set of spoken commands: `python datasets/commands/make.py`. It needs espeak-ng.

The same seed gives the same samples with the same espeak-ng, and the same bytes with the same libsndfile. Read on in
frames.py (what is asked for, and in which words), voices.py (by whom), errors.py and sounds.py (what is written down);
beside this folder in habits.py and speech.py (how it sounds) and writing.py (the files).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))  # a script's own folder is there already
from errors import Recogniser, edit_distance, error_rate
from frames import BETWEEN, GRAMMARS, SLOTS, Frame, frames, sentences, vocabulary, words
from habits import Prosody, Speaker
from sounds import TABLE, read_sounds, write_sounds
from speech import Room, program, record, respelled, write_ogg
from voices import MANNER, VOICES
from writing import command_line, number_of, problems, write_set

HERE = Path(__file__).resolve().parent
SEED = 16
TAKES = 2
SECONDS = (0.7, 6.0)
COLUMNS = ("id", "label", "group", "audio", "text", "said", "language", "intent", *SLOTS, "n_errors", "voice")
COLUMNS += ("pitch", "range", "rate", "loudness", "snr_db", "echo")


class Utterance(NamedTuple):
    """A frame, said by somebody in some words, and what is written down of it."""

    id: str
    speaker: Speaker
    frame: Frame
    said: str
    written: str
    how: Prosody
    room: Room

    @property
    def row(self) -> dict[str, object]:
        """Its row of the manifest."""
        language, frame, how = self.speaker.language, self.frame, self.how
        n_errors = int(edit_distance(words(self.said, language), words(self.written, language)))
        row = (self.id, frame.label, self.speaker.id, f"audio/{self.id}.ogg", self.written, self.said, language)
        row += (frame.intent, *(frame.value if slot == frame.slot else "" for slot in SLOTS), n_errors)
        row += (self.speaker.voice, how.pitch, how.range, how.rate, how.loudness, self.room.snr_db, self.room.echo)
        return dict(zip(COLUMNS, row, strict=True))


def utterances(seed: int = SEED, folder: Path = HERE) -> list[Utterance]:
    """Everything that is said, speaker by speaker, frame by frame; `folder` holds the table of sounds."""
    rng = np.random.RandomState(seed)
    sounds = read_sounds(folder)
    recognisers = {
        language: Recogniser(sounds[language], words(GRAMMARS[language].SHORT, language)) for language in GRAMMARS
    }
    made = []
    for speaker in MANNER.cast(VOICES, rng):
        for i, frame in enumerate(frames(), start=1):
            for take, said in enumerate(sentences(frame, speaker.language, TAKES, rng), start=1):
                id = f"{speaker.id}_{i:02d}_{take}"
                made.append(utterance(id, speaker, frame, said, recognisers[speaker.language], seed))
    return made


def utterance(id: str, speaker: Speaker, frame: Frame, said: str, recogniser: Recogniser, seed: int) -> Utterance:
    """Draw how it is spoken, in which room, and what is written down."""
    rng = np.random.RandomState([seed, 0, ord(id[0]), number_of(id)])
    how, language = MANNER.draw(speaker, rng), speaker.language
    room = Room(echo=round(rng.uniform(0.1, 0.4), 2), snr_db=round(rng.uniform(0, 25), 1))
    written = recogniser.hear(words(said, language), error_rate(room.snr_db), rng)
    return Utterance(id, speaker, frame, said, BETWEEN[language].join(written), how, room)


def speak(one: Utterance, seed: int, out: Path) -> dict[str, object]:
    """Write the sound; returns the row of the manifest."""
    number = number_of(one.id)
    rng = np.random.RandomState([seed, 1, ord(one.id[0]), number])
    text = respelled(one.said, GRAMMARS[one.speaker.language].READINGS)
    samples = record(text, one.speaker.voice, one.how, one.room, rng)
    write_ogg(out / f"audio/{one.id}.ogg", samples, number, "OPUS")
    return one.row


def make(out: Path, seed: int = SEED) -> None:
    """Write sounds.csv, manifest.csv and audio/ into `out`."""
    program()
    out.mkdir(parents=True, exist_ok=True)
    write_sounds(out)
    write_set(out, COLUMNS, utterances(seed, out), lambda one, folder: speak(one, seed, folder))


def check(folder: Path) -> list[str]:
    """What is wrong with a finished set, a sentence each; espeak-ng is not needed."""
    if not (folder / TABLE).is_file():
        return [f"{TABLE} is missing"]
    if any(sorted(sounds) != vocabulary(language) for language, sounds in read_sounds(folder).items()):
        return [f"{TABLE} does not hold the words of english.py and mandarin.py"]
    return problems(folder, [one.row for one in utterances(folder=folder)], SECONDS)


if __name__ == "__main__":
    command_line("Make the embedded set of spoken commands.", HERE, SEED, make, check)
