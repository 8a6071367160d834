"""The references of chapter 14 agree with the library and with PyTorch; slips that tests once missed are told."""

import numpy as np
import pytest
import torch

from mmteach.exercises.chapters.optimise.int8 import my_int8
from mmteach.exercises.chapters.optimise.prune import my_prune
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find
from mmteach.infer import prune, quantise


def weights(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("shape", [(4, 7), (1, 3), (30, 20)])
def test_int8_is_the_librarys_where_nothing_is_cut(shape):
    w = weights(*shape)
    w[0] = 0
    q, scale = my_int8(w, 1e9)
    made = quantise(torch.from_numpy(w))
    np.testing.assert_array_equal(q, made.q.numpy())
    np.testing.assert_allclose(scale, made.scale.numpy()[:, 0], rtol=1e-6)


def test_int8_is_pytorchs_own_with_the_same_scales():
    w = weights(5, 9, seed=1)
    q, scale = my_int8(w, 1.0)
    own = torch.fake_quantize_per_channel_affine(
        torch.from_numpy(w), torch.from_numpy(scale).float(), torch.zeros(5, dtype=torch.int32), 0, -127, 127
    )
    np.testing.assert_allclose(q * scale[:, None], own.numpy(), atol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.31, 0.5, 0.9])
def test_prune_is_the_librarys(share):
    layers = [weights(6, 5), 3 * weights(4, 4, seed=2), weights(1, 8, seed=3)]
    own = prune({str(i): torch.from_numpy(w) for i, w in enumerate(layers)}, share)
    for mine, theirs in zip(my_prune(layers, share), own.values(), strict=True):
        np.testing.assert_array_equal(mine, theirs.numpy())


def test_prune_is_pytorchs_where_no_two_are_equal():
    from torch.nn.utils.prune import L1Unstructured

    w = weights(9, 9)
    mask = L1Unstructured(40).compute_mask(torch.from_numpy(w), torch.ones(9, 9))
    np.testing.assert_array_equal(my_prune([w], 40 / 81)[0], w * mask.numpy())


def test_changing_the_layers_in_place_is_told():
    def my_answer(layers, share):
        new = my_prune(layers, share)
        for w, n in zip(layers, new, strict=True):
            w[...] = n
        return layers

    outcome = judge(find("optimise.prune"), my_answer)
    assert outcome.status is not Status.PASSED
    assert "chang" in outcome.sentence.lower()


def test_sixteen_bits_are_not_one_byte():
    def my_answer(w, limit):
        q, scale = my_int8(w, limit)
        return q.astype(np.int16), scale

    outcome = judge(find("optimise.int8"), my_answer)
    assert [v.proves for v in outcome.verdicts if not v.passed] == ["The whole numbers take one byte each."]
