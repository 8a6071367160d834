"""Who speaks, and how a mood sounds in that voice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOODS = {-1: "negative", 0: "neutral", 1: "positive"}

ENGLISH = (
    "en-us+m3",
    "en-us+f2",
    "en-gb-x-rp+Lee",
    "en-us+linda",
    "en-gb-scotland+m7",
    "en-gb-scotland+f5",
    "en-us+Michael",
    "en-gb-x-rp+anika",
    "en-029+Alex",
    "en-us+Alicia",
    "en-gb-x-gbclan+f1",
)
# Only this voice reads characters with Mandarin sounds: `cmn` of espeak-ng 1.51 spells their pinyin in English.
MANDARIN = tuple(f"cmn-latn-pinyin+{variant}" for variant in ("m1", "f3", "max", "Andrea", "m7", "belinda", "victor"))

# What one step of mood changes, how much each utterance differs by chance, and how much the voices differ.
PITCH = (3.6, 1.2, 1.5)  # semitones; the voices differ far more, because the variants do
RANGE = (0.9, 0.25, 0.2)  # octaves of the range: 1 doubles it
RATE = (0.36, 0.09, 0.1)  # octaves of words per minute
LOUDNESS = (6.0, 2.0, 1.5)  # decibels

SEMITONES_PER_STEP = 0.156  # of espeak-ng's -p, measured
WORDS_PER_MINUTE = {"en": 175, "zh": 225}


@dataclass(frozen=True)
class Voice:
    """A speaker: an espeak-ng voice, and this speaker's usual pitch, range, rate and loudness (in the units above)."""

    id: str
    name: str
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


def voices(rng: np.random.RandomState) -> list[Voice]:
    """All speakers, each with habits of its own."""
    listed = [("e", "en", ENGLISH), ("z", "zh", MANDARIN)]
    spread = [PITCH[2], RANGE[2], RATE[2], LOUDNESS[2]]
    made = []
    for letter, language, names in listed:
        for i, name in enumerate(names, start=1):
            usual = np.clip(rng.normal(size=4), -1.7, 1.7) * spread
            made.append(Voice(f"{letter}{i:02d}", name, language, tuple(usual.tolist())))
    return made


def prosody(voice: Voice, mood: int, rng: np.random.RandomState) -> Prosody:
    """Draw how this voice speaks in this mood (-1, 0 or 1): higher, livelier, faster and louder when pleased."""
    drawn = [
        usual + mood * step + jitter * rng.normal()
        for usual, (step, jitter, _) in zip(voice.usual, (PITCH, RANGE, RATE, LOUDNESS), strict=True)
    ]
    pitch, width, rate, loudness = drawn
    return Prosody(
        pitch=int(np.clip(round(50 + pitch / SEMITONES_PER_STEP), 1, 99)),
        range=int(np.clip(round(80 * 2**width), 20, 200)),
        rate=round(WORDS_PER_MINUTE[voice.language] * 2**rate),
        loudness=round(float(np.clip(loudness, -12, 12)), 1),
    )
