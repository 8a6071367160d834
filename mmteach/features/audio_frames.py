"""Recordings as frames: many clips on one tape, cut into short overlapping windows in one go.

A recording changes all the time; within 25 ms it hardly does. So every feature of a voice begins with frames. Frame t
is centred at sample t * hop_length, and beyond the ends of a clip there is silence, as in librosa (center=True).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from mmteach.errors import ParameterError
from mmteach.types import Waveform

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Compute: TypeAlias = Callable[[np.ndarray], np.ndarray]
CLIPS = 64  # at most so many clips on one tape
SAMPLES = 4_000_000  # and, from the second clip on, no more samples than this: 16 MB
BLOCK = 1024  # frames that are worked on at once: in smaller blocks, the two threads of `each` wait for each other


@dataclass(frozen=True)
class Framing:
    """How a recording is cut into frames.

    Parameters
    ----------
    frame_length : samples in a frame; 400 are 25 ms at 16 kHz.
    n_fft : length of the Fourier transform, at least frame_length; the rest is filled with zeros.
    hop_length : samples from one frame to the next; 160 are 10 ms.
    """

    frame_length: int = 400
    n_fft: int = 512
    hop_length: int = 160

    def __post_init__(self) -> None:
        lengths = (self.frame_length, self.n_fft, self.hop_length)
        if not all(n == int(n) and 1 <= n <= 65_536 for n in lengths) or self.frame_length > self.n_fft:
            raise ParameterError(
                f"frame_length is {self.frame_length}, n_fft {self.n_fft}, hop_length {self.hop_length}; they need to "
                "be whole numbers from 1 to 65536, and n_fft at least frame_length: raise n_fft"
            )


SPEECH = Framing()  # 25 ms every 10 ms at 16 kHz: what most work on speech uses


@dataclass(frozen=True)
class Tape:
    """Clips of one sample rate end to end, with silence between, so that no frame holds two of them.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), float32]
    sample_rate : Hz
    hop_length : samples
    margin : silent samples before the first clip: half the longest frame that may be cut.
    starts, counts, lengths : for each clip its first frame, how many frames it has, and how many samples.
    """

    samples: np.ndarray
    sample_rate: int
    hop_length: int
    margin: int
    starts: tuple[int, ...]
    counts: tuple[int, ...]
    lengths: tuple[int, ...]

    @property
    def n_frames(self) -> int:
        """Frames of all clips and of the silence between."""
        return self.starts[-1] + self.counts[-1]

    def frames(self, length: int, before: int | None = None) -> np.ndarray:
        """Cut frames: a view [shape=(n_frames, length)], no copy.

        Parameters
        ----------
        before : samples of a frame that lie ahead of its centre; half of them where nothing is said.
        """
        first = self.margin - (length // 2 if before is None else before)
        windows = np.lib.stride_tricks.sliding_window_view(self.samples[first:], length)
        return windows[:: self.hop_length][: self.n_frames]

    def blocks(self, length: int, before: int | None = None) -> Iterator[tuple[slice, np.ndarray]]:
        """Walk over the frames, a block at a time: (rows, frames [shape=(b, length)])."""
        frames = self.frames(length, before)
        for i in range(0, self.n_frames, BLOCK):
            yield slice(i, i + BLOCK), frames[i : i + BLOCK]

    def each(self, compute: Compute, n_columns: int, length: int, before: int | None = None) -> np.ndarray:
        """Compute numbers from frames, block by block, on two cores where there are two.

        Parameters
        ----------
        compute : (b, length) -> (b, n_columns); numpy and scipy let the other thread run while they work.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_columns), float32]
        """
        out = np.empty((self.n_frames, n_columns), np.float32)

        def one(block: tuple[slice, np.ndarray]) -> None:
            out[block[0]] = compute(block[1])

        blocks = list(self.blocks(length, before))
        if len(blocks) == 1:
            one(blocks[0])
            return out
        # Matrix products bring threads of their own, which would only get in the way of these two.
        with _libraries().limit(limits=1, user_api="blas"), ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            list(pool.map(one, blocks))
        return out

    def split(self, values: np.ndarray) -> list[np.ndarray]:
        """(n_frames, ...) -> one (T, ...) for each clip, without the silence between."""
        return [values[start : start + n].copy() for start, n in zip(self.starts, self.counts, strict=True)]


@functools.cache
def _libraries() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def lay(clips: Sequence[Waveform], hop_length: int = 160, longest: int = 512) -> Tape:
    """Lay clips on one tape.

    Parameters
    ----------
    clips : of one sample rate.
    longest : samples of the longest frame that will be cut from it.
    """
    rates = sorted({clip.sample_rate for clip in clips})
    if len(rates) != 1:
        raise ParameterError(f"the recordings have {len(rates)} sample rates, {rates[:3]} Hz: put Resample before this")
    margin = longest // 2 + 1
    lengths = tuple(len(clip.samples) for clip in clips)
    counts = tuple(1 + n // hop_length for n in lengths)
    gap = -(-margin // hop_length)  # frames of silence, rounded up
    starts = np.concatenate([[0], np.cumsum([n + gap for n in counts[:-1]])]).astype(int)
    tape = np.zeros(2 * longest + 2 + hop_length * int(starts[-1] + counts[-1]), np.float32)
    for start, clip in zip(starts, clips, strict=True):
        first = margin + hop_length * int(start)
        tape[first : first + len(clip.samples)] = clip.samples
    return Tape(tape, rates[0], hop_length, margin, tuple(starts.tolist()), counts, lengths)


def tapes(clips: Iterable[Waveform], hop_length: int = 160, longest: int = 512) -> Iterator[Tape]:
    """Lay many clips on as many tapes as needed: memory is bounded by one tape, not by the number of clips."""
    waiting: list[Waveform] = []
    n_samples = 0
    for clip in clips:
        if waiting and (len(waiting) == CLIPS or n_samples + len(clip.samples) > SAMPLES):
            yield lay(waiting, hop_length, longest)
            waiting, n_samples = [], 0
        waiting.append(clip)
        n_samples += len(clip.samples)
    if waiting:
        yield lay(waiting, hop_length, longest)


def each_spectrum(tape: Tape, framing: Framing, compute: Compute, n_columns: int) -> np.ndarray:
    """Compute numbers from how much of each frequency a frame holds: |Fourier transform|^2 under a Hann window.

    Parameters
    ----------
    compute : power (b, n_fft // 2 + 1) -> (b, n_columns).

    Returns
    -------
    np.ndarray [shape=(n_frames, n_columns), float32]
    """
    from scipy.fft import rfft

    length = framing.frame_length
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)
    before = framing.n_fft // 2 - (framing.n_fft - length) // 2  # the window lies in the middle of n_fft samples

    def of_frames(frames: np.ndarray) -> np.ndarray:
        spectrum = rfft(frames * hann, n=framing.n_fft, axis=1)
        return compute(spectrum.real**2 + spectrum.imag**2)

    return tape.each(of_frames, n_columns, length, before)
