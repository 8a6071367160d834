"""What a command asks for (its frame), and sentences that say so."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import english
import mandarin
import numpy as np

GRAMMARS: dict[str, ModuleType] = {"en": english, "zh": mandarin}
BETWEEN = {"en": " ", "zh": ""}  # what stands between two words, or between two characters

SLOTS = ("room", "minutes", "what", "day")
SLOT_OF = {
    "light_on": "room",
    "light_off": "room",
    "warmer": "room",
    "cooler": "room",
    "timer": "minutes",
    "play": "what",
    "weather": "day",
    "louder": "",
    "quieter": "",
    "stop": "",
}


class Frame(NamedTuple):
    """An intent, and the value of its slot where it has one ("" where not)."""

    intent: str
    slot: str
    value: str

    @property
    def label(self) -> str:
        """As the manifest writes it: "light_on room=kitchen", or "louder"."""
        return f"{self.intent} {self.slot}={self.value}" if self.slot else self.intent


def frames() -> list[Frame]:
    """All 31, intent by intent."""
    return [Frame(intent, slot, value) for intent, slot in SLOT_OF.items() for value in english.VALUES.get(slot, ("",))]


def sentences(frame: Frame, language: str, n: int, rng: np.random.RandomState) -> list[str]:
    """Say a frame in `n` ways, each in other words; some open with a greeting."""
    grammar = GRAMMARS[language]
    phrases = grammar.PHRASES[frame.intent]
    value = grammar.VALUES[frame.slot][frame.value] if frame.slot else ""
    said = []
    for k in rng.choice(len(phrases), n, replace=False):
        opening = grammar.OPENINGS[rng.randint(len(grammar.OPENINGS))]
        said.append(BETWEEN[language].join([opening, phrases[k].format(value)]).strip())
    return said


def words(text: str, language: str) -> list[str]:
    """A text in the units that a recogniser gets right or wrong: words, or Chinese characters."""
    return text.split() if language == "en" else list(text)


def vocabulary(language: str) -> list[str]:
    """Every word that can be said or written, in alphabetical order."""
    grammar = GRAMMARS[language]
    phrases = [phrase.replace("{}", " ") for listed in grammar.PHRASES.values() for phrase in listed]
    values = [value for listed in grammar.VALUES.values() for value in listed.values()]
    known = {
        word
        for text in (*phrases, *values, *grammar.OPENINGS, grammar.DISTRACTORS, grammar.SHORT)
        for word in words(text, language)
    }
    return sorted(known - {" "})
