"""The pitch of a voice: the period after which the sound repeats itself, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from mmteach.errors import ParameterError
from mmteach.features.audio_frames import Tape, tapes
from mmteach.types import Waveform

FRAME = 1024  # samples: 64 ms at 16 kHz, nearly four periods of a very low voice


class Pitch(NamedTuple):
    """What YIN says of each frame.

    f0 : np.ndarray [shape=(T,), float32, Hz]; a number even where nothing is sung or spoken, so ask `aperiodicity`.
    aperiodicity : np.ndarray [shape=(T,), float32]; 0 where the sound repeats itself exactly, about 1 in noise and
        in silence.
    """

    f0: np.ndarray
    aperiodicity: np.ndarray


def difference(frames: np.ndarray, longest: int) -> np.ndarray:
    """How much a frame differs from itself shifted by 1, 2, ... samples, relative to the mean up to that shift.

    Parameters
    ----------
    frames : np.ndarray [shape=(b, length)]

    Returns
    -------
    np.ndarray [shape=(b, longest), float32]: d' of YIN, equation 8.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    # The autocorrelation by way of the power spectrum. It is right up to `longest`, and that is all that is read.
    n = next_fast_len(frames.shape[1] + longest, real=True)
    spectrum = rfft(frames, n=n, axis=1)
    spectrum *= spectrum.conj()
    correlation = irfft(spectrum, n=n, axis=1, overwrite_x=True)[:, : longest + 1]
    d = 2 * (correlation[:, :1] - correlation[:, 1:])
    d -= np.cumsum(frames[:, :longest] ** 2, axis=1)  # energy of what the shift moves out of the frame
    mean = np.cumsum(d, axis=1)
    mean *= 1 / np.arange(1, longest + 1, dtype=np.float32)
    mean += np.finfo(np.float32).tiny
    return np.divide(d, mean, out=d)


def first_trough(d: np.ndarray, threshold: float) -> np.ndarray:
    """Index of the first local minimum below the threshold; where there is none, of the lowest value: (b,)."""
    trough = np.zeros(d.shape, bool)
    trough[:, 0] = d[:, 0] < d[:, 1]
    trough[:, 1:-1] = (d[:, 1:-1] < d[:, :-2]) & (d[:, 1:-1] <= d[:, 2:])
    trough[:, -1] = d[:, -1] < d[:, -2]
    trough &= d < threshold
    first = trough.argmax(axis=1)
    return np.where(trough[np.arange(len(d)), first], first, d.argmin(axis=1))


def between_samples(d: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Where the parabola through three neighbours has its minimum, relative to the middle one: (b,) in [-1, 1]."""
    inner = np.clip(at, 1, d.shape[1] - 2)
    rows = np.arange(len(d))
    left, middle, right = d[rows, inner - 1], d[rows, inner], d[rows, inner + 1]
    bend, slope = left + right - 2 * middle, (right - left) / 2
    good = (inner == at) & (np.abs(slope) < np.abs(bend))
    return np.where(good, -slope / np.where(good, bend, 1), 0)


def pitch_frames(tape: Tape, fmin: float, fmax: float, threshold: float, frame_length: int) -> Pitch:
    """Pitch of every frame of a tape."""
    rate = tape.sample_rate
    if not (0 < fmin < fmax <= rate / 2 and rate / fmin < frame_length - 1):
        raise ParameterError(
            f"fmin is {fmin} and fmax {fmax} Hz at {rate} Hz and {frame_length} samples a frame; needs 0 < fmin < fmax "
            f"<= {rate / 2:g}, and a period of fmin must fit into a frame: raise fmin or frame_length"
        )
    shortest, longest = int(rate / fmax), min(int(np.ceil(rate / fmin)), frame_length - 1)

    def of_frames(frames: np.ndarray) -> np.ndarray:
        d = difference(frames, longest)[:, shortest - 1 :]
        at = first_trough(d, threshold)
        f0 = rate / (shortest + at + between_samples(d, at))
        silent = ~frames.any(axis=1)
        return np.stack([f0, np.where(silent, 1, np.maximum(d[np.arange(len(d)), at], 0))], axis=1)

    f0, aperiodicity = tape.each(of_frames, 2, frame_length).T
    return Pitch(f0, aperiodicity)


def pitch(
    clips: Iterable[Waveform],
    fmin: float = 60.0,
    fmax: float = 500.0,
    threshold: float = 0.1,
    frame_length: int = FRAME,
    hop_length: int = 160,
) -> list[Pitch]:
    """Find the pitch of each frame with YIN.

    Parameters
    ----------
    fmin, fmax : Hz; between them lie the voices of men, women and children.
    threshold : the first period at which the sound repeats itself this well is taken.

    References
    ----------
    de Cheveigne, Kawahara 2002, JASA 111(4).
    """
    out = []
    for tape in tapes(clips, hop_length, frame_length):
        both = pitch_frames(tape, fmin, fmax, threshold, frame_length)
        out += [Pitch(*pair) for pair in zip(*map(tape.split, both), strict=True)]
    return out
