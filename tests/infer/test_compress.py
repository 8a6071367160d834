"""Quantising and pruning: what is lost at most, what is zero exactly, and what stays as it was."""

import pytest
import torch
from torch import nn

from mmteach.errors import ParameterError
from mmteach.infer.compress import compress, dequantise, output_axes, prune, quantise


def weights(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


class Table(nn.Module):
    """A table and two layers, the way models of the library are made."""

    def __init__(self):
        super().__init__()
        self.table, self.norm = nn.Embedding(30, 4), nn.LayerNorm(4)
        self.layers = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Conv1d(6, 2, 3), nn.Linear(5, 3))

    def forward(self, x):
        return self.layers[1](self.layers[0](self.norm(self.table(x))))


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("axis", [0, 1, None])
@pytest.mark.parametrize("shape", [(7, 5), (1, 9), (3, 2, 4)])
def test_no_weight_moves_by_more_than_half_a_scale(bits, axis, shape):
    w = weights(*shape)
    made = quantise(w, bits, axis)
    assert made.q.dtype == torch.int8
    assert int(made.q.abs().max()) == 2 ** (bits - 1) - 1  # the largest takes the last level
    assert ((dequantise(made) - w).abs() <= made.scale / 2 * (1 + 1e-5)).all()
    assert made.scale.numel() == (1 if axis is None else shape[axis])


def test_every_row_has_the_scale_of_its_own_largest_weight():
    w = weights(4, 6)
    w[2] *= 100
    assert torch.allclose(quantise(w).scale[:, 0], w.abs().amax(dim=1) / 127)
    apart, together = (((dequantise(quantise(w, 8, a)) - w) ** 2).mean(dim=1) for a in (0, None))
    assert (together[[0, 1, 3]] > 100 * apart[[0, 1, 3]]).all()  # one row of giants ruins the others' scale


def test_zero_stays_zero_and_a_row_of_zeros_is_no_division_by_zero():
    made = quantise(torch.tensor([[0.0, 0.0], [0.0, -3.0]]))
    assert dequantise(made).tolist() == [[0.0, 0.0], [0.0, -3.0]]
    assert torch.isfinite(made.scale).all()


@pytest.mark.parametrize(
    ("bits", "w", "said"), [(1, [1.0], "2 to 8"), (9, [1.0], "2 to 8"), (8, [torch.nan], "finite")]
)
def test_what_cannot_be_quantised_is_a_sentence(bits, w, said):
    with pytest.raises(ParameterError, match=said):
        quantise(torch.tensor([w]), bits)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.77])
@pytest.mark.parametrize("per_layer", [True, False])
def test_exactly_so_many_weights_are_zero(share, per_layer):
    given = {"a": weights(10, 10), "b": 5 * weights(20, 5, seed=1)}
    made = prune(given, share, per_layer)
    zeros = {name: int((w == 0).sum()) for name, w in made.items()}
    assert sum(zeros.values()) == round(share * 200)
    if per_layer:
        assert set(zeros.values()) == {round(share * 100)}
    elif share == 0.5:
        assert zeros["a"] > 2 * zeros["b"]  # the smaller weights go first, wherever they are
    for name, w in made.items():
        assert torch.equal(w[w != 0], given[name][w != 0])
        assert not (given[name] == 0).any()  # not in place


def test_the_smallest_magnitudes_go_whatever_their_sign():
    assert prune({"w": torch.tensor([-3.0, 0.5, 2.0, -0.1])}, 0.5)["w"].tolist() == [-3, 0, 2, 0]


def test_of_equal_weights_the_exact_number_goes():
    assert int((prune({"w": torch.ones(4, 5)}, 0.35)["w"] == 0).sum()) == 7


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_share_must_leave_something(share):
    with pytest.raises(ParameterError, match="share is"):
        prune({"w": torch.ones(3)}, share)


def test_tables_have_a_scale_for_each_column_and_biases_are_left_alone():
    assert output_axes(Table()) == {
        "table.weight": 1, "layers.0.weight": 0, "layers.2.weight": 0, "layers.3.weight": 0,
    }  # fmt: skip
    assert output_axes(nn.Linear(3, 2)) == {"weight": 0}


def test_a_compressed_model_is_a_copy_with_the_weights_that_are_left():
    model = Table()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    small, kept = compress(model, 8, share=0.5)
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    state = small.state_dict()
    zeros = sum(int((dequantise(kept[n]) == 0).sum()) for n in kept)
    assert zeros >= round(0.5 * sum(w.q.numel() for w in kept.values()))
    for name, value in state.items():
        assert torch.equal(value, dequantise(kept[name]) if name in kept else before[name])
    assert sum(kept[n].scale.numel() for n in kept) == 4 + 6 + 2 + 3
    assert sum(w.scale.numel() for w in compress(model, per_row=False)[1].values()) == 4


def test_without_bits_pruned_floats_are_left():
    _, kept = compress(Table(), None, 0.25, per_layer=True)
    assert {name: int((w == 0).sum()) for name, w in kept.items()} == {
        "table.weight": 30, "layers.0.weight": 6, "layers.2.weight": 9, "layers.3.weight": 4,
    }  # fmt: skip
