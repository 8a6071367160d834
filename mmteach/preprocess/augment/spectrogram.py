"""SpecAugment: cover stretches of time and bands of frequency in a spectrogram, so that no single one is relied on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from mmteach.errors import ParameterError


@dataclass(frozen=True)
class SpecAugment:
    """Cover stretches of time and bands of frequency, in each recording others.

    Parameters
    ----------
    time_masks, time_width : how many stretches, and how many frames each has at most.
    frequency_masks, frequency_width : how many bands, and how many rows each has at most.
    most : share of a recording that one stretch may cover, so that of a short one something is left.

    References
    ----------
    Park et al. 2019, Interspeech, section 2; without time warping, which they found to matter least.
    """

    time_masks: int = 2
    time_width: int = 20
    frequency_masks: int = 2
    frequency_width: int = 8
    most: float = 0.2

    def __post_init__(self) -> None:
        for name in ("time_masks", "time_width", "frequency_masks", "frequency_width"):
            if not 0 <= getattr(self, name) <= 10_000 or getattr(self, name) != int(getattr(self, name)):
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be a whole number from 0 to 10000")
        if not 0 <= self.most <= 1:
            raise ParameterError(f"most is {self.most}; it must lie between 0 and 1")

    def __call__(self, x: Tensor, generator: torch.Generator, mask: Tensor | None = None) -> Tensor:
        """Cover parts of log-mel spectrograms with the mean of the recording they belong to.

        Parameters
        ----------
        x : (B, T, D), D mel bands.
        mask : (B, T) bool, True on real frames; padding is not touched and not counted. None: all are real.
        """
        real = torch.ones(x.shape[:2], dtype=torch.bool) if mask is None else mask
        fill = mean_of(x, real)
        for _ in range(self.time_masks):
            x = mask_time(x, self.time_width, generator, real, self.most, fill)
        for _ in range(self.frequency_masks):
            x = mask_frequency(x, self.frequency_width, generator, real, fill)
        return x


def mask_time(
    x: Tensor,
    width: int,
    generator: torch.Generator,
    mask: Tensor | None = None,
    most: float = 1.0,
    fill: Tensor | None = None,
) -> Tensor:
    """Cover one stretch of each recording: w frames from frame s on, w from 0 to `width`, s from 0 to n - w.

    Parameters
    ----------
    x : (B, T, D).
    mask : (B, T) bool, True on the n real frames, which come first.
    most : w is at most this share of n.
    fill : (B,) what is put there; by default the mean over the recording.
    """
    real = torch.ones(x.shape[:2], dtype=torch.bool) if mask is None else mask
    n = real.sum(dim=1)  # (B,)
    covered = _stretch(n, (most * n).long().clamp(max=width), x.shape[1], generator)  # (B, T)
    return _covered(x, covered[:, :, None] & real[:, :, None], mean_of(x, real) if fill is None else fill)


def mask_frequency(
    x: Tensor, width: int, generator: torch.Generator, mask: Tensor | None = None, fill: Tensor | None = None
) -> Tensor:
    """Cover one band of each recording: as `mask_time` does, along D."""
    real = torch.ones(x.shape[:2], dtype=torch.bool) if mask is None else mask
    n = torch.full((len(x),), x.shape[2])
    covered = _stretch(n, n.clamp(max=width), x.shape[2], generator)  # (B, D)
    return _covered(x, covered[:, None, :] & real[:, :, None], mean_of(x, real) if fill is None else fill)


def mean_of(x: Tensor, mask: Tensor) -> Tensor:
    """Mean over the real frames of each recording: (B, T, D), (B, T) -> (B,)."""
    total = (x.mean(dim=2) * mask).sum(dim=1)
    return total / mask.sum(dim=1).clamp(min=1)


def _stretch(n: Tensor, widest: Tensor, length: int, generator: torch.Generator) -> Tensor:
    """One stretch of at most `widest` (B,) places among the first n (B,) of `length`: (B, length) bool."""
    u = torch.rand(2, len(n), generator=generator)
    width = (u[0] * (widest + 1)).long()  # 0 to widest, both among them
    start = (u[1] * (n - width + 1)).long()
    at = torch.arange(length)
    return (at >= start[:, None]) & (at < (start + width)[:, None])


def _covered(x: Tensor, where: Tensor, fill: Tensor) -> Tensor:
    return torch.where(where, fill[:, None, None].to(x.dtype), x)
