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

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) -> (B, T', S) with T' = ceil(T / 4)."""
        h = x.transpose(1, 2)  # (B, D, T)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            new = self.dropout(F.relu(norm(convolution(h))))
            h = h + new if new.shape == h.shape else new
        return self.output(h.transpose(1, 2))


def n_steps(n_frames: Tensor) -> Tensor:
    """How many steps a recording has after the convolutions: (B,) -> (B,)."""
    return torch.div(n_frames + STRIDE - 1, STRIDE, rounding_mode="floor")
