"""Who says the digits, and how each take differs from the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from voices import SEMITONES_PER_STEP, Prosody

WORDS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": tuple("零一二三四五六七八九"),
}

# Not the voices of the spoken reviews. (`en-gb` of espeak-ng 1.51 takes no variant, so that one is missing.)
ENGLISH = (
    "en-us+m1",
    "en-us+f1",
    "en-us+adam",
    "en-us+aunty",
    "en-us+Gene",
    "en-us+Andy",
    "en-us+boris",
    "en-gb-x-rp+f4",
    "en-gb-x-rp+grandma",
    "en-gb-scotland+m5",
    "en-gb-scotland+Annie",
    "en-029+m6",
    "en-gb-x-gbclan+steph",
    "en-gb-x-gbcwmd+m2",
)
MANDARIN = tuple(f"cmn-latn-pinyin+{variant}" for variant in ("m2", "f2", "m5", "f4", "Gene", "steph"))

# Standard deviations: of a take from the speaker's usual way, and of the speakers from each other.
PITCH = (1.5, 1.5)  # semitones; the speakers differ far more, because the variants do
RANGE = (0.4, 0.2)  # octaves of the range: 1 doubles it
RATE = (0.2, 0.12)  # octaves of words per minute
LOUDNESS = (2.0, 2.0)  # decibels
WORDS_PER_MINUTE = {"en": 160, "zh": 150}  # slower than in a sentence: who says one digit alone takes the time


@dataclass(frozen=True)
class Speaker:
    """A speaker: an espeak-ng voice, and this speaker's usual pitch, range, rate and loudness (in the units above)."""

    id: str
    voice: str
    language: str
    usual: tuple[float, float, float, float]


def speakers(rng: np.random.RandomState) -> list[Speaker]:
    """All speakers, each with habits of its own."""
    spread = [deviation for _, deviation in (PITCH, RANGE, RATE, LOUDNESS)]
    made = []
    for letter, language, names in (("e", "en", ENGLISH), ("z", "zh", MANDARIN)):
        for i, name in enumerate(names, start=1):
            usual = np.clip(rng.normal(size=4), -1.7, 1.7) * spread
            made.append(Speaker(f"{letter}{i:02d}", name, language, tuple(usual.tolist())))
    return made


def prosody(speaker: Speaker, rng: np.random.RandomState) -> Prosody:
    """Draw how this speaker says it this time."""
    drawn = [
        usual + deviation * rng.normal()
        for usual, (deviation, _) in zip(speaker.usual, (PITCH, RANGE, RATE, LOUDNESS), strict=True)
    ]
    pitch, width, rate, loudness = drawn
    return Prosody(
        pitch=int(np.clip(round(50 + pitch / SEMITONES_PER_STEP), 1, 99)),
        range=int(np.clip(round(80 * 2**width), 20, 200)),
        rate=round(WORDS_PER_MINUTE[speaker.language] * 2**rate),
        loudness=round(float(np.clip(loudness, -8, 8)), 1),
    )
