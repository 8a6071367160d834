"""From scores of every frame to a string: collapse, beam search with a small language model, and counting errors.

A network for connectionist temporal classification (CTC) says in every frame how likely each symbol is, and one more,
the blank, which stands for "nothing new". A path is one symbol a frame; merging what repeats and then dropping the
blanks turns it into a string. Many paths give the same string, and its probability is the sum of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from mmteach.errors import ParameterError

BLANK = 0


class Hypothesis(NamedTuple):
    """A string and how likely it is.

    symbols : indices, none of them the blank.
    log_prob : natural logarithm of the sum over the paths that were followed.
    score : log_prob and what the language model adds to it; the order of a beam.
    """

    symbols: tuple[int, ...]
    log_prob: float
    score: float


class Errors(NamedTuple):
    """What has to be changed to make the truth of what was heard."""

    substituted: int
    deleted: int
    inserted: int

    @property
    def total(self) -> int:
        """The edit distance."""
        return sum(self)


def collapse(path: Sequence[int], blank: int = BLANK) -> tuple[int, ...]:
    """Merge neighbours that are equal, then drop the blanks. A blank between two equal symbols keeps them apart.

    >>> collapse([0, 3, 3, 0, 3, 5, 5, 0])
    (3, 3, 5)
    """
    return tuple(int(s) for s, _ in groupby(path) if s != blank)


def greedy(log_probs: np.ndarray, blank: int = BLANK) -> tuple[int, ...]:
    """Take the likeliest symbol of each frame, and collapse.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(T, S)], of S symbols, the blank among them.
    """
    return collapse(log_probs.argmax(axis=1).tolist(), blank)


def beam_search(
    log_probs: np.ndarray, width: int = 8, bigram: np.ndarray | None = None, weight: float = 1.0, blank: int = BLANK
) -> list[Hypothesis]:
    """Follow the likeliest strings frame by frame, and add up the paths that lead to the same one.

    Of each string two numbers are kept: the probability of its paths that end in the blank, and of those that end in
    its last symbol. Only after the former does the same symbol make the string longer.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(T, S)]
    width : strings that are kept after each frame. With enough of them the sums are exact.
    bigram : np.ndarray [shape=(S, S)], log-probability that symbol j follows symbol i; row `blank` is the beginning of
        a string. Column `blank` is not used. See `bigram_table`.
    weight : of the language model; 0 leaves it out.

    Returns
    -------
    At most `width` hypotheses, the best first.

    References
    ----------
    Graves, Jaitly 2014, ICML, algorithm 1; Hannun 2014, arXiv:1408.2873, algorithm 1.
    """
    _require_table(log_probs, width, bigram)
    language: dict[tuple[int, ...], float] = {(): 0.0}  # log-probability of each string by the language model
    beam: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, -math.inf)}  # paths that end in blank, in a symbol
    for frame in log_probs.tolist():
        after = _step(beam, frame, blank)
        for string in after.keys() - language.keys():
            before = string[-2] if len(string) > 1 else blank
            language[string] = language[string[:-1]] + (0.0 if bigram is None else float(bigram[before, string[-1]]))
        ranked = sorted(after, key=lambda s: -(_add(*after[s]) + weight * language[s]))
        beam = {string: after[string] for string in ranked[:width]}
    sums = {string: _add(*ends) for string, ends in beam.items()}
    found = [Hypothesis(s, p, p + weight * language[s]) for s, p in sums.items() if p > -math.inf]
    return sorted(found, key=lambda h: -h.score)


def _step(
    beam: Mapping[tuple[int, ...], tuple[float, float]], frame: Sequence[float], blank: int
) -> dict[tuple[int, ...], tuple[float, float]]:
    """One more frame: each string stays what it is, or gets one symbol longer."""
    after: dict[tuple[int, ...], tuple[float, float]] = {}
    nothing = (-math.inf, -math.inf)
    for string, (in_blank, in_symbol) in beam.items():
        both, last = _add(in_blank, in_symbol), string[-1] if string else blank
        was = after.get(string, nothing)
        again = in_symbol + frame[last] if string else -math.inf  # its last symbol once more, with no blank between
        after[string] = (_add(was[0], both + frame[blank]), _add(was[1], again))
        for symbol, log_prob in enumerate(frame):
            if symbol != blank:
                longer = (*string, symbol)
                was = after.get(longer, nothing)
                after[longer] = (was[0], _add(was[1], (in_blank if symbol == last else both) + log_prob))
    return after


def _add(a: float, b: float) -> float:
    """log(e^a + e^b); `np.logaddexp` does the same, and takes longer for two single numbers."""
    if a < b:
        a, b = b, a
    return a if b == -math.inf else a + math.log1p(math.exp(b - a))


def _require_table(log_probs: np.ndarray, width: int, bigram: np.ndarray | None) -> None:
    if log_probs.ndim != 2 or log_probs.shape[1] < 2:
        raise ParameterError(f"log_probs has shape {log_probs.shape}; needs (T, S): a row of symbols for each frame")
    if width < 1:
        raise ParameterError(f"width is {width}; a beam needs to keep at least 1 string")
    n_symbols = log_probs.shape[1]
    if bigram is not None and bigram.shape != (n_symbols, n_symbols):
        raise ParameterError(f"the bigram table has shape {bigram.shape}; {n_symbols} symbols need {(n_symbols,) * 2}")


def bigram_table(strings: Sequence[Sequence[int]], n_symbols: int, add: float = 1.0, blank: int = BLANK) -> np.ndarray:
    """Count which symbol follows which: the smallest language model.

    Parameters
    ----------
    strings : symbols from 0 to n_symbols - 1, without blanks.
    add : added to every count, so that nothing is impossible only because it was never seen (Laplace).

    Returns
    -------
    np.ndarray [shape=(n_symbols, n_symbols), float64], log-probabilities; row `blank` is the beginning. Each row sums
    to 1 over the symbols; column `blank` is -inf.
    """
    counts = np.full((n_symbols, n_symbols), float(add))
    for string in strings:
        for before, symbol in zip([blank, *string], string, strict=False):
            counts[before, symbol] += 1
    counts[:, blank] = 0
    with np.errstate(divide="ignore"):
        return np.log(counts) - np.log(counts.sum(axis=1, keepdims=True))


def string_log_prob(log_probs: np.ndarray, symbols: Sequence[int], blank: int = BLANK) -> float:
    """Logarithm of the summed probability of all paths that collapse to a string; minus the CTC loss.

    The string is written with a blank before, between and after its symbols. A path walks along it: in each frame it
    stays, goes one place on, or two, where that skips a blank between two different symbols.

    References
    ----------
    Graves et al. 2006, ICML, equations 5-8.
    """
    places = [blank]
    for symbol in symbols:
        places += [int(symbol), blank]
    ends = np.full(len(places), -np.inf)
    ends[0] = 0.0  # before the first frame: at the first blank, or, by skipping it, at the first symbol
    for frame in np.asarray(log_probs, np.float64):
        new = ends.copy()
        new[1:] = np.logaddexp(new[1:], ends[:-1])
        for i in range(3, len(places), 2):
            if places[i] != places[i - 2]:
                new[i] = np.logaddexp(new[i], ends[i - 2])
        ends = new + frame[places]
    return float(np.logaddexp.reduce(ends[-2:]))


def word_errors(truth: Sequence[int], heard: Sequence[int]) -> Errors:
    """Fewest changes that turn the truth into what was heard (Levenshtein), and of which kind they are.

    >>> word_errors([1, 2, 3], [1, 3, 3, 4])
    Errors(substituted=1, deleted=0, inserted=1)
    """
    row = [Errors(0, 0, j) for j in range(len(heard) + 1)]
    for i, a in enumerate(truth, 1):
        new = [Errors(0, i, 0)]
        for j, b in enumerate(heard, 1):
            s, d, n = row[j - 1]
            swapped = Errors(s + (a != b), d, n)
            dropped = row[j]._replace(deleted=row[j].deleted + 1)
            added = new[-1]._replace(inserted=new[-1].inserted + 1)
            new.append(min(swapped, dropped, added, key=lambda e: e.total))
        row = new
    return row[-1]


def word_error_rate(truths: Sequence[Sequence[int]], heard: Sequence[Sequence[int]]) -> float:
    """All errors over the number of words that were said; above 1 where more was heard than said.

    Raises
    ------
    ParameterError : the lists differ in length, or nothing was said.
    """
    n = sum(len(truth) for truth in truths)
    if len(truths) != len(heard) or n == 0:
        raise ParameterError(f"{len(truths)} strings with {n} words were said and {len(heard)} heard; needs one each")
    return sum(word_errors(a, b).total for a, b in zip(truths, heard, strict=True)) / n
