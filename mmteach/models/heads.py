"""Heads: from an embedding to a score for every class."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LinearHead(nn.Module):
    """logits = W h + b.

    Parameters
    ----------
    dim : E.
    n_classes : C.
    """

    def __init__(self, dim: int, n_classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(dim, n_classes)

    def forward(self, h: Tensor) -> Tensor:
        """(B, E) -> (B, C)."""
        return self.linear(h)


class CosineHead(nn.Module):
    """logits = s cos(angle between h and the class's direction): only direction counts, not length.

    Embeddings trained so can be compared by their angle, which is what verification does.

    Parameters
    ----------
    dim : E.
    n_classes : C.
    scale : s; the angle alone, in [-1, 1], would leave every class nearly as probable as the next.
    """

    def __init__(self, dim: int, n_classes: int, scale: float = 16.0) -> None:
        super().__init__()
        self.scale = scale
        self.directions = nn.Parameter(torch.randn(n_classes, dim) / dim**0.5)

    def forward(self, h: Tensor) -> Tensor:
        """(B, E) -> (B, C), each in [-s, s]."""
        return self.scale * F.linear(F.normalize(h), F.normalize(self.directions))


HEADS = {"linear": LinearHead, "cosine": CosineHead}
