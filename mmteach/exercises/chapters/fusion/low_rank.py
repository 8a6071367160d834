"""All products without ever forming them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


class MyLowRank(nn.Module):
    """h = sum_r w_r prod_m F_m^r [1; x_m], the product taken number by number."""

    def __init__(self, dims: list[int], rank: int, dim: int) -> None:
        super().__init__()
        self.factors = nn.ParameterList(nn.Parameter(torch.randn(rank, 1 + n, dim) / n**0.5) for n in dims)
        self.weight = nn.Parameter(torch.ones(rank))

    def forward(self, vectors: list[torch.Tensor]) -> torch.Tensor:
        """M times (B, E_m) -> (B, dim)."""
        product = torch.ones(1)
        for x, factor in zip(vectors, self.factors, strict=True):
            x1 = torch.cat([torch.ones(len(x), 1), x], dim=1)
            product = product * torch.einsum("be,ref->brf", x1, factor)
        return torch.einsum("brf,r->bf", product, self.weight)


def _said(vectors: list[Tensor], factors: Any) -> list[Tensor]:
    """What each modality says, (B, R, F)."""
    ones = [torch.cat([torch.ones(len(x), 1), x], dim=1) for x in vectors]
    return [torch.einsum("be,ref->brf", x, factor) for x, factor in zip(ones, factors, strict=True)]


def _weighed(product: Tensor, weight: Tensor) -> Tensor:
    return (product * weight[:, None]).sum(dim=1)


class _PlainList(MyLowRank):
    def __init__(self, dims: list[int], rank: int, dim: int) -> None:
        super().__init__(dims, rank, dim)
        hidden = [nn.Parameter(torch.randn(rank, 1 + n, dim)) for n in dims]
        del self.factors
        self.factors: Any = hidden


class _NoOne(MyLowRank):
    def __init__(self, dims: list[int], rank: int, dim: int) -> None:
        super().__init__(dims, rank, dim)
        self.factors = nn.ParameterList(torch.randn(rank, n, dim) for n in dims)

    def forward(self, vectors: list[Tensor]) -> Tensor:
        said = [torch.einsum("be,ref->brf", x, f) for x, f in zip(vectors, self.factors, strict=True)]
        return _weighed(torch.stack(said).prod(dim=0), self.weight)


class _OneBehind(MyLowRank):
    def forward(self, vectors: list[Tensor]) -> Tensor:
        moved = [torch.roll(factor, 1, dims=1) for factor in self.factors]
        return _weighed(torch.stack(_said(vectors, moved)).prod(dim=0), self.weight)


class _Summed(MyLowRank):
    def forward(self, vectors: list[Tensor]) -> Tensor:
        return _weighed(torch.stack(_said(vectors, self.factors)).sum(dim=0), self.weight)


class _SummedTooEarly(MyLowRank):
    def forward(self, vectors: list[Tensor]) -> Tensor:
        said = [_weighed(s, self.weight) for s in _said(vectors, self.factors)]
        return torch.stack(said).prod(dim=0)


class _NoWeights(MyLowRank):
    def forward(self, vectors: list[Tensor]) -> Tensor:
        return torch.stack(_said(vectors, self.factors)).prod(dim=0).sum(dim=1)


def _fixed(answer: Answer, dims: list[int], rank: int, dim: int) -> Any:
    """Make one whose numbers are known, even if its factors are hidden from the optimiser."""
    module, drawn = answer(dims, rank, dim), torch.Generator().manual_seed(rank)
    for tensor in (*module.factors, module.weight):
        tensor.data = torch.randn(tensor.shape, generator=drawn)
    return module


def _value(answer: Answer, vectors: list[Tensor], rank: int, dim: int) -> Tensor:
    return _fixed(answer, [x.shape[1] for x in vectors], rank, dim)(vectors)


def _learnt(answer: Answer, vectors: list[Tensor], rank: int, dim: int) -> dict[str, int]:
    """Count what an optimiser would be given, what a saved file would hold, and what no gradient reaches."""
    module = _fixed(answer, [x.shape[1] for x in vectors], rank, dim)
    module(vectors).square().sum().backward()
    learnt = {id(p) for p in module.parameters()}
    return {
        "factors that an optimiser finds": sum(id(factor) in learnt for factor in module.factors),
        "tensors that are saved": len(module.state_dict()),
        "parameters without gradient": sum(p.grad is None or not bool(p.grad.any()) for p in module.parameters()),
    }


def _shapes(answer: Answer, vectors: list[Tensor], rank: int, dim: int) -> list[int]:
    module = answer([x.shape[1] for x in vectors], rank, dim)
    return [n for factor in module.factors for n in factor.shape]


def _drawn(rng: np.random.Generator, b: int, dims: list[int], rank: int, dim: int) -> tuple[list[Tensor], int, int]:
    return [torch.from_numpy(rng.normal(size=(b, n)).astype(np.float32)) for n in dims], rank, dim


LOW_RANK = Exercise(
    id="fusion.low_rank",
    title="Products for little money",
    minutes=25,
    task="""Three embeddings of 128 numbers have two million products. Low-rank fusion never forms them:

