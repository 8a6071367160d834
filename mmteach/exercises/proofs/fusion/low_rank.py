"""fusion.low_rank, written otherwise."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


class _Base(nn.Module):
    def __init__(self, dims, rank, dim):
        super().__init__()
        self.factors = nn.ParameterList([torch.rand(rank, n + 1, dim) for n in dims])
        self.weight = nn.Parameter(torch.full((rank,), 1 / rank))


class _RankByRank(_Base):
    def forward(self, vectors):
        total = 0
        for r, w in enumerate(self.weight):
            product = 1
            for x, factor in zip(vectors, self.factors, strict=True):
                product = product * (x @ factor[r, 1:] + factor[r, 0])
            total = total + w * product
        return total


class _Matmul(_Base):
    def forward(self, vectors):
        said = [F.pad(x, (1, 0), value=1.0) @ f for x, f in zip(vectors, self.factors, strict=True)]  # (R, B, F)
        return (self.weight[:, None, None] * torch.stack(said).prod(0)).sum(0)


class _Hidden(_Base):
    def __init__(self, dims, rank, dim):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.rand(rank))
        self.factors = []
        for n in dims:
            self.factors.append(torch.rand(rank, 1 + n, dim, requires_grad=True))

    def forward(self, vectors):
        return _Matmul.forward(self, vectors)


class _Bare(nn.Module):
    def __init__(self, dims, rank, dim):
        super().__init__()
        self.factors = nn.ParameterList([nn.Parameter(torch.rand(rank, n, dim)) for n in dims])
        self.weight = nn.Parameter(torch.rand(rank))

    def forward(self, vectors):
        total = torch.ones(())
        for x, f in zip(vectors, self.factors, strict=True):
            total = total * (x @ f)
        return torch.tensordot(self.weight, total, dims=1)


class _Padded(_Base):
    def forward(self, vectors):
        total = torch.ones(())
        for x, f in zip(vectors, self.factors, strict=True):
            total = total * (F.pad(x, (0, 1), value=1.0) @ f)
        return torch.tensordot(self.weight, total, dims=1)


class _Plus(_Base):
    def forward(self, vectors):
        total = torch.zeros(())
        for x, f in zip(vectors, self.factors, strict=True):
            total = total + F.pad(x, (1, 0), value=1.0) @ f
        return torch.tensordot(self.weight, total, dims=1)


class _Early(_Base):
    def forward(self, vectors):
        total = torch.ones(())
        for x, f in zip(vectors, self.factors, strict=True):
            total = total * (F.pad(x, (1, 0), value=1.0) @ torch.tensordot(self.weight, f, dims=1))
        return total


class _Even(_Base):
    def forward(self, vectors):
        total = torch.ones(())
        for x, f in zip(vectors, self.factors, strict=True):
            total = total * (F.pad(x, (1, 0), value=1.0) @ f)
        return total.sum(0)


LOW_RANK = Proof(
    right=(_RankByRank, _Matmul),
    variants={
        "a plain list of parameters": _Hidden,
        "no constant 1": _Bare,
        "the 1 behind": _Padded,
        "added instead of multiplied": _Plus,
        "summed over r too early": _Early,
        "weights not used": _Even,
    },
)
