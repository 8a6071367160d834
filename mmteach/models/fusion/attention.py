"""Cross-modal attention: the tokens of one modality look for what they need in those of another."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.models.fusion.presence import require_share, require_whole
from mmteach.models.fusion.tokens import Tokenise, Tokens, mean_of_real
from mmteach.types import Modality


def attend(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """softmax(Q K^T / sqrt(d)) V over the real keys.

    Parameters
    ----------
    q : (..., N, d), k : (..., L, d), v : (..., L, e).
    real : (..., L) bool. A sample without a real key gets 0, not a NaN.

    Returns
    -------
    what was found (..., N, e), and the weights (..., N, L), which sum to 1 over the real keys.

    References
    ----------
    Vaswani et al. 2017, NeurIPS, equation 1.
    """
    score = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # without the root, long vectors make one weight 1
    real = real[..., None, :]
    score = score.masked_fill(~real, -torch.inf)
    weights = torch.softmax(score.where(real.any(dim=-1, keepdim=True), 0.0), dim=-1) * real
    return weights @ v, weights


class Attention(nn.Module):
    """Tokens that ask, tokens that answer; then each token thinks by itself. Both parts add to what was there.

    Parameters
    ----------
    dim : D of all tokens.
    heads : so many questions each token asks, each over D / heads numbers.
    dropout : share of what is added that is silenced in training.
    """

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        require_whole("heads", heads, 1, 64)
        require_share("dropout", dropout)
        if dim % heads:
            raise ParameterError(f"dim {dim} cannot be shared among {heads} heads: take a multiple of {heads}")
        self.heads = heads
        self.before, self.before_keys, self.between = nn.LayerNorm(dim), nn.LayerNorm(dim), nn.LayerNorm(dim)
        # A constant added to all keys would change no weight: queries and keys have no bias.
        self.q, self.k = nn.Linear(dim, dim, bias=False), nn.Linear(dim, dim, bias=False)
        self.v, self.out = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.think = nn.Sequential(nn.Linear(dim, 2 * dim), nn.ReLU(), nn.Dropout(dropout), nn.Linear(2 * dim, dim))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, keys: Tensor, real: Tensor) -> Tensor:
        """Tokens (B, N, D) that ask, (B, L, D) that answer, and which of these are real -> (B, N, D)."""
        answers = self.before_keys(keys)
        parts = self.q(self.before(x)), self.k(answers), self.v(answers)
        q, k, v = (t.unflatten(2, (self.heads, -1)).transpose(1, 2) for t in parts)  # (B, heads, N, D / heads)
        found, _ = attend(q, k, v, real[:, None])
        somebody = real.any(dim=1)[:, None, None]  # or the bias of `out` would speak for nobody
        x = x + self.dropout(self.out(found.transpose(1, 2).flatten(2))) * somebody
        return x + self.dropout(self.think(self.between(x)))


class AttentionFusion(nn.Module):
    """Each modality asks each other one; what it is then, averaged over its tokens, stands side by side.

    Parameters
    ----------
    dims : width of each modality's embedding or step.
    n_classes : unused here.
    dim : D of a token; what comes out has F = M D numbers.
    heads : of attention.
    n_tokens : into so many an embedding is split; an encoder's steps are tokens as they are.
    dropout : in training.
    steps : modalities that come as steps (B, T, S) with a mask; the model fills it in.

    References
    ----------
    Tsai et al. 2019 (MulT), ACL, section 3.1; one layer instead of several, no second stage of self-attention.
    """

    joins: ClassVar[str] = "sequences"

    def __init__(
        self,
        dims: Mapping[Modality, int],
        n_classes: int,
        dim: int = 32,
        heads: int = 2,
        n_tokens: int = 4,
        dropout: float = 0.1,
        steps: Collection[Modality] = (),
    ) -> None:
        super().__init__()
        self.tokenise = Tokenise(dims, steps, dim, n_tokens)
        self.names = self.tokenise.names
        self.dim = dim * len(self.names)
        self.pairs = [(a, b) for a in range(len(self.names)) for b in range(len(self.names)) if a != b]
        self.cross = nn.ModuleList(Attention(dim, heads, dropout) for _ in self.pairs)
        self.norm = nn.LayerNorm(dim)

    def forward(
        self,
        parts: Mapping[Modality, Tensor],
        present: Mapping[Modality, Tensor],
        masks: Mapping[Modality, Tensor] | None = None,
    ) -> Tensor:
        """{m: (B, E_m) or (B, T, S_m)} -> (B, F)."""
        tokens = self.tokenise(parts, present, masks)
        pooled = [mean_of_real(self.norm(self._enrich(a, tokens)), t.real) for a, t in enumerate(tokens)]
        return torch.cat(pooled, dim=1)

    def _enrich(self, a: int, tokens: list[Tokens]) -> Tensor:
        """Tokens of modality a plus the mean of what they found in each other modality that is there."""
        x, gain, n = tokens[a].x, torch.zeros_like(tokens[a].x), torch.zeros_like(tokens[a].x[:, :1, :1])
        for (asking, asked), layer in zip(self.pairs, self.cross, strict=True):
            if asking == a:
                other = tokens[asked]
                somebody = other.real.any(dim=1)[:, None, None]
                gain = gain + (layer(x, other.x, other.real) - x) * somebody
                n = n + somebody
        return x + gain / n.clamp(min=1)
