"""Texts as numbers: n-grams weighed by tf-idf, and token numbers for learnt embeddings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mmteach.errors import NotFittedError
from mmteach.features.extractor import register
from mmteach.features.lexicon import moods
from mmteach.features.text_tokens import ngrams, pieces, tokenise
from mmteach.features.text_vocabulary import Vocabulary, as_matrix, require_whole

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def inverse_document_frequency(n_with: np.ndarray, n_texts: int) -> np.ndarray:
    """Weigh a term by how few texts have it: ln((1 + n) / (1 + df)) + 1.

    The ones stand for a text that holds every term, so that nothing is divided by zero; a term that all texts
    have keeps weight 1.

    Parameters
    ----------
    n_with : np.ndarray [shape=(V,)], how many texts have each term (df).
    n_texts : how many texts there are (n).

    References
    ----------
    Sparck Jones 1972, Journal of Documentation 28(1); smoothed as in scikit-learn.

    >>> inverse_document_frequency(np.array([9, 0]), 9).round(2).tolist()
    [1.0, 3.3]
    """
    return np.log((1 + n_texts) / (1 + np.asarray(n_with, np.float64))) + 1


def tf_idf(counts: np.ndarray, sublinear: bool = False) -> np.ndarray:
    """Weigh counts of terms: often in this text, seldom in the others; then make each text a vector of length 1.

    Parameters
    ----------
    counts : np.ndarray [shape=(N, V)], how often each text has each term.
    sublinear : 1 + ln(count) in place of the count: ten times the word is not ten times the meaning.

    Returns
    -------
    np.ndarray [shape=(N, V), float32, in [0, 1]]; a text without terms stays zero.

    >>> print(tf_idf(np.array([[1, 1, 0], [0, 1, 2]])).round(2))
    [[0.81 0.58 0.  ]
     [0.   0.34 0.94]]
    """
    counts = np.asarray(counts, np.float64)
    idf = inverse_document_frequency((counts > 0).sum(axis=0), len(counts))
    tf = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) if sublinear else counts
    weights = tf * idf
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return (weights / np.where(length > 0, length, 1)).astype(np.float32)


@register
class NGrams:
    """Which n-grams a text has, and how telling each is: tf-idf over the n-grams of the training texts.

    N-grams of 1 to `words` tokens, written with a space between; a Chinese character is a token, so words=2 gives
    character bigrams. With `characters`, pieces of 3 to `characters` letters of each word as well, so that a form
    never seen shares something with those that were: "delight*" and "*ful" of "delightful".

    Parameters
    ----------
    words : longest n-gram in tokens, 1 to 5.
    characters : longest piece in letters, 3 to 8; 0 for none.
    min_count : an n-gram that fewer training texts have is left out.
    most : at most so many are kept, those in most texts first.
    sublinear : see `tf_idf`.
    lexicon : count "<good>", "<not good>" ... as well, for the words that a list made by people has; see `moods`.

    Attributes
    ----------
    vocabulary : the n-grams, in the order of their index; those in most texts first, ties by name.
    n_tokens : how many they are.

    References
    ----------
    Salton, Buckley 1988, Information Processing and Management 24(5).
    """

    name: ClassVar[str] = "ngrams"

    def __init__(
        self,
        words: int = 2,
        characters: int = 0,
        min_count: int = 2,
        most: int = 50_000,
        sublinear: bool = True,
        lexicon: bool = False,
    ) -> None:
        require_whole("words", words, 1, 5)
        require_whole("min_count", min_count, 1, 1_000_000)
        require_whole("most", most, 1, 1_000_000)
        if characters != 0:
            require_whole("characters", characters, 3, 8, " (or 0 for no pieces)")
        self.words, self.characters, self.min_count, self.most = words, characters, min_count, most
        self.sublinear, self.lexicon = bool(sublinear), bool(lexicon)
        self._known: Vocabulary | None = None
        self._idf = np.zeros(0, np.float32)

    def terms(self, text: str) -> list[str]:
        """Every n-gram, piece and mood of a text, as often as it occurs: what is counted."""
        tokens = tokenise(text)
        found = [gram for n in range(1, self.words + 1) for gram in ngrams(tokens, n)]
        if self.characters:
            found += [piece for token in tokens for piece in pieces(token, self.characters)]
        return found + moods(tokens) if self.lexicon else found

    def fit(self, media: Sequence[str]) -> None:
        """Choose the n-grams, and count how many of the training texts have each."""
        n_with = Counter(term for text in media for term in set(self.terms(text)))
        self._known = Vocabulary.choose(n_with, self.min_count, self.most, f"{len(media)} training texts")
        df = np.array([n_with[term] for term in self._known.words])
        self._idf = inverse_document_frequency(df, len(media)).astype(np.float32)

    def __call__(self, media: Sequence[str]) -> list[np.ndarray]:
        """N texts -> N arrays (T, 2): index and tf-idf weight of each n-gram known, by index; (0, 2) where none is."""
        at = self._fitted().index
        return [self._weigh(Counter(at[term] for term in self.terms(text) if term in at)) for text in media]

    def _weigh(self, counts: Counter[int]) -> np.ndarray:
        index = np.array(sorted(counts), np.int64)
        tf = np.array([counts[i] for i in index.tolist()], np.float64)
        weights = (1 + np.log(tf) if self.sublinear else tf) * self._idf[index]
        length = np.sqrt((weights**2).sum())
        return np.stack([index, weights / (length or 1)], axis=1).astype(np.float32)  # (T, 2)

    def matrix(self, media: Sequence[str]) -> csr_array:
        """N texts -> sparse (N, n_tokens), for linear models and for cosines: the rows have length 1 or 0."""
        return as_matrix(self(media), self.n_tokens)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The n-grams, in the order of their index."""
        return self._fitted().words

    @property
    def n_tokens(self) -> int:
        """How many n-grams are known."""
        return len(self._fitted().words)

    @property
    def idf(self) -> np.ndarray:
        """(n_tokens,) float32, the weight of each n-gram before the text's own counts."""
        self._fitted()
        return self._idf

    def describe(self, index: int) -> str:
        """Return the n-gram that has this index."""
        return self._fitted().describe(index)

    def _fitted(self) -> Vocabulary:
        if self._known is None:
            raise NotFittedError("NGrams know no n-gram yet: call fit on the training texts first")
        return self._known

    def params(self) -> dict[str, Any]:
        """Return the choices."""
        names = ("words", "characters", "min_count", "most", "sublinear", "lexicon")
        return {name: getattr(self, name) for name in names}

    def state(self) -> dict[str, np.ndarray]:
        """Return the n-grams and their weights."""
        return {} if self._known is None else {"vocabulary": self._known.as_bytes(), "idf": self._idf}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take them back."""
        self._known, self._idf = Vocabulary.with_idf(state)


@register
class Tokens:
    """The numbers of a text's tokens, in reading order: rows of a table of embeddings that a model learns.

    0 stands for every token that the training texts did not have; then come those that they had most often.

    Parameters
    ----------
    most : at most so many tokens are known.
    length : of a longer text only so many tokens are read, the first.
    min_count : a token that the training texts have less often is not known.

    Attributes
    ----------
    n_tokens : rows that the table needs: tokens known, and one for unknown.
    """

    name: ClassVar[str] = "tokens"

    def __init__(self, most: int = 20_000, length: int = 256, min_count: int = 1) -> None:
        require_whole("most", most, 1, 1_000_000)
        require_whole("length", length, 1, 100_000)
        require_whole("min_count", min_count, 1, 1_000_000)
        self.most, self.length, self.min_count = most, length, min_count
        self._known: Vocabulary | None = None

    def fit(self, media: Sequence[str]) -> None:
        """Count the tokens of the training texts."""
        counts = Counter(token for text in media for token in tokenise(text))
        self._known = Vocabulary.choose(counts, self.min_count, self.most, f"{len(media)} training texts")

    def __call__(self, media: Sequence[str]) -> list[np.ndarray]:
        """N texts -> N arrays (T, 1) float32 of whole numbers from 0 to n_tokens - 1."""
        at = self._fitted().index
        rows = [[at.get(token, -1) + 1 for token in tokenise(text)[: self.length]] for text in media]
        return [np.array(row, np.float32).reshape(-1, 1) for row in rows]

    @property
    def n_tokens(self) -> int:
        """How many rows a table of embeddings needs."""
        return len(self._fitted().words) + 1

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The tokens in the order of their numbers; number 0, for unknown, is the empty string."""
        return ("", *self._fitted().words)

    def describe(self, index: int) -> str:
        """Return the token that has this number."""
        return "(unknown)" if index == 0 else self._fitted().describe(index, 1)

    def _fitted(self) -> Vocabulary:
        if self._known is None:
            raise NotFittedError("Tokens know no word yet: call fit on the training texts first")
        return self._known

    def params(self) -> dict[str, Any]:
        """Return the choices."""
        return {"most": self.most, "length": self.length, "min_count": self.min_count}

    def state(self) -> dict[str, np.ndarray]:
        """Return the tokens."""
        return {} if self._known is None else {"vocabulary": self._known.as_bytes()}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take them back."""
        self._known = Vocabulary.from_state(state)
