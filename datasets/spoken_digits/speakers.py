"""Who says the digits, and how each take differs from the others."""

from __future__ import annotations

from habits import Manner

WORDS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": tuple("零一二三四五六七八九"),
}

# Not the voices of the spoken reviews. (`en-gb` of espeak-ng 1.51 takes no variant, so that one is missing.)
VOICES = {
    "en": (
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
    ),
    "zh": tuple(f"cmn-latn-pinyin+{variant}" for variant in ("m2", "f2", "m5", "f4", "Gene", "steph")),
}

# Slower than in a sentence: who says one digit alone takes the time.
MANNER = Manner(
    speakers=(1.5, 0.2, 0.12, 2.0),
    utterances=(1.5, 0.4, 0.2, 2.0),
    words_per_minute={"en": 160, "zh": 150},
    loudest=8,
)
