"""Early fusion: embeddings side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.models.fusion.presence import flags, only_present, require_share
from mmteach.types import Modality


class ConcatFusion(nn.Module):
    """Put the embeddings side by side, [h_1; h_2; ...], and let a layer mix them.

    The presence flags stand beside the embeddings, so that the layer can tell "absent" from "all zero".

    Parameters
    ----------
    dims : E of each modality.
    n_classes : unused here; every fusion is made with the same arguments.
    dim : F, width of what comes out; 0 mixes nothing and leaves embeddings of unit length side by side, so that
        the cosine of two samples is the mean of their modalities' cosines.
    weights : with dim 0, how much each modality counts in that mean; 1 where it is not named.
    dropout : share of what comes out that is silenced in training.
    """

    joins: ClassVar[str] = "embeddings"

    def __init__(
        self,
        dims: Mapping[Modality, int],
        n_classes: int,
        dim: int = 128,
        weights: Mapping[Modality, float] | None = None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        require_share("dropout", dropout)
        self.names = sorted(dims)
        self.lengths = [float((weights or {}).get(m, 1.0)) ** 0.5 for m in self.names]
        self.dim = dim or sum(dims.values())
        width = sum(dims.values()) + len(dims)
        self.mix = None
        if dim:
            norm = nn.BatchNorm1d(dim)
            self.mix = nn.Sequential(nn.Linear(width, dim, bias=False), norm, nn.ReLU(), nn.Dropout(dropout))

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, F)."""
        kept = only_present(parts, present, self.names)
        if self.mix is None:
            return torch.cat([s * F.normalize(h) for s, h in zip(self.lengths, kept, strict=True)], dim=1)
        return self.mix(torch.cat([*kept, flags(present, self.names).to(kept[0].dtype)], dim=1))
