"""Bottleneck fusion: modalities meet only through a few tokens that all of them may read and write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from mmteach.models.fusion.attention import Attention
from mmteach.models.fusion.presence import flags, require_whole
from mmteach.models.fusion.tokens import Tokenise, Tokens, mean_of_real
from mmteach.types import Modality


class BottleneckFusion(nn.Module):
    """Attention within each modality and the bottleneck's tokens; these become the mean of what all made of them.

    What comes out is the mean of the modalities' streams, over those present.

    Parameters
    ----------
    dims : width of each modality's embedding or step.
    n_classes : unused here.
    dim : D of a token, and F.
    n_bottleneck : B, number of tokens through which modalities meet.
    layers : in each, every modality looks once.
    heads : of attention.
    n_tokens : into so many an embedding is split; an encoder's steps are tokens as they are.
    dropout : in training.
    steps : modalities that come as steps (B, T, S) with a mask; the model fills it in.

    References
    ----------
    Nagrani et al. 2021 (MBT), NeurIPS, equations 7-9; B = 4 there.
    """

    joins: ClassVar[str] = "sequences"

    def __init__(
        self,
        dims: Mapping[Modality, int],
        n_classes: int,
        dim: int = 32,
        n_bottleneck: int = 4,
        layers: int = 2,
        heads: int = 2,
        n_tokens: int = 4,
        dropout: float = 0.1,
        steps: Collection[Modality] = (),
    ) -> None:
        super().__init__()
        require_whole("n_bottleneck", n_bottleneck, 1, 256)
        require_whole("layers", layers, 2, 16)  # what the first writes into the bottleneck, a second must read
        self.tokenise = Tokenise(dims, steps, dim, n_tokens)
        self.names, self.dim = self.tokenise.names, dim
        self.bottleneck = nn.Parameter(0.02 * torch.randn(n_bottleneck, dim))
        self.n_layers = layers
        self.looks = nn.ModuleList(Attention(dim, heads, dropout) for _ in range(layers * len(self.names)))
        self.norm = nn.LayerNorm(dim)

    def streams(
        self,
        parts: Mapping[Modality, Tensor],
        present: Mapping[Modality, Tensor],
        masks: Mapping[Modality, Tensor] | None = None,
        meet: bool = True,
    ) -> list[Tokens]:
        """Tokens of each modality after all layers, in sorted order.

        Parameters
        ----------
        meet : False masks the bottleneck, and no modality learns of another.
        """
        tokens = self.tokenise(parts, present, masks)
        here = flags(present, self.names)
        z = self.bottleneck.expand(len(here), -1, -1)  # (B, n_bottleneck, D)
        open_ = torch.full(z.shape[:2], meet, device=z.device)
        for at in range(self.n_layers):
            seen = [self._look(self._layer(at, i), t, z, open_) for i, t in enumerate(tokens)]
            tokens = [Tokens(x[:, : t.x.shape[1]], t.real) for x, t in zip(seen, tokens, strict=True)]
            made = torch.stack([x[:, -z.shape[1] :] for x in seen], dim=1)  # (B, M, n_bottleneck, D)
            n = here.sum(dim=1).clamp(min=1)[:, None, None]
            z = made.masked_fill(~here[..., None, None], 0.0).sum(dim=1) / n
        return tokens

    def _layer(self, at: int, modality: int) -> nn.Module:
        return self.looks[at * len(self.names) + modality]

    def _look(self, layer: nn.Module, tokens: Tokens, z: Tensor, open_: Tensor) -> Tensor:
        """Attention of one modality's tokens and the bottleneck among each other: (B, N + n_bottleneck, D)."""
        both = torch.cat([tokens.x, z], dim=1)
        return layer(both, both, torch.cat([tokens.real, open_], dim=1))

    def forward(
        self,
        parts: Mapping[Modality, Tensor],
        present: Mapping[Modality, Tensor],
        masks: Mapping[Modality, Tensor] | None = None,
    ) -> Tensor:
        """{m: (B, E_m) or (B, T, S_m)} -> (B, F)."""
        here = flags(present, self.names)
        pooled = torch.stack([mean_of_real(self.norm(t.x), t.real) for t in self.streams(parts, present, masks)], 1)
        return (pooled * here[..., None]).sum(dim=1) / here.sum(dim=1).clamp(min=1)[:, None]
