"""Recordings as numbers: log-mel spectrogram, MFCC and how they change.

Every function takes a list of recordings and returns one array for each, equal to librosa's to four digits. They are
written for whole sets: frames of many clips are worked on together, and nothing has to be compiled first.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from mmteach.errors import ParameterError
from mmteach.features import audio_frames
from mmteach.features.audio_frames import SPEECH, Framing, Tape, each_spectrum, tapes
from mmteach.features.cache import per_item
from mmteach.features.extractor import Stateless, register
from mmteach.types import Waveform

SILENCE = 1e-10  # power below this counts as this: -100 dB


def mel_frequencies(n: int, low: float, high: float) -> np.ndarray:
    """Return n frequencies that sound evenly spaced, in Hz: linear below 1 kHz, logarithmic above.

    References
    ----------
    Slaney 1998, Auditory Toolbox.
    """
    step, corner = 200 / 3, 1000.0
    octave = np.log(6.4) / 27

    def to_mel(hz: float) -> float:
        return hz / step if hz < corner else corner / step + np.log(hz / corner) / octave

    mels = np.linspace(to_mel(low), to_mel(high), n)
    linear, bent = mels * step, corner * np.exp(octave * (mels - corner / step))
    return np.where(mels < corner / step, linear, bent)


@functools.cache
def mel_filters(sample_rate: int, n_fft: int, n_mels: int) -> np.ndarray:
    """Triangles that sum the bins of a power spectrum into mel bands; each has the same area.

    Returns
    -------
    np.ndarray [shape=(n_fft // 2 + 1, n_mels), float32]
    """
    bins = np.linspace(0, sample_rate / 2, n_fft // 2 + 1)[:, None]
    edges = mel_frequencies(n_mels + 2, 0, sample_rate / 2)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.maximum(0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
    filters = (triangles * 2 / (high - low)).astype(np.float32)
    filters.setflags(write=False)
    return filters


def decibels(power: np.ndarray) -> np.ndarray:
    """10 log10 of power; silence is -100."""
    return 10 * np.log10(np.maximum(power, np.float32(SILENCE)))


def mel_frames(tape: Tape, framing: Framing, n_mels: int) -> np.ndarray:
    """Log-mel of every frame of a tape: (F, n_mels) float32."""
    filters = mel_filters(tape.sample_rate, framing.n_fft, n_mels)
    return each_spectrum(tape, framing, lambda power: decibels(power @ filters), n_mels)


def log_mel(
    clips: Iterable[Waveform], n_mels: int = 64, framing: Framing = SPEECH, top_db: float | None = None
) -> list[np.ndarray]:
    """Loudness in decibels, for each frame and each of n_mels bands: what an ear reports, roughly.

    Parameters
    ----------
    clips : of one sample rate.
    top_db : what lies further below the loudest value of its clip is raised to there; None leaves it.

    Returns
    -------
    list of np.ndarray [shape=(1 + n // hop_length, n_mels), float32, dB]
    """
    out = []
    for tape in tapes(clips, framing.hop_length, framing.n_fft):
        out += tape.split(mel_frames(tape, framing, n_mels))
    return out if top_db is None else [np.maximum(x, x.max() - np.float32(top_db)) for x in out]


@functools.cache
def cosines(n_mels: int, n_mfcc: int) -> np.ndarray:
    """Return the first waves of the orthonormal cosine transform (DCT-II): (n_mels, n_mfcc) float32."""
    waves = np.cos(np.pi / n_mels * (np.arange(n_mels)[:, None] + 0.5) * np.arange(n_mfcc)) * np.sqrt(2 / n_mels)
    waves[:, 0] /= np.sqrt(2)
    return waves.astype(np.float32)


def mfcc_of(log_mels: Sequence[np.ndarray], n_mfcc: int = 20, top_db: float = 80.0) -> list[np.ndarray]:
    """Mel-frequency cepstral coefficients of log-mel spectrograms; see `mfcc`."""
    return [np.maximum(x, x.max() - np.float32(top_db)) @ cosines(x.shape[1], n_mfcc) for x in log_mels]


def mfcc(clips: Iterable[Waveform], n_mfcc: int = 20, n_mels: int = 64, framing: Framing = SPEECH) -> list[np.ndarray]:
    """The shape of each frame's spectrum in few numbers: the slow waves along its log-mel bands.

    Coefficient 0 is the loudness, 1 the tilt from low to high, and so on to finer detail.

    Returns
    -------
    list of np.ndarray [shape=(T, n_mfcc), float32]

    References
    ----------
    Davis, Mermelstein 1980, IEEE TASSP 28(4).
    """
    return mfcc_of(log_mel(clips, n_mels, framing), n_mfcc)


@functools.cache
def difference_weights(width: int, order: int) -> np.ndarray:
    """Weights that give the slope (order 1) or the bend (order 2) of the curve fitted to `width` points: (width,)."""
    powers = np.vander(np.arange(width) - width // 2, order + 1, increasing=True)  # (width, order + 1)
    return np.linalg.pinv(powers)[order] * order  # order! for orders 1 and 2


def deltas(x: np.ndarray, order: int = 1, width: int = 9) -> np.ndarray:
    """How a sequence changes: slope (order 1) or bend (order 2) of the curve fitted to `width` frames round each.

    A line has one slope and a parabola one bend, so the frames near an end take over the value of the first frame
    that has neighbours on both sides. Fewer frames than `width` are fitted as they are; fewer than three give zero.

    Parameters
    ----------
    x : np.ndarray [shape=(T, D)]

    Returns
    -------
    np.ndarray [shape=(T, D), float32], per frame or per frame^2.

    >>> deltas(np.arange(10.0)[:, None] * 3)[:2].tolist()
    [[3.0], [3.0]]
    """
    from scipy.ndimage import correlate1d

    width = min(width, len(x) - 1 + len(x) % 2)  # odd
    if width < max(3, order + 1):
        return np.zeros(x.shape, np.float32)
    half = width // 2
    y = correlate1d(np.asarray(x, np.float32), difference_weights(width, order), axis=0, mode="nearest")
    y[:half], y[-half:] = y[half], y[-half - 1]
    return y


def _require_counts(n_mels: int, n_mfcc: int = 1) -> None:
    if not (1 <= n_mfcc <= n_mels <= 512 and n_mels == int(n_mels) and n_mfcc == int(n_mfcc)):
        raise ParameterError(f"n_mels is {n_mels}, n_mfcc {n_mfcc}; needs whole numbers, n_mfcc <= n_mels <= 512")


kept_log_mel = per_item(audio_frames)(log_mel)


@per_item(audio_frames)
def kept_mfcc(
    clips: Iterable[Waveform], n_mfcc: int, with_deltas: bool, n_mels: int, framing: Framing
) -> list[np.ndarray]:
    """MFCC of recordings, beside them their slopes and bends: (T, n_mfcc) or (T, 3 * n_mfcc) each."""
    found = mfcc(clips, n_mfcc, n_mels, framing)
    return [np.concatenate([x, deltas(x), deltas(x, 2)], axis=1) for x in found] if with_deltas else found


@register
class LogMel(Stateless):
    """Log-mel spectrograms, a sequence of frames for each recording; see `log_mel`."""

    name: ClassVar[str] = "log_mel"

    def __init__(self, n_mels: int = 64, frame_length: int = 400, n_fft: int = 512, hop_length: int = 160) -> None:
        _require_counts(n_mels)
        Framing(frame_length, n_fft, hop_length)
        self.n_mels, self.frame_length, self.n_fft, self.hop_length = n_mels, frame_length, n_fft, hop_length

    def __call__(self, media: Iterable[Waveform]) -> list[np.ndarray]:
        """N recordings -> N arrays (T, n_mels)."""
        return kept_log_mel(media, self.n_mels, Framing(self.frame_length, self.n_fft, self.hop_length))


@register
class MFCC(Stateless):
    """MFCC with their slopes and bends: a sequence of frames for each recording; see `mfcc` and `deltas`."""

    name: ClassVar[str] = "mfcc"

    def __init__(
        self,
        n_mfcc: int = 20,
        deltas: bool = True,
        n_mels: int = 64,
        frame_length: int = 400,
        n_fft: int = 512,
        hop_length: int = 160,
    ) -> None:
        _require_counts(n_mels, n_mfcc)
        Framing(frame_length, n_fft, hop_length)
        self.n_mfcc, self.deltas, self.n_mels = n_mfcc, deltas, n_mels
        self.frame_length, self.n_fft, self.hop_length = frame_length, n_fft, hop_length

    def __call__(self, media: Iterable[Waveform]) -> list[np.ndarray]:
        """N recordings -> N arrays (T, n_mfcc) or, with deltas, (T, 3 * n_mfcc)."""
        framing = Framing(self.frame_length, self.n_fft, self.hop_length)
        return kept_mfcc(media, self.n_mfcc, self.deltas, self.n_mels, framing)
