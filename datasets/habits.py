"""Who speaks in a set: voices with habits, and how each utterance differs from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SEMITONES_PER_STEP = 0.156  # of espeak-ng's -p, measured


@dataclass(frozen=True)
class Speaker:
    """An espeak-ng voice, and this speaker's usual pitch, range, rate and loudness (in the units of Manner)."""

    id: str
    voice: str
    language: str
    usual: tuple[float, float, float, float]


@dataclass(frozen=True)
class Prosody:
    """How one utterance is spoken, in espeak-ng's units.

    Parameters
    ----------
    pitch : its option -p, 1 to 99.
    range : percent of the voice's own pitch range, 20 to 200.
    rate : its option -s, words per minute.
    loudness : decibels against the average utterance; our gain.
    """

    pitch: int
    range: int
    rate: int
    loudness: float


@dataclass(frozen=True)
class Manner:
    """How the speakers of a set differ from each other, and an utterance from its speaker's usual way.

    Four numbers each: pitch (semitones), range (octaves: 1 doubles it), rate (octaves of words per minute), loudness
    (decibels). The pitch of speakers differs far more than `speakers` says, because the variants of espeak-ng do.

    Parameters
    ----------
    speakers, utterances : standard deviations.
    words_per_minute : of each language, in the middle.
    loudest : no utterance is further from loudness 0 than this.
    """

    speakers: tuple[float, float, float, float]
    utterances: tuple[float, float, float, float]
    words_per_minute: Mapping[str, int]
    loudest: float

    def cast(self, voices: Mapping[str, Sequence[str]], rng: np.random.RandomState) -> list[Speaker]:
        """All speakers, from the espeak-ng voices of each language; ids are e01, e02, ... and z01, ..."""
        made = []
        for language, names in voices.items():
            for i, name in enumerate(names, start=1):
                usual = np.clip(rng.normal(size=4), -1.7, 1.7) * self.speakers
                made.append(Speaker(f"{language[0]}{i:02d}", name, language, tuple(usual.tolist())))
        return made

    def draw(self, speaker: Speaker, rng: np.random.RandomState, moved: np.ndarray | float = 0.0) -> Prosody:
        """Draw how this speaker says it this time, `moved` away from the usual."""
        jitter = np.array([deviation * rng.normal() for deviation in self.utterances])
        pitch, width, rate, loudness = np.array(speaker.usual) + moved + jitter
        return Prosody(
            pitch=int(np.clip(round(50 + pitch / SEMITONES_PER_STEP), 1, 99)),
            range=int(np.clip(round(80 * 2**width), 20, 200)),
            rate=round(self.words_per_minute[speaker.language] * 2**rate),
            loudness=round(float(np.clip(loudness, -self.loudest, self.loudest)), 1),
        )
