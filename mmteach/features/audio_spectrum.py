"""Loudness, roughness and the balance of high and low, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from mmteach.features.audio_frames import SPEECH, Framing, Tape, each_spectrum, tapes
from mmteach.types import Waveform

SPECTRAL = ("centroid", "bandwidth", "rolloff", "flatness")


def rms_frames(tape: Tape, frame_length: int) -> np.ndarray:
    """Root mean square of every frame of a tape: (F,) float32."""

    def of_frames(frames: np.ndarray) -> np.ndarray:
        return np.sqrt(np.einsum("ij,ij->i", frames, frames)[:, None] / np.float32(frame_length))

    return tape.each(of_frames, 1, frame_length)[:, 0]


def rms(clips: Iterable[Waveform], frame_length: int = 400, hop_length: int = 160) -> list[np.ndarray]:
    """Loudness: the root of the mean square of each frame.

    Returns
    -------
    list of np.ndarray [shape=(T,), float32, in [0, 1]]
    """
    return [x for tape in tapes(clips, hop_length, frame_length) for x in tape.split(rms_frames(tape, frame_length))]


def crossing_frames(tape: Tape, frame_length: int) -> np.ndarray:
    """Share of sign changes in every frame of a tape: (F,) float32."""
    below = tape.samples < -1e-10  # zero counts as positive
    changes = np.zeros(len(below), np.float32)
    changes[1:] = below[1:] != below[:-1]
    for start, n in zip(tape.starts, tape.lengths, strict=True):  # coming out of silence and going back is no change
        first = tape.margin + tape.hop_length * start
        changes[[first, first + n]] = 0

    def share(frames: np.ndarray) -> np.ndarray:
        return np.einsum("ij->i", frames[:, 1:])[:, None] / frame_length  # the first sample has nothing before it

    return replace(tape, samples=changes).each(share, 1, frame_length)[:, 0]


def zero_crossing_rate(clips: Iterable[Waveform], frame_length: int = 400, hop_length: int = 160) -> list[np.ndarray]:
    """Share of samples at which the sign changes: low in vowels, high in "s".

    Returns
    -------
    list of np.ndarray [shape=(T,), float32, in [0, 1]]
    """
    found = tapes(clips, hop_length, frame_length)
    return [x for tape in found for x in tape.split(crossing_frames(tape, frame_length))]


def describe_spectra(power: np.ndarray, sample_rate: int) -> np.ndarray:
    """Four numbers for each spectrum: centroid, bandwidth, roll-off (Hz) and flatness (0 to 1).

    Parameters
    ----------
    power : np.ndarray [shape=(b, bins)]

    Returns
    -------
    np.ndarray [shape=(b, 4), float32]; centroid, bandwidth and roll-off of silence are 0, its flatness is 1.
    """
    hz = np.linspace(0, sample_rate / 2, power.shape[1], dtype=np.float32)
    size = np.sqrt(power)
    sums = np.cumsum(size, axis=1)
    total = sums[:, -1]
    share = size / np.where(total > np.finfo(np.float32).tiny, total, 1)[:, None]
    centroid = share @ hz
    bandwidth = np.sqrt(np.einsum("ij,ij->i", share, (hz - centroid[:, None]) ** 2))
    rolloff = hz[(sums >= np.float32(0.85) * total[:, None]).argmax(axis=1)]
    floor = np.maximum(power, np.float32(1e-10))
    flatness = np.exp(np.log(floor).mean(axis=1)) / floor.mean(axis=1)
    return np.stack([centroid, bandwidth, rolloff, flatness], axis=1)


def spectral_frames(tape: Tape, framing: Framing) -> np.ndarray:
    """Describe every frame of a tape: (F, 4) float32."""
    return each_spectrum(tape, framing, lambda power: describe_spectra(power, tape.sample_rate), len(SPECTRAL))


def spectral(clips: Iterable[Waveform], framing: Framing = SPEECH) -> list[np.ndarray]:
    """Balance of high and low in each frame.

    centroid : mean frequency, Hz, weighted by magnitude: how bright it sounds. bandwidth : deviation round it, Hz.
    rolloff : below it lies 85 % of the magnitude, Hz. flatness : 1 for noise, towards 0 for a pure tone.

    Returns
    -------
    list of np.ndarray [shape=(T, 4), float32], in this order.
    """
    found = tapes(clips, framing.hop_length, framing.n_fft)
    return [x for tape in found for x in tape.split(spectral_frames(tape, framing))]
