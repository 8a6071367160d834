"""Gated fusion: a gate for every number says which modality to believe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from mmteach.models.fusion.presence import flags, only_present, require_share, require_whole
from mmteach.types import Modality


class GatedFusion(nn.Module):
    """Gated multimodal unit: h = sum_m z_m * tanh(W_m x_m), with gates z_m that sum to 1 over the modalities present.

    The gates look at all modalities at once: z = softmax over m of (W [x_1; x_2; ...])_m, each of the F units by
    itself. With two modalities this is the paper's z * tanh(.) + (1 - z) * tanh(.), z = sigmoid(.).

    Parameters
    ----------
    dims : E of each modality.
    n_classes : unused here.
    dim : F, width of what comes out.
    dropout : share of what comes out that is silenced in training.

    References
    ----------
    Arevalo et al. 2017, ICLR workshop, equations 1-4.
    """

    joins: ClassVar[str] = "embeddings"

    def __init__(self, dims: Mapping[Modality, int], n_classes: int, dim: int = 64, dropout: float = 0.0) -> None:
        super().__init__()
        require_whole("dim", dim, 1, 4096)
        require_share("dropout", dropout)
        self.names = sorted(dims)
        self.dim = dim
        self.project = nn.ModuleList(nn.Linear(dims[m], dim) for m in self.names)
        # One modality has nobody to be weighed against: a gate would be 1 whatever its weights.
        n_gates = len(self.names) * dim
        self.gate = nn.Linear(sum(dims.values()), n_gates) if len(self.names) > 1 else None
        self.dropout = nn.Dropout(dropout)

    def gates(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, M, F): how far each unit believes each modality."""
        here = flags(present, self.names)[..., None]  # (B, M, 1)
        if self.gate is None:
            return here.to(parts[self.names[0]].dtype).expand(-1, -1, self.dim)
        score = self.gate(torch.cat(only_present(parts, present, self.names), dim=1))  # (B, M F)
        score = score.unflatten(1, (len(self.names), self.dim)).masked_fill(~here, -torch.inf)
        somebody = here.any(dim=1, keepdim=True)
        return torch.softmax(score.where(somebody, 0.0), dim=1) * here  # nobody there: all gates 0, no NaN

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, F)."""
        kept = only_present(parts, present, self.names)
        said = torch.stack([torch.tanh(layer(x)) for layer, x in zip(self.project, kept, strict=True)], dim=1)
        return self.dropout((self.gates(parts, present) * said).sum(dim=1))  # (B, M, F) -> (B, F)
