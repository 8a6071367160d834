"""The words that the training texts had, in a fixed order, and how they are saved and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mmteach.errors import ModelFileError, ParameterError

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Vocabulary:
    """Words or n-grams, each with its index.

    Parameters
    ----------
    words : distinct, none empty, none with a line break.
    """

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    @cached_property
    def index(self) -> dict[str, int]:
        """{word: index}."""
        return {word: i for i, word in enumerate(self.words)}

    @classmethod
    def choose(cls, counts: Counter[str], min_count: int, most: int, seen: str) -> Vocabulary:
        """Take the most frequent; of equally frequent ones those whose name comes first.

        Parameters
        ----------
        seen : what was counted, for the error.

        Raises
        ------
        ParameterError : no word is frequent enough.
        """
        often = [word for word, n in counts.items() if n >= min_count]
        if not often:
            raise ParameterError(
                f"of {len(counts)} terms in {seen} none occurs {min_count} times: give more texts or lower min_count"
            )
        return cls(tuple(sorted(often, key=lambda word: (-counts[word], word))[:most]))

    def describe(self, index: int, first: int = 0) -> str:
        """Return the word that has this index, where the words are counted from `first`."""
        if not first <= index < first + len(self.words):
            last = first + len(self.words) - 1
            raise ParameterError(f"index {index} came, the words have {first} to {last}: choose one of them")
        return self.words[index - first]

    def as_bytes(self) -> np.ndarray:
        r"""Return the words as uint8, UTF-8, joined by "\n": safetensors holds no strings."""
        return np.frombuffer("\n".join(self.words).encode(), np.uint8).copy()

    @classmethod
    def from_state(cls, state: Mapping[str, np.ndarray]) -> Vocabulary:
        """Read back what `as_bytes` wrote, and trust nothing in it.

        Raises
        ------
        ModelFileError : it is missing, not UTF-8, has an empty word or the same word twice.
        """
        data = state.get("vocabulary")
        if data is None or data.dtype != np.uint8 or data.ndim != 1:
            came = "nothing" if data is None else f"{data.dtype} of shape {data.shape}"
            raise ModelFileError(f"a vocabulary of uint8 in one row was needed, {came} came: save the model again")
        try:
            words = tuple(data.tobytes().decode().split("\n"))
        except UnicodeDecodeError as error:
            raise ModelFileError("the saved vocabulary is not UTF-8, so it is damaged: save the model again") from error
        if not all(words) or len(set(words)) < len(words):
            raise ModelFileError("the saved vocabulary has an empty word or one word twice: save the model again")
        return cls(words)

    @classmethod
    def with_idf(cls, state: Mapping[str, np.ndarray]) -> tuple[Vocabulary, np.ndarray]:
        """Read back n-grams and their weights, (V,) float32.

        Raises
        ------
        ModelFileError : as `from_state`; or the weights are not one positive number for each n-gram.
        """
        known, idf = cls.from_state(state), state.get("idf")
        shape = None if idf is None else idf.shape
        if idf is None or shape != (len(known.words),) or idf.dtype.kind != "f":
            raise ModelFileError(
                f"{len(known.words)} n-grams do not fit weights of shape {shape}: save the model again"
            )
        if not (np.isfinite(idf).all() and (idf > 0).all()):
            raise ModelFileError("a weight of an n-gram is not a positive number: save the model again")
        return known, idf.astype(np.float32)


def require_whole(name: str, value: float, low: int, high: int, more: str = "") -> None:
    """Refuse what is not a whole number from low to high."""
    if isinstance(value, bool) or not (low <= value <= high and value == int(value)):
        raise ParameterError(f"{name} is {value}; it must be a whole number from {low} to {high}{more}")


def as_matrix(pairs: Iterable[np.ndarray], n_tokens: int) -> csr_array:
    """N arrays (T, 2) of index and weight -> one sparse matrix (N, n_tokens)."""
    from scipy.sparse import csr_array

    rows = list(pairs)
    ends = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)  # scikit-learn takes no wider index
    index, weight = np.concatenate([np.zeros((0, 2), np.float32), *rows]).T
    return csr_array((weight.copy(), index.astype(np.int32), ends), shape=(len(rows), n_tokens))
