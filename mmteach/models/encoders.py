"""Encoders: whatever a modality looks like, out comes an embedding of the same kind.

Every encoder is called as `encoder(x, mask)`, (B, ...) -> (B, E), and states its width as `dim`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.models.listener import ListenerEncoder
from mmteach.models.sequences import BagEncoder, ClipCNNEncoder, GRUEncoder, WordEncoder


class MLPEncoder(nn.Module):
    """Vector -> embedding: a perceptron with one hidden layer.

    Parameters
    ----------
    shape : (D,) of one sample.
    dim : E.
    hidden : width of the hidden layer.
    dropout : share of inputs and hidden units that is silenced in training, [0, 1).
    """

    def __init__(self, shape: Sequence[int], dim: int = 128, hidden: int = 256, dropout: float = 0.3) -> None:
        super().__init__()
        self.dim = dim
        self.layers = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(math.prod(shape), hidden, bias=False),  # the normalisation behind it has its own bias
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, dim, bias=False),
            nn.BatchNorm1d(dim),
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, D) -> (B, E)."""
        return self.layers(x.flatten(1))


class CNNEncoder(nn.Module):
    """Picture -> embedding: blocks of convolution, normalisation, ReLU and halving, then one linear layer.

    Parameters
    ----------
    shape : (K, H, W) of one sample; each block halves H and W.
    dim : E.
    channels : of the blocks, first to last.
    dropout : before the linear layer.
    """

    def __init__(
        self, shape: Sequence[int], dim: int = 128, channels: Sequence[int] = (32, 64, 96, 128), dropout: float = 0.2
    ) -> None:
        super().__init__()
        k, height, width = shape
        shrink = 2 ** len(channels)
        if min(height, width) < shrink:
            raise ParameterError(
                f"a picture of {height} x {width} is too small for {len(channels)} halvings: resize it"
            )
        self.dim = dim
        widths = [k, *channels]
        self.blocks = nn.Sequential(*(_block(i, o) for i, o in pairwise(widths)))
        self.project = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(channels[-1] * (height // shrink) * (width // shrink), dim, bias=False),
            nn.BatchNorm1d(dim),
        )
        self.to(memory_format=torch.channels_last)  # the order of axes in memory with which a CPU convolves faster

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, K, H, W) -> (B, E)."""
        return self.project(self.blocks(x.contiguous(memory_format=torch.channels_last)))


def _block(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


ENCODERS = {
    "mlp": MLPEncoder,
    "cnn": CNNEncoder,
    "clip_cnn": ClipCNNEncoder,
    "gru": GRUEncoder,
    "bag": BagEncoder,
    "words": WordEncoder,
    "listener": ListenerEncoder,
}
