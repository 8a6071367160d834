"""What a recording looks like: its waveform, and its spectrogram on an axis that an ear would draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mmteach.features import Framing, log_mel
from mmteach.features.audio import mel_frequencies
from mmteach.types import Waveform
from mmteach.widgets.figure import BLUE, GREY, MAP, Plot, plain

N_COLUMNS = 450  # of a waveform on the page; each shows the lowest and highest of its samples
N_MELS = 64
LOUD = 80.0  # decibels from the darkest to the brightest that is shown
MARKS = (250, 500, 1000, 2000, 4000, 8000, 16_000)  # Hz, on the axis
_SCALE = mel_frequencies(2001, 0, 24_000)


def on_mel_axis(hz: float | Sequence[float]) -> Any:
    """Where a frequency stands on an axis that is even to the ear: 0 at 0 Hz, 1 at 24 kHz."""
    return np.interp(hz, _SCALE, np.linspace(0, 1, len(_SCALE)))


def mark_hertz(ax: Axes, highest: float) -> None:
    """Label a mel axis in Hz, up to `highest`."""
    marks = [hz for hz in MARKS if hz <= highest]
    ax.set_yticks(on_mel_axis(marks), [f"{hz}" if hz < 1000 else f"{hz // 1000}k" for hz in marks])
    ax.set_ylim(0, on_mel_axis(highest))


def spectrogram(voice: Waveform) -> np.ndarray:
    """Log-mel spectrogram with frames of 25 ms every 10 ms at any sample rate: (T, N_MELS) in dB."""
    length = max(2, round(0.025 * voice.sample_rate))
    n_fft = max(512, 1 << (length - 1).bit_length())  # fine enough for the lowest bands
    return log_mel([voice], N_MELS, Framing(length, n_fft, max(1, round(0.01 * voice.sample_rate))))[0]


def envelope(samples: np.ndarray, n: int = N_COLUMNS) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of the samples in each of at most n stretches: what a screen can show of a waveform.

    >>> low, high = envelope(np.array([0.0, 3, -1, 2]), 2)
    >>> low.tolist(), high.tolist()
    ([0.0, -1.0], [3.0, 2.0])
    """
    starts = np.unique(np.linspace(0, len(samples), min(n, len(samples)), endpoint=False).astype(int))
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)


def rms_db(samples: np.ndarray) -> float:
    """Root mean square in decibels below full scale; -inf in silence."""
    power = float(np.mean(samples.astype(np.float64) ** 2))
    return 10 * np.log10(power) if power > 0 else -np.inf


class Pair(Plot):
    """Before and after, side by side: waveforms above, spectrograms below, all on the same axes.

    Every artist stays; `compare` gives new data to those whose recording changed.
    """

    def __init__(self) -> None:
        super().__init__((8.6, 3.8), 2, 2, height_ratios=[1, 1.5], wspace=0.06)
        self._shown: list[Waveform | None] = [None, None]
        self._frames = [np.zeros((1, N_MELS), np.float32)] * 2
        self._limits: tuple[float, ...] = ()
        self._waves, self._pictures = [], []
        for ax, title in zip(self.axes[:2], ("before", "after"), strict=True):
            plain(ax, title).axhline(0, color=GREY, lw=0.5)
            self._waves.append(ax.fill_between([0, 1], [0, 0], color=BLUE, lw=0.6, edgecolor=BLUE))
        for ax in self.axes[2:]:
            plain(ax, x="seconds").set_facecolor("#e6e6e6")  # where the sample rate ends, there is nothing
            ax.locator_params(axis="x", nbins=5)
            look = {"cmap": MAP, "origin": "lower", "aspect": "auto", "interpolation": "nearest"}  # the quickest
            self._pictures.append(ax.imshow(np.zeros((2, 2)), **look))
        self.axes[0].set_ylabel("amplitude", fontsize=9)
        self.axes[2].set_ylabel("frequency (Hz)", fontsize=9)
        for ax in self.axes[:2]:  # ticks take most of the time of a drawing: once for a row, once for a column
            ax.set_xticks([])
        self.axes[1].set_yticks([])
        self._cut = [[_shade(ax, "xx"), _shade(ax, "xx")] for ax in (self.axes[0], self.axes[2])]
        self._added = [_shade(ax, "..") for ax in (self.axes[1], self.axes[3])]

    def compare(self, before: Waveform, after: Waveform, kept: tuple[float, float], sound: float, alt: str) -> None:
        """Draw two recordings.

        Parameters
        ----------
        kept : seconds of `before` from which to which it is still there; the rest is hatched.
        sound : seconds of `after` that are not silence added at its end.
        """
        for i, voice in enumerate((before, after)):
            if self._shown[i] is not voice:
                self._shown[i] = voice
                self._draw(i, voice)
        lengths = [len(v.samples) / v.sample_rate for v in (before, after)]
        for first, last in self._cut:
            _place(first, 0, kept[0])
            _place(last, kept[1], lengths[0])
        for patch in self._added:
            _place(patch, sound, lengths[1])
        loudest = max(float(frames.max()) for frames in self._frames)
        for picture in self._pictures:
            picture.set_clim(loudest - LOUD, loudest)
        peak = max(float(np.abs(v.samples).max(initial=0.05)) for v in (before, after))
        self._share_axes((max(lengths), min(1.0, 1.1 * peak), max(before.sample_rate, after.sample_rate) / 2))
        self.redraw(alt)

    def _draw(self, i: int, voice: Waveform) -> None:
        low, high = envelope(voice.samples)
        seconds = len(voice.samples) / voice.sample_rate
        times = np.linspace(0, seconds, len(low))
        outline = np.concatenate([np.column_stack([times, high]), np.column_stack([times, low])[::-1]])
        self._waves[i].set_verts([outline])
        self._frames[i] = spectrogram(voice)
        self._pictures[i].set_data(self._frames[i].T)
        self._pictures[i].set_extent((0, seconds, 0, on_mel_axis(voice.sample_rate / 2)))

    def _share_axes(self, limits: tuple[float, float, float]) -> None:
        """Give all axes the same seconds, amplitudes and frequencies."""
        seconds, peak, highest = limits
        for ax in self.axes:
            ax.set_xlim(0, seconds)
        for ax in self.axes[:2]:
            ax.set_ylim(-peak, peak)
        if self._limits[2:] != limits[2:]:
            for ax in self.axes[2:]:
                mark_hertz(ax, highest)
            self.axes[3].set_yticks([])
        self._limits = limits


def _shade(ax: Axes, hatch: str) -> Rectangle:
    """A hatched stretch from the bottom of the axes to their top."""
    patch = Rectangle((0, 0), 0, 1, transform=ax.get_xaxis_transform(), hatch=hatch, lw=0)
    patch.set(facecolor=(1, 1, 1, 0.65), edgecolor=GREY, visible=False, zorder=3)
    ax.add_patch(patch)
    return patch


def _place(patch: Rectangle, start: float, end: float) -> None:
    """Move a hatched stretch; one of no length is not seen."""
    patch.set_x(start)
    patch.set_width(max(end - start, 0))
    patch.set_visible(end - start > 1e-3)
