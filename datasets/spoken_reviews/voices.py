"""Who speaks, and how a mood sounds in that voice."""

from __future__ import annotations

import numpy as np
from habits import Manner, Prosody, Speaker

MOODS = {-1: "negative", 0: "neutral", 1: "positive"}

VOICES = {
    "en": (
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
    ),
    # Only this voice reads characters with Mandarin sounds: `cmn` of espeak-ng 1.51 spells their pinyin in English.
    "zh": tuple(f"cmn-latn-pinyin+{variant}" for variant in ("m1", "f3", "max", "Andrea", "m7", "belinda", "victor")),
}

MANNER = Manner(
    speakers=(1.5, 0.2, 0.1, 1.5),
    utterances=(1.2, 0.25, 0.09, 2.0),
    words_per_minute={"en": 175, "zh": 225},
    loudest=12,
)
STEP = np.array([3.6, 0.9, 0.36, 6.0])  # what one step of mood changes, in the units of Manner


def prosody(speaker: Speaker, mood: int, rng: np.random.RandomState) -> Prosody:
    """Draw how this voice speaks in this mood (-1, 0 or 1): higher, livelier, faster and louder when pleased."""
    return MANNER.draw(speaker, rng, mood * STEP)
