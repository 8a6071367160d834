"""Short reviews from a small grammar in each language: every sentence is new, and its mood is known."""

from __future__ import annotations

import re

import english
import mandarin
import numpy as np

MOODS = ("negative", "neutral", "positive")
GRAMMARS = {"en": english, "zh": mandarin}
COMMON = 1.0  # the k-th phrase of a list is said as often as k ** -COMMON
GENERAL = 0.7  # how often a word that fits everything is taken where the subject has words of its own


class Writer:
    """Writes the reviews of one language, none twice.

    Examples
    --------
    >>> Writer("en", np.random.RandomState(0)).write("negative")  # doctest: +SKIP
    'The soup was not tasty at all.'
    """

    def __init__(self, language: str, rng: np.random.RandomState) -> None:
        self.language, self.rng = language, rng
        self.grammar = GRAMMARS[language]
        self.written: set[str] = set()

    def write(self, mood: str) -> str:
        """A review that was not written before: "negative", "neutral" or "positive"."""
        for _ in range(1000):
            subject = self.rng.choice(sorted(self.grammar.SUBJECTS))
            text = self._tidied(self._expand("{" + mood + "}", subject, set()))
            if text not in self.written:
                self.written.add(text)
                return text
        raise RuntimeError(f"no further {mood} review in {self.language}: add words to its lists")

    def _expand(self, pattern: str, subject: str, said: set[str]) -> str:
        """Replace the names in braces, from left to right; nothing is said twice in a sentence."""

        def phrase(match: re.Match[str]) -> str:
            chosen = self._choose(match[1], subject, said)
            said.add(chosen)
            return self._expand(chosen, subject, said)

        return re.sub(r"\{(\w+)\}", phrase, pattern)

    def _choose(self, name: str, subject: str, said: set[str]) -> str:
        own, general = self.grammar.SUBJECTS[subject].get(name), self.grammar.GENERAL.get(name)
        both = own is not None and general is not None
        listed = general if own is None or (both and self.rng.uniform() < GENERAL) else own
        phrases = listed.split("|")
        common = 0 if name in MOODS else COMMON  # patterns are all as frequent
        weights = np.array([(k + 1.0) ** -common * (phrase not in said) for k, phrase in enumerate(phrases)])
        return str(self.rng.choice(phrases, p=weights / weights.sum()))

    def _tidied(self, text: str) -> str:
        return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
