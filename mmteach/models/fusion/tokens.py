"""Whatever an encoder gives, as tokens of one width: what attention looks at."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.models.fusion.presence import only_present, require_whole
from mmteach.types import Modality


class Tokens(NamedTuple):
    """x (B, N, D); real (B, N) bool, False at padding and everywhere in a sample that lacks the modality."""

    x: Tensor
    real: Tensor


class Tokenise(nn.Module):
    """Steps (B, T, S) become T tokens; an embedding (B, E) becomes `n_tokens`, by a learnt projection.

    Steps also get their place in time, as sines (Vaswani et al. 2017, section 3.5); the tokens of an embedding are
    told apart by the projection.

    Parameters
    ----------
    dims : width of each modality's embedding or step.
    steps : the modalities that come as steps; the others come as embeddings.
    dim : D, even.
    n_tokens : N of an embedding; with a single one there would be nothing to attend to.
    """

    def __init__(self, dims: Mapping[Modality, int], steps: Collection[Modality], dim: int, n_tokens: int) -> None:
        super().__init__()
        require_whole("dim", dim, 2, 4096)
        require_whole("n_tokens", n_tokens, 2, 256)
        unknown = sorted(set(steps) - set(dims))
        if unknown or dim % 2:
            raise ParameterError(
                f"steps are told of {unknown}, which has no width in dims: name the modalities alike"
                if unknown
                else f"dim is {dim}; tokens need an even width, half sine and half cosine: add one"
            )
        self.names, self.steps, self.dim, self.n_tokens = sorted(dims), frozenset(steps), dim, n_tokens
        self.project = nn.ModuleList(nn.Linear(dims[m], dim if m in self.steps else n_tokens * dim) for m in self.names)

    def forward(
        self,
        parts: Mapping[Modality, Tensor],
        present: Mapping[Modality, Tensor],
        masks: Mapping[Modality, Tensor] | None = None,
    ) -> list[Tokens]:
        """{m: (B, E_m) or (B, T, S_m)} -> tokens of each modality, in sorted order; padding is zero."""
        kept = only_present(parts, present, self.names)
        return [
            self._one(m, x, layer, present[m], (masks or {}).get(m))
            for m, x, layer in zip(self.names, kept, self.project, strict=True)
        ]

    def _one(self, m: Modality, x: Tensor, layer: nn.Module, here: Tensor, mask: Tensor | None) -> Tokens:
        wanted = 3 if m in self.steps else 2
        if x.ndim != wanted:
            raise ParameterError(
                f"{m} came as {tuple(x.shape)}; this fusion was made for "
                f"{'steps (B, T, S)' if wanted == 3 else 'an embedding (B, E)'} of it: say so in `steps`"
            )
        if wanted == 2:
            return Tokens(layer(x).unflatten(1, (self.n_tokens, self.dim)), here[:, None].expand(-1, self.n_tokens))
        real = here[:, None] & (torch.ones_like(x[..., 0], dtype=torch.bool) if mask is None else mask)
        tokens = layer(x.masked_fill(~real[..., None], 0.0)) + sines(x.shape[1], self.dim).to(x.dtype)
        return Tokens(tokens * real[..., None], real)


def sines(n: int, dim: int) -> Tensor:
    """Places 0 to n - 1 as (n, dim): sines and cosines of wavelengths from 2 pi to 20,000 pi."""
    rate = torch.exp(torch.arange(dim // 2) * (-2 * math.log(10_000) / dim))
    angle = torch.arange(n)[:, None] * rate
    return torch.cat([angle.sin(), angle.cos()], dim=1)


def mean_of_real(x: Tensor, real: Tensor) -> Tensor:
    """Mean over the real tokens, (B, N, D) -> (B, D); 0 where there are none."""
    n = real.sum(dim=1, keepdim=True).clamp(min=1)
    return x.masked_fill(~real[..., None], 0.0).sum(dim=1) / n
