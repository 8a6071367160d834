"""Several encoders, one space: what belongs together lies in the same direction, whichever modality it came by."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.models.multimodal import encode_present
from mmteach.types import Batch, Modality

LOG_SCALE_START = 2.6593  # ln(1 / 0.07)
LOG_SCALE_MOST = 4.6052  # ln 100: hotter cosines would make training unstable


class SharedSpace(nn.Module):
    """An encoder and a linear map for each modality, into one space of unit vectors.

    The linear maps are there because encoders differ in width, and because what tells pairs apart need not be all that
    an embedding holds. How far apart two cosines must be to matter is learnt as well: `log_scale`, the log of 1 / T.

    Parameters
    ----------
    encoders : {modality: module (B, ...) -> (B, D_m) with `dim`}.
    dim : E, of the space.

    References
    ----------
    Radford et al. 2021 (CLIP), ICML, section 2.3 and figure 3.
    """

    def __init__(self, encoders: Mapping[Modality, nn.Module], dim: int = 32) -> None:
        super().__init__()
        self.modalities = tuple(sorted(encoders))
        self.dim = dim
        # A module's name may hold no dot, and a modality is an open set: number them in sorted order.
        self.encoders = nn.ModuleList(encoders[m] for m in self.modalities)
        self.maps = nn.ModuleList(nn.Linear(int(e.dim), dim, bias=False) for e in self.encoders)  # type: ignore[arg-type]
        self.log_scale = nn.Parameter(torch.tensor(LOG_SCALE_START))

    @property
    def scale(self) -> float:
        """What cosines are multiplied by: 1 / temperature, at most 100."""
        return float(self.log_scale.detach().clamp(max=LOG_SCALE_MOST).exp())

    def forward(self, batch: Batch) -> dict[Modality, Tensor]:
        """Batch of B -> {modality: (B, E) of unit length}; rows of absent samples are zero."""
        out = {}
        for m, encoder, to_space in zip(self.modalities, self.encoders, self.maps, strict=True):
            if m in batch.x:
                here = batch.present[m]
                encoded = encode_present(encoder, batch.x[m], batch.mask.get(m), here)  # (B, D_m)
                out[m] = F.normalize(to_space(encoded), dim=1) * here[:, None]  # (B, D_m) -> (B, E)
        return out
