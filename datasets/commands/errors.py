"""What a speech recogniser might have written: words taken for others that sound alike, dropped, or added.

No recogniser was run. A word goes wrong by chance, the more often the noisier the sound is; what is written in its
place is the likelier the fewer sounds differ. Real recognisers also weigh what people usually say; this one does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np

QUIET, NOISY = (25.0, 0.05), (0.0, 0.45)  # signal-to-noise ratio (dB), and how many words go wrong there
DROPPED = 0.6  # a word of n sounds that goes wrong is dropped with DROPPED / n
ADDED = 0.2  # short words added, for each word that goes wrong
NEAR = 0.06  # a word further off by this share of its sounds is written e times less often

CONSONANTS = (
    "p b t d k g ? tS dZ ph th kh ts tsh ts. ts.h tS; tS;h",  # stopped
    "f v s z S Z T D h X s. z. S;",  # hissed
    "m n N",  # through the nose
    "l r w j ;",  # gliding
)
ALIKE = 0.5  # cost of one sound for another of its kind; another kind costs 1
TONE = 0.3  # cost of a tone for another


def error_rate(snr_db: float) -> float:
    """How many words of a sound go wrong: each decibel of noise makes them 9 % more.

    >>> [round(error_rate(snr_db), 3) for snr_db in (25, 12.5, 0)]
    [0.05, 0.15, 0.45]
    """
    (snr_noisy, most), (snr_quiet, fewest) = NOISY, QUIET
    share = (snr_db - snr_noisy) / (snr_quiet - snr_noisy)
    return most * (fewest / most) ** share


@cache
def sound_cost(a: str, b: str) -> float:
    """How unlike two sounds are, in espeak-ng's letters: 0 the same, 1 altogether."""
    if a == b:
        return 0
    kinds = {_kind(a), _kind(b)}
    return 1 if len(kinds) == 2 else TONE if kinds == {"tone"} else ALIKE


def _kind(sound: str) -> str:
    """Which sounds it is easily taken for."""
    consonant = [sound in kind.split() for kind in CONSONANTS]
    return str(consonant.index(True)) if any(consonant) else "tone" if sound.isdigit() and len(sound) > 1 else "vowel"


def different(a: str, b: str) -> float:
    """The cost that counts errors: 1 for any two words that are not the same."""
    return float(a != b)


def edit_distance(a: Sequence[str], b: Sequence[str], cost: Callable[[str, str], float] = different) -> float:
    """The cheapest way from one sequence to the other; to drop or add an item costs 1.

    References
    ----------
    Wagner and Fischer 1974, Journal of the ACM 21(1).

    >>> edit_distance("kitten", "sitting")
    3.0
    """
    row = [float(j) for j in range(len(b) + 1)]
    for i, x in enumerate(a, start=1):
        above, row = row, [float(i)]
        for j, y in enumerate(b, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost(x, y)))
    return row[-1]


class Recogniser:
    """Mishears in one language.

    Parameters
    ----------
    sounds : the sounds of each word that it knows.
    short : words that it may add.
    """

    def __init__(self, sounds: Mapping[str, Sequence[str]], short: Sequence[str]) -> None:
        self.sounds, self.short = sounds, short
        self.words = sorted(sounds)
        self._chances: dict[str, np.ndarray] = {}

    def hear(self, said: Sequence[str], rate: float, rng: np.random.RandomState) -> list[str]:
        """Write down what was said, at this rate of errors; something is always written."""
        written: list[str] = []
        for word in said:
            if rng.uniform() >= rate:
                written.append(word)
            elif rng.uniform() >= DROPPED / len(self.sounds[word]):
                written.append(self.words[rng.choice(len(self.words), p=self.chances(word))])
            if rng.uniform() < rate * ADDED:
                written.append(self.short[rng.randint(len(self.short))])
        return written or list(said)

    def chances(self, word: str) -> np.ndarray:
        """How likely each word of `words` is written where this one is taken for another: 0 for itself."""
        if word not in self._chances:
            own = self.sounds[word]
            far = [
                edit_distance(own, self.sounds[other], sound_cost) / max(len(own), len(self.sounds[other]))
                for other in self.words
            ]
            weights = np.exp(-np.array(far) / NEAR) * [other != word for other in self.words]
            self._chances[word] = weights / weights.sum()
        return self._chances[word]
