"""Which words and which sounds an answer came from: leave one out, ask again, and see what becomes of the answer.

Nothing is asked of the model but its probabilities, so any model can be explained so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mmteach.errors import DataError, ParameterError
from mmteach.features.audio import mel_frequencies
from mmteach.features.text_tokens import Token, locate
from mmteach.types import Waveform

if TYPE_CHECKING:
    from scipy.signal import ShortTimeFFT

MAX_WORDS = 200  # of a longer text the first so many are left out in turn; each costs a reading of the whole text
WINDOW = 0.032  # seconds of a frame; a quarter of it is the hop


class WordSaliency(NamedTuple):
    """What a word did: text[start:end] is the word; value > 0 spoke for the target, value < 0 against it."""

    word: str
    start: int
    end: int
    value: float


def word_saliency(
    probs_of: Callable[[list[str]], np.ndarray], text: str, target: int, most: int = MAX_WORDS
) -> list[WordSaliency]:
    """Leave out one word after the other and see how far the target's probability falls.

    A word is a token: in Chinese one character. Words that only count together share what they do: without either of
    "not good" there is no "not good", so the values need not sum to anything.

    Parameters
    ----------
    probs_of : N texts -> (N, C) probabilities; asked once, for all words.
    target : class index.
    most : of a longer text only the first so many words are examined.

    References
    ----------
    Li, Monroe, Jurafsky 2016, Understanding neural networks through representation erasure.

    >>> def likes(texts):
    ...     p = np.array([0.9 if "good" in t else 0.5 for t in texts])
    ...     return np.stack([p, 1 - p], axis=1)
    >>> [(w, round(value, 2)) for w, _, _, value in word_saliency(likes, "So good!", target=0)]
    [('So', 0.0), ('good', 0.4), ('!', 0.0)]
    """
    tokens = locate(text)[:most]
    if not tokens:
        return []
    probs = _asked(probs_of([text, *(_without(text, token) for token in tokens)]), len(tokens) + 1, target)
    return [
        WordSaliency(text[t.start : t.end], t.start, t.end, float(probs[0] - p))
        for t, p in zip(tokens, probs[1:], strict=True)
    ]


def _without(text: str, token: Token) -> str:
    """A space stays, else the words on both sides would grow together."""
    return f"{text[: token.start]} {text[token.end :]}"


def spectrogram_saliency(
    probs_of: Callable[[list[Waveform]], np.ndarray],
    waveform: Waveform,
    target: int,
    n_bands: int = 8,
    n_times: int = 12,
    size: int = 32,
) -> np.ndarray:
    """Mute one stretch of time in one band after the other and see how far the target's probability falls.

    Parameters
    ----------
    probs_of : N recordings -> (N, C) probabilities.
    target : class index.
    n_bands, n_times : cells; bands sound equally wide (mel), stretches are equally long.
    size : so many recordings are made and asked about at once.

    Returns
    -------
    np.ndarray [shape=(n_bands, n_times), float64]: lowest band first. Positive where a sound spoke for the target.

    Raises
    ------
    DataError : the recording has fewer samples than a frame.
    ParameterError : there are no cells, or more than the recording has frames or frequencies.

    References
    ----------
    Zeiler, Fergus 2014, ECCV, section 4.2, of pictures: here the picture is the spectrogram.
    """
    stft = _transform(waveform)
    spectrum = stft.stft(waveform.samples.astype(np.float64))  # (F, T)
    rows, columns = _cells(waveform, stft, spectrum.shape, n_bands, n_times)
    muted = _muted(waveform, stft, spectrum, rows, columns)
    probs = [_asked(probs_of([waveform]), 1, target)]
    while part := list(islice(muted, size)):
        probs.append(_asked(probs_of(part), len(part), target))
    p = np.concatenate(probs)
    return (p[0] - p[1:]).reshape(n_bands, n_times)


def band_edges(n_bands: int, sample_rate: int) -> np.ndarray:
    """The edges of the bands of `spectrogram_saliency` in Hz: (n_bands + 1,), from 0 to half the sample rate."""
    return mel_frequencies(n_bands + 1, 0, sample_rate / 2)


def _transform(waveform: Waveform) -> ShortTimeFFT:
    from scipy.signal import ShortTimeFFT
    from scipy.signal.windows import hann

    length = 4 * max(4, round(WINDOW * waveform.sample_rate / 4))
    if len(waveform.samples) < length:
        raise DataError(
            f"the recording has {len(waveform.samples)} samples; to mute a part of it takes {length}: record for longer"
        )
    return ShortTimeFFT(hann(length, sym=False), length // 4, waveform.sample_rate)


def _cells(
    waveform: Waveform, stft: ShortTimeFFT, shape: tuple[int, ...], n_bands: int, n_times: int
) -> tuple[list[slice], list[slice]]:
    """Rows of the spectrum of each band, and columns of each stretch: together all of it, nothing twice."""
    n_hops = len(waveform.samples) // stft.hop
    if not (1 <= n_bands <= shape[0] // 4 and 1 <= n_times <= n_hops):
        raise ParameterError(
            f"n_bands is {n_bands}, n_times {n_times}; this recording can be cut into 1 to {shape[0] // 4} bands and "
            f"1 to {n_hops} stretches"
        )
    row = np.searchsorted(stft.f, band_edges(n_bands, waveform.sample_rate)[1:-1]).tolist()
    edges = np.linspace(0, len(waveform.samples) / waveform.sample_rate, n_times + 1)[1:-1]
    column = np.searchsorted(stft.t(len(waveform.samples)), edges).tolist()
    return _slices([0, *row, shape[0]]), _slices([0, *column, shape[1]])


def _slices(edges: Sequence[int]) -> list[slice]:
    return [slice(a, b) for a, b in pairwise(edges)]


def _muted(
    waveform: Waveform, stft: ShortTimeFFT, spectrum: np.ndarray, rows: Sequence[slice], columns: Sequence[slice]
) -> Iterator[Waveform]:
    """The recording less what each cell sounds like by itself; band by band, each from left to right."""
    n = len(waveform.samples)
    for row in rows:
        for column in columns:
            cell = np.zeros_like(spectrum)
            cell[row, column] = spectrum[row, column]
            rest = waveform.samples - stft.istft(cell, k1=n)
            yield Waveform(np.clip(rest, -1, 1).astype(np.float32), waveform.sample_rate)


def _asked(probs: np.ndarray, n: int, target: int) -> np.ndarray:
    """(N, C) probabilities -> the target's, (N,)."""
    probs = np.asarray(probs, np.float64)
    if probs.ndim != 2 or len(probs) != n or not 0 <= target < probs.shape[1]:
        raise ParameterError(
            f"probs_of returned shape {probs.shape} for {n} items, and the target is {target}; it needs to be "
            f"({n}, C) with 0 <= target < C"
        )
    return probs[:, target]
