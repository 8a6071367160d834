"""Who gives the commands, and how much one utterance differs from another."""

from __future__ import annotations

from habits import Manner

# None of them speaks in the spoken reviews or the spoken digits.
VOICES = {
    "en": (
        "en-us+f3",
        "en-us+m4",
        "en-us+shelby",
        "en-us-nyc+m8",
        "en-gb-x-rp+f2",
        "en-gb-x-rp+travis",
        "en-gb-scotland+f3",
        "en-029+f4",
        "en-gb-x-gbclan+m3",
        "en-gb-x-gbcwmd+Annie",
    ),
    "zh": tuple(f"cmn-latn-pinyin+{variant}" for variant in ("m3", "m4", "f1", "f5", "linda", "Lee")),
}

MANNER = Manner(
    speakers=(1.5, 0.2, 0.12, 2.0),
    utterances=(1.5, 0.4, 0.12, 2.0),
    words_per_minute={"en": 170, "zh": 200},
    loudest=8,
)
