"""Compressed weights in bytes: the same numbers come back, and the bytes are as few as is said."""

import numpy as np
import pytest
import torch

from mmteach.errors import ModelFileError
from mmteach.infer.compress import prune, quantise
from mmteach.infer.packed import n_bytes, pack, to_float, unpack


def pruned(share, *shape):
    return prune({"w": torch.randn(*shape, generator=torch.Generator().manual_seed(3))}, share)["w"]


@pytest.mark.parametrize("bits", [2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("shape", [(9, 13), (1, 1), (3, 2, 5)])
def test_what_is_packed_comes_back_bit_for_bit(bits, share, shape):
    made = quantise(pruned(share, *shape), bits)
    again = unpack(pack(made))
    assert torch.equal(again.q, made.q)
    assert torch.equal(again.scale, made.scale)
    assert again.bits == bits
    floats = pruned(share, *shape)
    assert torch.equal(unpack(pack(floats)), floats)
    assert torch.equal(to_float(again), to_float(made))


def test_int8_takes_about_a_quarter():
    w = torch.randn(128, 555)
    assert 4 * w.numel() / n_bytes({"w": quantise(w)}) > 3.9


def test_a_dense_file_does_not_shrink_by_zeros_but_a_sparse_one_does():
    w = pruned(0.5, 100, 80)
    assert w.numpy().nbytes == 4 * 8000
    assert pack(w).n_bytes == 4 * 4000 + 8000 / 8
    whole = quantise(w)
    assert pack(whole).n_bytes == int((whole.q != 0).sum()) + 8000 / 8 + 4 * 100


def test_where_nothing_is_zero_no_map_is_kept():
    assert set(pack(torch.ones(4, 4)).arrays) == {"values"}


def test_four_bits_are_half_a_byte():
    w = torch.full((10, 10), 1.0)
    assert pack(quantise(w, 4)).arrays["values"].nbytes == 50


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bits": 9}, "9 bits"),
        ({"bits": 32}, "parts"),
        ({"shape": (10, 5)}, "map"),
        ({"where": np.zeros(13, np.int8)}, "map"),
        ({"where": np.full(13, 255, np.uint8)}, "values"),
        ({"values": np.zeros(3, np.int8)}, "3"),
        ({"values": np.zeros(50, np.float32)}, "float32"),
        ({"scale": np.ones((10, 2), np.float32)}, "scales"),
        ({"scale": np.ones((10, 1), np.float64)}, "scales"),
        ({"colour": np.ones(1)}, "parts"),
    ],
)
def test_parts_that_do_not_fit_are_a_sentence(change, said):
    packed = pack(quantise(pruned(0.5, 10, 10)))
    arrays = packed.arrays | {k: v for k, v in change.items() if k not in ("bits", "shape")}
    with pytest.raises(ModelFileError, match=said):
        unpack(packed._replace(arrays=arrays, **{k: v for k, v in change.items() if k in ("bits", "shape")}))
