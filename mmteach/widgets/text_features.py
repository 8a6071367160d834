"""What the text tab shows of a feature: its controls, its vectors, and what stands out in one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np

from mmteach.features import NGrams
from mmteach.widgets.feature_view import Control

N_BARS = 10


class Shown(NamedTuple):
    """What stands out in a text.

    bars : (name, value) with values in [0, 1], largest first.
    """

    heading: str
    bars: list[tuple[str, float]]


class TextFeature(Protocol):
    """One feature of texts, fitted when it is made."""

    title: ClassVar[str]
    controls: ClassVar[tuple[Control, ...]]

    def __init__(self, train: Sequence[str], values: dict[str, int]) -> None:
        """Fit on the training texts."""

    def vectors(self, texts: Sequence[str]) -> Any:
        """N texts -> (N, D), rows of length 1, or 0 where nothing in a text is known; sparse or not."""

    def show(self, text: str) -> Shown:
        """Say what stands out in a text."""

    @property
    def size(self) -> str:
        """How many numbers a text has, in words."""


class WordNGrams:
    """tf-idf of words and of words that follow each other."""

    title: ClassVar[str] = "Word n-grams"
    controls: ClassVar[tuple[Control, ...]] = (("Words", 2, 1, 3, 1),)

    def __init__(self, train: Sequence[str], values: dict[str, int]) -> None:
        self.ngrams = NGrams(words=values["Words"])
        self.ngrams.fit(train)

    def vectors(self, texts: Sequence[str]) -> Any:
        """N texts -> sparse (N, D)."""
        return self.ngrams.matrix(texts)

    def show(self, text: str) -> Shown:
        """Return the n-grams of most weight."""
        (pairs,) = self.ngrams([text])
        largest = pairs[np.argsort(-pairs[:, 1], kind="stable")][:N_BARS]
        bars = [(self.ngrams.describe(int(index)), float(weight)) for index, weight in largest]
        return Shown("Most weight by tf-idf", bars)

    @property
    def size(self) -> str:
        """How many n-grams are known, in words."""
        return f"{self.ngrams.n_tokens:,} numbers a text, most of them zero"


class LetterPieces(WordNGrams):
    """tf-idf of words and of their pieces."""

    title: ClassVar[str] = "Letter pieces"
    controls: ClassVar[tuple[Control, ...]] = (("Letters", 4, 3, 6, 1),)

    def __init__(self, train: Sequence[str], values: dict[str, int]) -> None:
        self.ngrams = NGrams(words=1, characters=values["Letters"])
        self.ngrams.fit(train)


class WordVectors:
    """Words as directions: singular vectors of the tf-idf table of the training texts (latent semantic analysis).

    Words that occur in the same texts come to lie near each other. A text lies where its words pull it.

    References
    ----------
    Deerwester, Dumais, Furnas, Landauer, Harshman 1990, JASIS 41(6).
    """

    title: ClassVar[str] = "Word vectors"
    controls: ClassVar[tuple[Control, ...]] = (("Dimensions", 50, 2, 100, 2),)

    def __init__(self, train: Sequence[str], values: dict[str, int]) -> None:
        from sklearn.decomposition import TruncatedSVD

        self.ngrams = NGrams(words=1)
        self.ngrams.fit(train)
        table = self.ngrams.matrix(train)  # (N, V)
        n = max(1, min(values["Dimensions"], min(table.shape) - 1))
        svd = TruncatedSVD(n, random_state=0).fit(table)
        self.components = svd.components_.T  # (V, D)
        self.words = _of_length_one(self.components * svd.singular_values_)

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """N texts -> (N, D)."""
        return _of_length_one(self.ngrams.matrix(texts) @ self.components)

    def show(self, text: str) -> Shown:
        """Return the words nearest to the word of most weight in the text."""
        (pairs,) = self.ngrams([text])
        if len(pairs) == 0:
            return Shown("No word is known", [])
        word = int(pairs[pairs[:, 1].argmax(), 0])
        cosines = self.words @ self.words[word]
        nearest = [i for i in np.argsort(-cosines, kind="stable")[: N_BARS + 1] if i != word][:N_BARS]
        bars = [(self.ngrams.describe(int(i)), float(max(cosines[i], 0))) for i in nearest]
        return Shown(f"Words nearest to “{self.ngrams.describe(word)}”, by cosine", bars)

    @property
    def size(self) -> str:
        """How many dimensions are kept, in words."""
        return f"{self.components.shape[1]} numbers a text"


FEATURES: tuple[type[TextFeature], ...] = (WordNGrams, LetterPieces, WordVectors)


def _of_length_one(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length > 1e-9, length, 1)
