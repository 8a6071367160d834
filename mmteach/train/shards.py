"""Who computes what: a batch dealt out to several processes, which together must do what one would do alone.

A mean of means is not the mean where the parts are unequal; batch normalisation and dropout look at the whole batch.
Each of these is put right here, so that the number of processes changes how long training takes and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn

from mmteach.batch import take
from mmteach.types import Batch, Modality

T = TypeVar("T")


def shard(order: Tensor, rank: int, world: int) -> Tensor:
    """Deal rows out like cards: process `rank` of `world` gets every world-th, from its own number on.

    Every row goes to one process and to one alone; no two shares differ by more than a row.

    >>> [shard(torch.tensor([7, 5, 3, 1, 9]), rank, 2).tolist() for rank in (0, 1)]
    [[7, 3, 9], [5, 1]]
    """
    return order[rank::world]


class Share:
    """One process's share of each batch.

    All processes draw the same batches from the same seed, change them alike, and each then takes its rows. So they
    agree about everything without a word. What they have to exchange is gradients and sums.

    Parameters
    ----------
    rank : number of this process, 0 to world - 1.
    world : number of processes.

    Attributes
    ----------
    n : samples of the whole batch that is being computed.
    """

    def __init__(self, rank: int = 0, world: int = 1) -> None:
        self.rank, self.world, self.n = rank, world, 0

    @property
    def whole(self) -> bool:
        """Whether everybody computes all of it: there is one process, or too few samples to deal out two to each."""
        return self.world == 1 or self.n < 2 * self.world

    @property
    def rows(self) -> Tensor:
        """Rows of the whole batch that are this process's, (b,) int64."""
        everything = torch.arange(self.n)
        return everything if self.whole else shard(everything, self.rank, self.world)

    def of(self, batch: Batch) -> Batch:
        """Take this process's part of a batch (B, ...)."""
        self.n = len(batch.ids)
        return batch if self.whole else take(batch, self.rows)

    def weigh(
        self, joint: Tensor, own: Mapping[Modality, Tensor], part: Batch, batch: Batch, heads: Collection[Modality]
    ) -> tuple[Tensor, dict[Modality, Tensor]]:
        """Weigh a part's mean losses so that their plain mean over the processes is that of the whole batch.

        The mean over processes is what gradients get. A part of b among B samples therefore counts world * b / B; a
        modality's own loss by how many have the modality, here and in all.

        Parameters
        ----------
        joint, own : mean losses of the part, as from `Objective.parts`.
        heads : modalities with a loss of their own; one that nobody of the part has counts 0.
        """
        if self.whole:
            return joint, dict(own)
        counts = {m: (int(part.present[m].sum()), int(here.sum())) for m, here in batch.present.items() if m in heads}
        weighed = {m: own.get(m, joint.new_zeros(())) * (self.world * b / n) for m, (b, n) in counts.items() if n}
        return joint * (self.world * len(part.ids) / self.n), weighed


class _SumOverAll(torch.autograd.Function):
    """Sum of a tensor over all processes; its gradient is the sum of their gradients."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return sum_over_all(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return sum_over_all(gradients[0])


def sum_over_all(x: Tensor) -> Tensor:
    """Sum of a tensor over all processes; every one of them gets it, and has to ask for it."""
    total = x.detach().clone()
    distributed.all_reduce(total)
    return total


def norm_of_all(norm: nn.Module, share: Share, x: Tensor) -> Tensor:
    """Batch normalisation by mean and variance of the whole batch: the processes add up their sums.

    Sums of squares are taken in float64: their difference would lose digits in float32.

    Parameters
    ----------
    norm : BatchNorm1d or BatchNorm2d; its running statistics are moved.
    x : this process's rows, (b, D) or (b, K, H, W).
    """
    if not norm.training or share.whole:
        return type(norm).forward(norm, x)
    axes, n = [0, *range(2, x.ndim)], share.n * x[0, 0].numel()
    wide = x.double()
    mean, square = _SumOverAll.apply(torch.stack([wide.sum(axes), wide.square().sum(axes)])) / n
    variance = square - mean.square()
    with torch.no_grad():
        for running, now in ((norm.running_mean, mean), (norm.running_var, variance * n / (n - 1))):
            running.lerp_(now.to(running.dtype), norm.momentum)  # type: ignore[operator, arg-type]
        norm.num_batches_tracked.add_(1)  # type: ignore[operator]
    shape = (1, -1, *[1] * (x.ndim - 2))
    scaled = (wide - mean.view(shape)) / (variance.view(shape) + norm.eps).sqrt()
    return scaled.to(x.dtype) * norm.weight.view(shape) + norm.bias.view(shape)  # type: ignore[operator]


def dropout_of_all(dropout: nn.Module, share: Share, x: Tensor) -> Tensor:
    """Dropout that draws for the whole batch and uses this process's rows (b, ...): nobody draws what another drew."""
    if not dropout.training or not dropout.p or share.whole or len(x) != len(share.rows):
        return type(dropout).forward(dropout, x)
    kept = 1 - float(dropout.p)  # type: ignore[arg-type]
    drawn = torch.empty((share.n, *x.shape[1:]), dtype=x.dtype, device=x.device).bernoulli_(kept)
    return x * (drawn[share.rows] / kept)


WHOLE_BATCH: dict[type[nn.Module], Callable[..., Tensor]] = {
    nn.BatchNorm1d: norm_of_all,
    nn.BatchNorm2d: norm_of_all,
    nn.Dropout: dropout_of_all,
}


def look_at_all(model: nn.Module, share: Share, norms: bool = True) -> None:
    """Let the layers that depend on a whole batch see it, until `look_at_own` is called.

    Parameters
    ----------
    norms : whether batch normalisation does. It needs every process to come by as often, so it cannot where a
        modality is missing from all rows of one process and not from another's.
    """
    for module in model.modules():
        instead = WHOLE_BATCH.get(type(module))
        if instead is not None and (norms or instead is not norm_of_all):
            module.forward = partial(instead, module, share)


def look_at_own(model: nn.Module) -> None:
    """Take back what `look_at_all` did."""
    for module in model.modules():
        if type(module) in WHOLE_BATCH:
            vars(module).pop("forward", None)
