"""Layers that multiply whole numbers."""

import copy

import pytest
import torch
from torch import nn

from mmteach.infer.compress import dequantise, quantise
from mmteach.infer.int8 import Int8Linear, int8_linears, torch_int8


def layer(bias=True):
    torch.manual_seed(0)
    return nn.Linear(40, 6, bias=bias)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(5, 40), (2, 3, 40), (40,)])
def test_it_is_the_layer_of_quantised_weights_and_quantised_inputs(bias, shape):
    linear, x = layer(bias), torch.randn(shape)
    rows, w = quantise(x.reshape(-1, 40)), quantise(linear.weight.detach())
    wanted = dequantise(rows) @ dequantise(w).T + (linear.bias if bias else 0.0)
    got = Int8Linear(linear)(x)
    assert got.shape == (*shape[:-1], 6)
    torch.testing.assert_close(got.view(-1, 6), wanted)
    assert (got - linear(x)).abs().max() < 0.05


def test_a_sample_does_not_depend_on_what_else_is_in_its_batch():
    small, x = Int8Linear(layer()), torch.randn(4, 40)
    loud = x.clone()
    loud[1:] *= 1000
    assert torch.equal(small(x)[0], small(loud)[0])


def test_only_linear_layers_of_a_copy_are_replaced():
    model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Sequential(nn.ReLU(), nn.Linear(5, 2)))
    before = copy.deepcopy(model.state_dict())
    small = int8_linears(model)
    assert [type(m).__name__ for m in small.modules() if not list(m.children())] == [
        "Int8Linear", "BatchNorm1d", "ReLU", "Int8Linear",
    ]  # fmt: skip
    assert not small.training
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    assert small.state_dict()["0.q"].dtype == torch.int8


def test_pytorch_s_own_way_says_nearly_the_same():
    model, x = nn.Sequential(layer(), nn.ReLU(), nn.Linear(6, 3)), torch.randn(8, 40)
    own = torch_int8(model)
    assert "quantized" in type(own[0]).__module__
    assert (own(x) - model(x)).abs().max() < 0.05
    assert not torch.equal(own(x), model(x))
