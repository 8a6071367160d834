"""A small recogniser: log-mel frames in, a score for each symbol in every step out. It never says where words begin."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.errors import ParameterError

STRIDE = 4  # frames to a step


class Recogniser(nn.Module):
    """Log-mel frames -> logits of S symbols in every step, symbol 0 being the blank.

    Two convolutions shorten time by four; further ones, each beside a path round it, look at more of what stands
    before and after.

    Parameters
    ----------
    n_mels : D, bands of a frame.
    n_symbols : S, the blank among them.
    channels : of every convolution.
    depth : convolutions after the first two.
    dropout : share of channels' values that is silenced in training, [0, 1).

    References
    ----------
    Collobert, Puhrsch, Synnaeve 2016, arXiv:1609.03193: speech recognition by convolutions alone.
    """

    def __init__(
        self, n_mels: int = 40, n_symbols: int = 11, channels: int = 64, depth: int = 2, dropout: float = 0.1
    ) -> None:
        super().__init__()
        if n_symbols < 2:
            raise ParameterError(f"n_symbols is {n_symbols}; needs the blank and at least one symbol: give 2 or more")
        strides = [2, 2, *[1] * depth]
        widths = [n_mels, *[channels] * len(strides)]
        self.convolutions = nn.ModuleList(
            nn.Conv1d(widths[i], channels, 5, stride, padding=2, bias=False) for i, stride in enumerate(strides)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(channels) for _ in strides)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(channels, n_symbols)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, D) -> (B, T', S) with T' = ceil(T / 4).

        Parameters
        ----------
        mask : (B, T) bool, True at real frames; with it, a recording's steps are the same whatever is padded.
        """
        h = x.transpose(1, 2)  # (B, D, T)
        n_frames = None if mask is None else mask.sum(dim=1)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            new = self.dropout(F.relu(norm(convolution(_without_padding(h, n_frames)))))
            h, n_frames = (h + new, n_frames) if new.shape == h.shape else (new, _halved(n_frames))
        return self.output(h.transpose(1, 2))


def _without_padding(h: Tensor, n_frames: Tensor | None) -> Tensor:
    """(B, K, T), with 0 behind the real frames."""
    return h if n_frames is None else h * (torch.arange(h.shape[2], device=h.device) < n_frames[:, None])[:, None]


def _halved(n_frames: Tensor | None) -> Tensor | None:
    return None if n_frames is None else torch.div(n_frames + 1, 2, rounding_mode="floor")


def n_steps(n_frames: Tensor) -> Tensor:
    """How many steps a recording has after the convolutions: (B,) -> (B,)."""
    return torch.div(n_frames + STRIDE - 1, STRIDE, rounding_mode="floor")
