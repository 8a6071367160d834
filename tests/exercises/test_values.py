"""Two values are the same as far as an answer goes, or they are not."""

import math

import numpy as np
import pytest
import torch

from mmteach.exercises.values import same, show


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (2, 2.0),
        (True, 1),
        (0.7, np.float32(0.7)),
        (np.arange(3), [0, 1, 2]),
        (torch.tensor([1.0, 2.0]), (1, 2)),
        (math.nan, np.nan),
        (math.inf, np.inf),
        ({"a": 1, "b": [2]}, {"b": (2.0,), "a": torch.tensor(1)}),
        ("x", "x"),
        (["x", 1], ("x", 1.0)),
        (np.array(["a", "b"]), np.array(["a", "b"])),
        (torch.tensor(1.5, dtype=torch.bfloat16), 1.5),
        (torch.tensor([1.0], requires_grad=True), [1]),
        (None, None),
        ([], []),
    ],
)
def test_same(a, b):
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1.01),
        (1, "1"),
        (1, None),
        (np.zeros((2, 1)), np.zeros(2)),
        (math.nan, 0),
        (math.inf, -math.inf),
        ({"a": 1}, {"b": 1}),
        ([1, 2], [1, 2, 3]),
        ("x", "y"),
        ([[1], [1, 2]], [[1], [1, 3]]),
        (np.array(["a"]), np.array(["b"])),
    ],
)
def test_not_the_same(a, b):
    assert not same(a, b)
    assert not same(b, a)


def test_a_value_is_one_short_line():
    assert show(np.zeros((200, 300))).startswith("array (200, 300): [[0.")
    assert show(torch.tensor([1.0])) == "tensor (1,): [1.]"
    assert show({"rate": 0.123456789}) == "{rate: 0.123457}"
    for value in ("a\nb" * 500, list(range(1000)), {i: i for i in range(999)}, object()):
        assert len(show(value)) <= 160
        assert "\n" not in show(value)
