"""Fusions: several modalities become one.

A fusion joins either embeddings or the modalities' own logits, as `joins` says. Names are sorted, so the order in
which modalities are given never matters, and `present` (B,) tells which samples have a modality: what is absent
adds nothing, and nothing is what the sum or mean is taken over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

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
    """

    joins: ClassVar[str] = "embeddings"

    def __init__(
        self,
        dims: Mapping[Modality, int],
        n_classes: int,
        dim: int = 128,
        weights: Mapping[Modality, float] | None = None,
    ) -> None:
        super().__init__()
        self.names = sorted(dims)
        self.lengths = [float((weights or {}).get(m, 1.0)) ** 0.5 for m in self.names]
        self.dim = dim or sum(dims.values())
        width = sum(dims.values()) + len(dims)
        self.mix = nn.Sequential(nn.Linear(width, dim, bias=False), nn.BatchNorm1d(dim), nn.ReLU()) if dim else None

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, F)."""
        flags = torch.stack([present[m] for m in self.names], dim=1).to(parts[self.names[0]].dtype)  # (B, M)
        kept = [parts[m] * flags[:, [i]] for i, m in enumerate(self.names)]
        if self.mix is None:
            return torch.cat([s * F.normalize(h) for s, h in zip(self.lengths, kept, strict=True)], dim=1)
        return self.mix(torch.cat([*kept, flags], dim=1))


class LateFusion(nn.Module):
    """Let every modality vote: the weighted mean of their log-probabilities, normalised again.

    The weights are positive, sum to 1 over the modalities present, and begin equal. With equal weights this is the
    normalised geometric mean of the probabilities.

    Parameters
    ----------
    dims : the modalities by name; only the names are used.
    n_classes : C.
    learn : learn the weights too. On a small training part a modality that is learnt by heart looks as if it were
        always right, and takes most of the weight; equal weights are safer there.
    """

    joins: ClassVar[str] = "logits"

    def __init__(self, dims: Mapping[Modality, int], n_classes: int, learn: bool = True) -> None:
        super().__init__()
        self.names = sorted(dims)
        self.dim = n_classes
        self.weight = nn.Parameter(torch.zeros(len(self.names)), requires_grad=bool(learn))

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, C)} logits -> (B, C) logits."""
        flags = torch.stack([present[m] for m in self.names], dim=1)  # (B, M)
        score = self.weight.expand(len(flags), -1).masked_fill(~flags, -torch.inf)
        share = torch.softmax(score.where(flags.any(dim=1, keepdim=True), 0.0), dim=1)  # nobody there: no NaN
        log_probs = torch.stack([parts[m].log_softmax(dim=1) for m in self.names], dim=1)  # (B, M, C)
        return (share[..., None] * log_probs).sum(dim=1).log_softmax(dim=1)


FUSIONS = {"concat": ConcatFusion, "late": LateFusion}