$$h = \\sum_{r=1}^{R} w_r \\prod_m F_m^{(r)} [1; x_m]$$

For each modality and each $r$ a factor turns `[1; x_m]` (a constant 1 *before* the numbers) into `dim` numbers;
over the modalities these are multiplied number by number, over $r$ they are summed, weighed by `weight`. Write of
`MyLowRank`

- in `__init__`: `factors`, one parameter of shape `(rank, 1 + n, dim)` for each `n` in `dims`, drawn at random, so
  that an optimiser finds them;
- `forward(vectors)`: a list of M tensors `(B, E_m)`, two or more, in the order of `dims` -> `(B, dim)`.""",
    starter='''class MyLowRank(nn.Module):
    """h = sum_r w_r prod_m F_m^r [1; x_m], the product taken number by number."""

    def __init__(self, dims, rank, dim):
        super().__init__()
        self.factors = ...
        self.weight = nn.Parameter(torch.ones(rank))

    def forward(self, vectors):
        """M times (B, E_m) -> (B, dim)."""
        product = torch.ones(1)
        for x, factor in zip(vectors, self.factors, strict=True):
            product = ...  # (B, rank, dim)
        return ...
''',
    hints=(
        "A module finds parameters that are its attributes, and those inside `nn.ParameterList` or `nn.ModuleList`. "
        "It does not look into lists of Python.",
        'For one modality: `torch.einsum("be,ref->brf", x1, factor)` multiplies `x1`, `(B, 1 + E)`, with each of the '
        "R factors and gives `(B, R, dim)`.",
        "Multiply that into `product`, modality after modality. Only when all are in: weigh along r and sum, "
        '`torch.einsum("brf,r->bf", product, self.weight)`.',
    ),
    checks=(
        Check(
            "It gives the sum over r of the products over modalities.",
            lambda rng: [_drawn(rng, 3, [2, 3], 2, 4), _drawn(rng, 2, [2, 1, 3], 3, 2), _drawn(rng, 1, [2, 2], 1, 3)],
            observe=_value,
            points=2,
        ),
        Check(
            "There is one factor for each modality, of shape (rank, 1 + n, dim).",
            lambda rng: [_drawn(rng, 1, [4, 2, 3], 2, 5), _drawn(rng, 1, [1, 6], 3, 2)],
            observe=_shapes,
        ),
        Check(
            "All factors learn and are saved.",
            lambda rng: [_drawn(rng, 4, [3, 2], 2, 3), _drawn(rng, 3, [2, 2, 2], 3, 2)],
            observe=_learnt,
            points=2,
        ),
        Check(
            "It holds for four modalities and rank 7.",
            lambda rng: [_drawn(rng, 11, [5, 1, 3, 8], 7, 6)],
            observe=_value,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "a plain list of parameters",
            "The numbers come out right, but `factors` is a list of Python, and a module does not look into those: "
            "`parameters()` does not name them, so the optimiser never moves them, and a saved file does not hold "
            "them. Published libraries have had exactly this bug. Torch has a list that a module does look into.",
            _PlainList,
        ),
        Mistake(
            "no constant 1",
            "Only products of all modalities together are left: what one alone says is lost, and where one is all "
            "zero, so is everything. The factors have a row more than there are numbers: it is meant for a constant "
            "1.",
            _NoOne,
        ),
        Mistake(
            "the 1 behind",
            "The 1 stands behind the numbers; agreed was before them. A factor's first row belongs to the 1.",
            _OneBehind,
        ),
        Mistake(
            "added instead of multiplied",
            "Over the modalities it is added. A sum lets each say its own, but none change what another means: "
            "multiply them, number by number.",
            _Summed,
        ),
        Mistake(
            "summed over r too early",
            "Each modality is summed over r before the modalities meet: then however many ranks you take, it is rank "
            "1. Multiply first, within each r, and sum over r at the very end.",
            _SummedTooEarly,
        ),
        Mistake(
            "weights not used",
            "The ranks are summed as they are; `weight` takes no part and gets no gradient. Each r counts by its own "
            "weight.",
            _NoWeights,
        ),
    ),
    reference=MyLowRank,
    reading=("mmteach.models.LowRankFusion", "Liu, Shen, Lakshminarasimhan and others 2018, ACL, equations 6-9."),
    module=lambda cls: (cls([3, 2], 2, 4), ([torch.ones(5, 3), torch.ones(5, 2)],)),
)
