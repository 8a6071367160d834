"""Tensor fusion: every product of one number from each modality; and the same with few factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.models.fusion.presence import only_present, require_share, require_whole
from mmteach.types import Modality

MOST_PRODUCTS = 20_000  # of one sample; a linear layer behind them has that many weights for every output


def with_one(x: Tensor) -> Tensor:
    """(B, E) -> (B, 1 + E): a constant 1 before the numbers."""
    return F.pad(x, (1, 0), value=1.0)


def outer_with_one(vectors: Sequence[Tensor]) -> Tensor:
    """[1; a] outer [1; b] outer ..., flattened: M times (B, E_m) -> (B, (E_1 + 1)(E_2 + 1)...).

    Thanks to the 1 the products hold a and b themselves too, and, with more modalities, every pair.

    >>> outer_with_one([torch.tensor([[2.0]]), torch.tensor([[3.0, 5.0]])])
    tensor([[ 1.,  3.,  5.,  2.,  6., 10.]])
    """
    product = with_one(vectors[0])
    for x in vectors[1:]:
        product = (product[:, :, None] * with_one(x)[:, None, :]).flatten(1)
    return product


class TensorFusion(nn.Module):
    """All products between modalities, [1; x_1] outer [1; x_2] outer ..., then a linear layer.

    Each modality is first made small, since the products multiply: three of 128 numbers would have two million.
    An absent modality is [1; 0]: every product with it is 0, and the products of the others stay.

    Parameters
    ----------
    dims : E of each modality.
    n_classes : unused here.
    size : numbers to which each modality is projected; 0 takes the embeddings as they are.
    dim : F, width of what comes out.
    dropout : share of the products that is silenced in training.

    Raises
    ------
    ParameterError : the products would be more than `MOST_PRODUCTS`.

    References
    ----------
    Zadeh et al. 2017, EMNLP, section 4.2.
    """

    joins: ClassVar[str] = "embeddings"

    def __init__(
        self, dims: Mapping[Modality, int], n_classes: int, size: int = 8, dim: int = 64, dropout: float = 0.0
    ) -> None:
        super().__init__()
        require_whole("size", size, 0, 1024)
        require_whole("dim", dim, 1, 4096)
        require_share("dropout", dropout)
        self.names = sorted(dims)
        self.dim = dim
        self.n_products = 1
        for m in self.names:
            self.n_products *= (size or dims[m]) + 1
        if self.n_products > MOST_PRODUCTS:
            widths = " x ".join(str((size or dims[m]) + 1) for m in self.names)
            raise ParameterError(
                f"tensor fusion of {len(self.names)} modalities would make {widths} = {self.n_products:,} products of "
                f"each sample, at most {MOST_PRODUCTS:,} are allowed: lower size, or take low_rank"
            )
        self.shrink = nn.ModuleList(nn.Linear(dims[m], size) for m in self.names) if size else None
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(self.n_products, dim, bias=False)  # the product of all the ones is its bias

    def products(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, n_products)."""
        kept = only_present(parts, present, self.names)
        if self.shrink is None:
            return outer_with_one(kept)
        small = [torch.tanh(layer(x)) for layer, x in zip(self.shrink, kept, strict=True)]  # bounded, as products too
        return outer_with_one([x * present[m][:, None] for m, x in zip(self.names, small, strict=True)])

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, F)."""
        return self.linear(self.dropout(self.products(parts, present)))


class LowRankFusion(nn.Module):
    """Tensor fusion and its linear layer in one, without ever forming the products.

    h = b + sum_r w_r prod_m F_m^r [1; x_m]: a tensor of weights as a sum of `rank` products of vectors. The cost
    grows with the sum of the modalities' widths, not with their product.

    Parameters
    ----------
    dims : E of each modality.
    n_classes : unused here.
    rank : number of factors of each modality; 1 to 16 are usual.
    dim : F, width of what comes out.
    dropout : share of what comes out that is silenced in training.

    References
    ----------
    Liu et al. 2018, ACL, equations 6-9.
    """

    joins: ClassVar[str] = "embeddings"

    def __init__(
        self, dims: Mapping[Modality, int], n_classes: int, rank: int = 4, dim: int = 64, dropout: float = 0.0
    ) -> None:
        super().__init__()
        require_whole("rank", rank, 1, 1024)
        require_whole("dim", dim, 1, 4096)
        require_share("dropout", dropout)
        self.names = sorted(dims)
        self.dim = dim
        # A plain list would hide them from the optimiser: they would never learn, and nobody would be told.
        self.factors = nn.ParameterList(nn.Parameter(torch.empty(rank, 1 + dims[m], dim)) for m in self.names)
        self.weight = nn.Parameter(torch.full((rank,), rank**-0.5))
        self.bias = nn.Parameter(torch.zeros(dim))
        self.dropout = nn.Dropout(dropout)
        for factor in self.factors:
            nn.init.normal_(factor, std=(factor.shape[1] - 1) ** -0.5)
            nn.init.ones_(factor[:, 0])  # the 1's row: at first a modality scales the others around 1

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, E_m)} -> (B, F)."""
        kept = only_present(parts, present, self.names)
        product = torch.ones(())
        for x, factor in zip(kept, self.factors, strict=True):
            product = product * torch.einsum("be,ref->brf", with_one(x), factor)  # (B, R, F)
        return self.dropout(torch.einsum("brf,r->bf", product, self.weight) + self.bias)
