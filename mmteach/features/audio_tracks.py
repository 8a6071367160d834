"""What is followed through a recording: one column a measure, one row a frame, and which frames hold sound or voice."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mmteach.features.audio import decibels, deltas, mel_filters, mfcc_of
from mmteach.features.audio_frames import SPEECH, Framing, Tape, each_spectrum
from mmteach.features.audio_pitch import FRAME, pitch_frames
from mmteach.features.audio_spectrum import SPECTRAL, crossing_frames, describe_spectra, rms_frames

N_MELS, N_MFCC = 64, 20
SOUNDING = 35.0  # dB below the loudest frame: what is quieter is background
VOICED = 0.25  # aperiodicity below which the vocal folds are taken to swing
MFCC = tuple(f"mfcc {k}" for k in range(N_MFCC))
DELTA = tuple(f"{word} of mfcc {k}" for word in ("slope", "bend") for k in range(N_MFCC))
BANDS = tuple(f"band {k}" for k in range(N_MELS))
PITCH = ("pitch", "pitch change", "aperiodicity")  # semitones above 100 Hz, semitones per frame, 0 to 1
ENERGY = ("energy", "energy change")  # dB, dB per frame
SPECTRUM = (*SPECTRAL, "tilt", "zero crossings")  # tilt: dB by which what lies below 1 kHz is louder than the rest
TRACKS = (*MFCC, *DELTA, *BANDS, *PITCH, *ENERGY, *SPECTRUM)


class Tracks(NamedTuple):
    """One recording, followed.

    values : np.ndarray [shape=(len(TRACKS), T), float32]
    sounding, voiced, span : np.ndarray [shape=(T,), bool]: loud enough; loud enough and periodic; from the first to the
        last sounding frame, pauses included.
    """

    values: np.ndarray
    sounding: np.ndarray
    voiced: np.ndarray
    span: np.ndarray


def follow(tape: Tape, framing: Framing = SPEECH) -> list[Tracks]:
    """Follow every clip of a tape."""
    mel, spectral = _spectra(tape, framing)
    energy = decibels(rms_frames(tape, framing.frame_length) ** 2)
    f0, aperiodicity = pitch_frames(tape, 60.0, min(500.0, tape.sample_rate / 2), 0.1, _frame_length(tape))
    columns = (mel, spectral, energy, f0, aperiodicity)
    return [_one(*clip) for clip in zip(*map(tape.split, columns), strict=True)]


def _frame_length(tape: Tape) -> int:
    """Samples in a frame for pitch: 50 ms at any rate, but no more than the tape's margins allow."""
    return min(round(FRAME / 16_000 * tape.sample_rate), 2 * tape.margin - 2)


def _spectra(tape: Tape, framing: Framing) -> tuple[np.ndarray, np.ndarray]:
    """Log-mel (F, N_MELS) and spectral measures (F, len(SPECTRUM)), from one pass over the spectra."""
    low = np.arange(framing.n_fft // 2 + 1) * tape.sample_rate < 1000 * framing.n_fft
    filters = np.column_stack([mel_filters(tape.sample_rate, framing.n_fft, N_MELS), low, ~low]).astype(np.float32)

    def describe(power: np.ndarray) -> np.ndarray:
        bands = decibels(power @ filters)  # (b, N_MELS + 2)
        tilt = bands[:, -2] - bands[:, -1]
        return np.column_stack([bands[:, :-2], describe_spectra(power, tape.sample_rate), tilt])

    both = each_spectrum(tape, framing, describe, N_MELS + len(SPECTRAL) + 1)
    crossings = crossing_frames(tape, framing.frame_length)
    return both[:, :N_MELS], np.column_stack([both[:, N_MELS:], crossings])


def _one(mel: np.ndarray, spectral: np.ndarray, energy: np.ndarray, f0: np.ndarray, aperiodicity: np.ndarray) -> Tracks:
    cepstrum = mfcc_of([mel], N_MFCC)[0]
    sounding = energy > energy.max() - SOUNDING
    voiced = sounding & (aperiodicity < VOICED)
    ends = np.flatnonzero(sounding)
    span = np.zeros(len(energy), bool)
    span[ends[0] : ends[-1] + 1] = True
    pitch = np.where(voiced, 12 * np.log2(f0 / 100), 0)
    change = np.zeros((2, len(energy)), np.float32)  # of pitch, where two voiced frames follow each other; of energy
    change[0, 1:] = np.diff(pitch) * (voiced[1:] & voiced[:-1])
    change[1, 1:] = np.diff(energy)
    columns = [cepstrum, deltas(cepstrum), deltas(cepstrum, 2), mel]
    rows = [pitch, change[0], np.minimum(aperiodicity, 1), energy, change[1]]
    values = np.concatenate([*(x.T for x in columns), np.stack(rows), spectral.T]).astype(np.float32)
    return Tracks(values, sounding, voiced, span)
