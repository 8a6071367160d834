"""The references of chapter 17 agree with the library and with torch."""

import numpy as np
import pytest
import torch

from mmteach.exercises.chapters.scale.average_gradients import my_average_gradients
from mmteach.exercises.chapters.scale.shard import my_shard
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.train import shard


@pytest.mark.parametrize(("n", "world"), [(12, 3), (13, 3), (2, 5), (1, 1)])
def test_shard_is_the_library_s(n, world):
    order = torch.from_numpy(np.random.default_rng(4).permutation(n))
    for rank in range(world):
        assert my_shard(n, rank, world, 4).tolist() == shard(order, rank, world).tolist()


def test_shard_is_torch_s_sampler_where_nothing_is_left_over():
    from torch.utils.data import DistributedSampler

    for rank in range(3):
        sampler = DistributedSampler(range(12), num_replicas=3, rank=rank, shuffle=True, seed=0)
        order = torch.randperm(12, generator=torch.Generator().manual_seed(0))
        assert list(sampler) == shard(order, rank, 3).tolist()


def test_averaged_gradients_are_those_of_all_samples():
    x, w = torch.randn((9, 4), generator=torch.Generator().manual_seed(0)), torch.ones(4, requires_grad=True)
    parts = x[:5], x[5:8], x[8:], x[9:]
    gradients = [torch.autograd.grad((part @ w).square().mean(), w)[0].numpy() for part in parts]
    whole = torch.autograd.grad((x @ w).square().mean(), w)[0].numpy()
    gradients[3] = np.full(4, np.nan, np.float32)
    np.testing.assert_allclose(my_average_gradients(np.stack(gradients), np.array([5, 3, 1, 0])), whole, rtol=1e-5)


def test_torch_s_sampler_fills_up_and_is_told_so():
    from torch.utils.data import DistributedSampler

    def theirs(n, rank, world, epoch):
        sampler = DistributedSampler(range(n), num_replicas=world, rank=rank, shuffle=True)
        sampler.set_epoch(epoch)
        return list(sampler)

    outcome = judge(find("scale.shard"), theirs)
    assert outcome.status != "passed"
    assert "filled up with the first" in str(outcome)
