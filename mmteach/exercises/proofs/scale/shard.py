"""scale.shard, written otherwise."""

from __future__ import annotations

import random

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _blocks(n, rank, world, epoch):
    order = np.random.default_rng(epoch).permutation(n)
    return np.array_split(order, world)[rank]


def _one_by_one(n, rank, world, epoch):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(epoch)).tolist()
    return [row for place, row in enumerate(order) if place % world == rank]


def _shortened(n, rank, world, epoch):
    order = np.random.default_rng(epoch).permutation(n)
    return order[: n - n % world].reshape(-1, world)[:, rank]


def _from_the_start_again(n, rank, world, epoch):
    order = list(np.random.default_rng(epoch).permutation(n))
    while len(order) % world:
        order.append(order[n - len(order)])
    return order[rank::world]


def _to_the_end_and_one(n, rank, world, epoch):
    order = list(np.random.default_rng(epoch + 1).permutation(n))
    blocks = [int(b) for b in np.linspace(0, n, world + 1)]
    return [order[i] for i in range(n) if blocks[rank] <= i <= blocks[rank + 1]]


def _no_rank(n, rank, world, epoch):
    rows = list(range(n))
    random.Random(epoch).shuffle(rows)
    return rows


def _no_seed(n, rank, world, epoch):
    return torch.randperm(n)[rank::world]


def _step_of_rank(n, rank, world, epoch):
    order = np.random.default_rng(epoch).permutation(n)
    return [order[i] for i in range(world, n, rank)]


def _no_epoch(n, rank, world, epoch):
    return np.array_split(np.arange(n), world)[rank]


def _rest_to_the_last(n, rank, world, epoch):
    order = list(np.random.default_rng(epoch).permutation(n))
    shares = [[order.pop() for _ in range(n // world)] for _ in range(world)]
    shares[-1] += order
    return shares[rank]


SHARD = Proof(
    right=(_blocks, _one_by_one),
    variants={
        "the rest is dropped": _shortened,
        "filled up with the first": _from_the_start_again,
        "blocks that overlap": _to_the_end_and_one,
        "everybody takes everything": _no_rank,
        "each shuffles for itself": _no_seed,
        "rank and world exchanged": _step_of_rank,
        "every epoch the same": _no_epoch,
        "the last takes all the rest": _rest_to_the_last,
    },
)
