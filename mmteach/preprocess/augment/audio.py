"""One recording, changed by a known amount: noise, loudness, pitch, speed, room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mmteach.errors import DataError, ParameterError
from mmteach.types import Waveform

N_FFT, HOP = 2048, 512  # of the phase vocoder, samples: librosa's


def add_noise(waveform: Waveform, snr_db: float, generator: torch.Generator) -> Waveform:
    """Add white noise.

    Parameters
    ----------
    snr_db : power of the recording against that of the noise, in decibels; infinity changes nothing. Where the sum
        is louder than full scale, all of it is turned down, and the ratio stays.

    Raises
    ------
    DataError : the recording is silent; noise cannot be so many decibels below nothing.
    """
    if math.isnan(snr_db) or snr_db == -math.inf:
        raise ParameterError(f"snr_db is {snr_db}; it must be a number of decibels, or infinity for no noise")
    y = waveform.samples.astype(np.float64)
    power = float(np.mean(y**2)) if len(y) else 0.0
    if not power:
        raise DataError("the recording is silent: a ratio to its power cannot be reached; leave it out")
    noise = torch.randn(len(y), generator=generator, dtype=torch.float64).numpy()
    noise *= math.sqrt(power / 10 ** (snr_db / 10) / np.mean(noise**2))
    return _fitted(y + noise, waveform.sample_rate)


def gain(waveform: Waveform, db: float) -> Waveform:
    """Make it louder or softer; what would pass full scale is cut off there, as a microphone would do."""
    _require("gain", db, -60, 60, "dB")
    samples = np.clip(waveform.samples * np.float32(10 ** (db / 20)), -1, 1)
    return Waveform(samples.astype(np.float32), waveform.sample_rate)


def speed(waveform: Waveform, factor: float) -> Waveform:
    """Play faster (above 1) or slower: length, pitch and timbre move together, as a tape's do.

    Returns
    -------
    n / factor samples, about.
    """
    import soxr

    _require("speed", factor, 0.25, 4, "")
    rate = waveform.sample_rate
    played = waveform.samples if factor == 1 else soxr.resample(waveform.samples, rate * factor, rate)
    return Waveform(np.clip(played, -1, 1).astype(np.float32), rate)


def time_stretch(samples: np.ndarray, rate: float) -> np.ndarray:
    """Make it 1 / rate times as long at the same pitch, with a phase vocoder: (n,) -> (round(n / rate),).

    The spectra are read at another pace, and each bin's phase goes on from frame to frame by what it would have gone
    on in the original. Agrees with `librosa.effects.time_stretch`.

    References
    ----------
    Flanagan, Golden 1966, Bell System Technical Journal 45.
    """
    window = torch.hann_window(N_FFT)
    y = torch.from_numpy(np.ascontiguousarray(samples, dtype=np.float32))
    s = torch.stft(y, N_FFT, HOP, window=window, pad_mode="constant", return_complex=True)  # (F, T)
    at = torch.arange(0, s.shape[1], rate, dtype=torch.float64)  # which frame is heard when
    s = torch.nn.functional.pad(s, (0, 2))  # one more at the end to go on to
    before, after = s[:, at.long()], s[:, at.long() + 1]
    share = (at % 1).float()
    loud = (1 - share) * before.abs() + share * after.abs()
    usual = torch.linspace(0, math.pi * HOP, N_FFT // 2 + 1, dtype=torch.float64)[:, None]  # of a bin's own frequency
    step = after.angle().double() - before.angle() - usual
    step = usual + step - 2 * math.pi * torch.round(step / (2 * math.pi))  # the nearest full turn is the likeliest
    phase = s[:, :1].angle() + torch.cumsum(step, dim=1) - step
    sound = torch.polar(loud.double(), phase).to(torch.complex64)
    n = round(len(y) / rate)
    return torch.istft(sound, N_FFT, HOP, window=window, length=n).numpy()


def pitch_shift(waveform: Waveform, semitones: float) -> Waveform:
    """Move the pitch at the same pace: stretched in time, then played as much faster. The same length comes back.

    Agrees with `librosa.effects.pitch_shift`. The timbre moves too: a voice seems to have a smaller or larger head.
    """
    import soxr

    _require("semitones", semitones, -24, 24, "")
    rate, n = waveform.sample_rate, len(waveform.samples)
    if not semitones or not n:
        return waveform
    factor = 2 ** (semitones / 12)
    played = soxr.resample(time_stretch(waveform.samples, 1 / factor), rate * factor, rate)[:n]
    return Waveform(np.clip(np.pad(played, (0, n - len(played))), -1, 1).astype(np.float32), rate)


def room_response(seconds: float, sample_rate: int, generator: torch.Generator, direct_db: float = 6.0) -> np.ndarray:
    """Make up how a room answers a clap: the clap itself, then noise that dies away. No room was measured.

    Parameters
    ----------
    seconds : until the echo has fallen by 60 dB (RT60); 0 is no room.
    direct_db : power of the clap against that of all its echo.

    Returns
    -------
    np.ndarray [shape=(1 + seconds * sample_rate,), float64], the first is 1.

    References
    ----------
    Polack 1988: reverberation as noise under an exponential.
    """
    _require("seconds", seconds, 0, 5, "s")
    n = round(seconds * sample_rate)
    noise = torch.randn(n, generator=generator, dtype=torch.float64).numpy()
    tail = noise * 10 ** (-3 * np.arange(1, n + 1) / max(n, 1))  # -60 dB in power is a thousandth in amplitude
    energy = float((tail**2).sum())
    return np.concatenate([[1.0], tail * math.sqrt(10 ** (-direct_db / 10) / energy) if energy else tail])


def reverberate(waveform: Waveform, seconds: float, generator: torch.Generator) -> Waveform:
    """Put it in a made-up room; as long and as loud (RMS) as before, unless that passed full scale."""
    from scipy.signal import fftconvolve

    y = waveform.samples.astype(np.float64)
    if not seconds or not len(y):
        return waveform
    heard = fftconvolve(y, room_response(seconds, waveform.sample_rate, generator))[: len(y)]
    power = float(np.mean(heard**2))
    return _fitted(heard * math.sqrt(np.mean(y**2) / power) if power else heard, waveform.sample_rate)


@dataclass(frozen=True)
class Speed:
    """Play a recording faster or slower: pitch, timbre and rate all move, as from one speaker to another.

    Few speakers become many, with larger and smaller heads; what is said and felt mostly stays.

    Parameters
    ----------
    speeds : one view for each; above 1 is faster and higher.

    References
    ----------
    Ko et al. 2015, Interspeech, section 2.
    """

    speeds: Sequence[float] = (0.88, 1.14)

    def __post_init__(self) -> None:
        object.__setattr__(self, "speeds", tuple(self.speeds))  # a list, where it comes from a file
        if not self.speeds or not all(0.5 <= speed <= 2 for speed in self.speeds):
            raise ParameterError(f"speeds are {self.speeds}; give one or more from 0.5 to 2")

    def view(self, waveform: Waveform, k: int, generator: torch.Generator) -> Waveform:
        """Return the recording at the k-th speed; nothing is random."""
        return speed(waveform, self.speeds[k % len(self.speeds)])


def _fitted(y: np.ndarray, sample_rate: int) -> Waveform:
    """Turn all of it down where any of it is louder than full scale."""
    return Waveform((y / max(1.0, float(np.abs(y).max(initial=0)))).astype(np.float32), sample_rate)


def _require(name: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise ParameterError(f"{name} is {value}; it must lie between {low} and {high} {unit}".rstrip())
