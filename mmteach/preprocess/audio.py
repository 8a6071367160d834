"""Recordings: one sample rate, silence off the ends, one loudness, one length."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mmteach.errors import DataError, ParameterError
from mmteach.types import Waveform

SILENT = 1e-3  # a recording whose loudest sample is below this (-60 dB) holds no voice: the microphone was off


@dataclass(frozen=True)
class Resample:
    """Change the sample rate, so that a frame of so many samples lasts equally long in every recording.

    Parameters
    ----------
    sample_rate : Hz, 1000 to 192000.
    """

    sample_rate: int = 16_000

    def __post_init__(self) -> None:
        if not (1000 <= self.sample_rate <= 192_000 and self.sample_rate == int(self.sample_rate)):
            raise ParameterError(f"sample_rate is {self.sample_rate}; it must be a whole number of Hz, 1000 to 192000")

    def __call__(self, waveform: Waveform) -> Waveform:
        """(n,) -> (ceil(n * new rate / old rate),), as `librosa.resample` does, kept within [-1, 1]."""
        import soxr

        samples, rate = _samples(waveform), waveform.sample_rate
        if rate == self.sample_rate:
            return waveform
        n = -(-len(samples) * self.sample_rate // rate)
        found = soxr.resample(samples, rate, self.sample_rate, quality="HQ") if len(samples) else samples
        return Waveform(np.clip(_of_length(found, n), -1, 1), self.sample_rate)


@dataclass(frozen=True)
class Trim:
    """Cut off what is quiet before the first and after the last sound.

    Parameters
    ----------
    top_db : quiet means so many decibels below the loudest frame.
    frame_length, hop_length : samples over which loudness is taken, and from one such stretch to the next.
    """

    top_db: float = 40.0
    frame_length: int = 2048
    hop_length: int = 512

    def __post_init__(self) -> None:
        lengths = (self.frame_length, self.hop_length)
        if not 0 < self.top_db <= 200 or not all(1 <= n <= 65_536 and n == int(n) for n in lengths):
            raise ParameterError(
                f"top_db is {self.top_db}, frame_length {self.frame_length}, hop_length {self.hop_length}; needs more "
                "than 0 and at most 200 dB, and whole numbers of samples from 1 to 65536"
            )

    def __call__(self, waveform: Waveform) -> Waveform:
        """Return what `librosa.effects.trim` returns; a silent recording stays as it is."""
        samples = _samples(waveform)
        loud = np.flatnonzero(self._decibels(samples) > -self.top_db)
        return replace(waveform, samples=samples[loud[0] * self.hop_length : (loud[-1] + 1) * self.hop_length].copy())

    def _decibels(self, samples: np.ndarray) -> np.ndarray:
        """Loudness of each frame, relative to the loudest: (1 + n // hop_length,)."""
        padded = np.pad(samples, self.frame_length // 2 + 1)[1:]
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.frame_length)[:: self.hop_length]
        frames = frames[: 1 + len(samples) // self.hop_length]
        power = np.maximum(np.einsum("ij,ij->i", frames, frames) / self.frame_length, 1e-10)
        return 10 * np.log10(power / power.max())


@dataclass(frozen=True)
class Level:
    """Make all recordings equally loud; how near somebody was to the microphone then no longer counts.

    Parameters
    ----------
    rms_db : root mean square to reach, in dB below full scale. A recording with high peaks stays softer, for nothing
        is ever clipped; silence stays silence.
    """

    rms_db: float = -26.0

    def __post_init__(self) -> None:
        if not -80 <= self.rms_db <= 0:
            raise ParameterError(f"rms_db is {self.rms_db}; it must lie between -80 and 0, for example -26")

    def __call__(self, waveform: Waveform) -> Waveform:
        """Multiply all samples by one number."""
        samples = _samples(waveform)
        peak = float(np.abs(samples).max(initial=0))
        if peak < SILENT:
            return waveform
        rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
        gain = min(10 ** (self.rms_db / 20) / rms, 1 / peak)
        return replace(waveform, samples=np.clip(samples * np.float32(gain), -1, 1))


@dataclass(frozen=True)
class PadCrop:
    """Give every recording the same length: silence is added at the end, or the end is cut off.

    Parameters
    ----------
    seconds : 0.05 to 300.
    """

    seconds: float = 3.0

    def __post_init__(self) -> None:
        if not 0.05 <= self.seconds <= 300:
            raise ParameterError(f"seconds is {self.seconds}; it must lie between 0.05 and 300")

    def __call__(self, waveform: Waveform) -> Waveform:
        """(n,) -> (seconds * sample_rate,)."""
        samples = _of_length(_samples(waveform), round(self.seconds * waveform.sample_rate))
        return replace(waveform, samples=samples)


AUDIO_STEPS = (Resample, Trim, Level, PadCrop)


def require_sound(waveform: Waveform, frame_length: int = 400) -> None:
    """Check that a recording holds something to listen to.

    Raises
    ------
    DataError : it is shorter than a frame, or silent.
    """
    samples = _samples(waveform)
    if len(samples) < frame_length:
        raise DataError(
            f"the recording has {len(samples)} samples, {len(samples) / waveform.sample_rate:.3g} s; one frame needs "
            f"{frame_length}: record for longer"
        )
    if (peak := float(np.abs(samples).max())) < SILENT:
        raise DataError(
            f"the recording is silent, its loudest sample is {peak:.2g} of 1; a voice reaches 0.05 or more: check that "
            "the microphone is on, and record again"
        )


def _samples(waveform: Waveform) -> np.ndarray:
    if not isinstance(waveform, Waveform):
        raise DataError(f"a recording was needed, a {type(waveform).__name__} came: give what read_audio returns")
    return waveform.samples


def _of_length(samples: np.ndarray, n: int) -> np.ndarray:
    """Cut the end off or add zeros there: (n,)."""
    return np.pad(samples[:n], (0, max(0, n - len(samples))))
