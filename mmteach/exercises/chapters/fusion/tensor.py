"""Every product of a number of one modality with a number of the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_tensor(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """(B, A), (B, D) -> (B, (1 + A)(1 + D)): [1; a] outer [1; b], row by row."""
    one = torch.ones(len(a), 1)
    a1, b1 = torch.cat([one, a], dim=1), torch.cat([one, b], dim=1)
    products = a1[:, :, None] * b1[:, None, :]  # (B, 1 + A, 1 + D)
    return products.flatten(1)


def _no_one(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, :, None] * b[:, None, :]).flatten(1)


def _one_for_a_alone(a: Tensor, b: Tensor) -> Tensor:
    a1 = torch.cat([torch.ones(len(a), 1), a], dim=1)
    return (a1[:, :, None] * b[:, None, :]).flatten(1)


def _one_behind(a: Tensor, b: Tensor) -> Tensor:
    one = torch.ones(len(a), 1)
    a1, b1 = torch.cat([a, one], dim=1), torch.cat([b, one], dim=1)
    return (a1[:, :, None] * b1[:, None, :]).flatten(1)


def _across_samples(a: Tensor, b: Tensor) -> Tensor:
    one = torch.ones(len(a), 1)
    return torch.kron(torch.cat([one, a], dim=1), torch.cat([one, b], dim=1))


def _number_by_number(a: Tensor, b: Tensor) -> Tensor:
    one = torch.ones(len(a), 1)
    return torch.cat([one, a], dim=1) * torch.cat([one, b], dim=1)


def _side_by_side(a: Tensor, b: Tensor) -> Tensor:
    return torch.cat([torch.ones(len(a), 1), a, b], dim=1)


def _table(a: Tensor, b: Tensor) -> Tensor:
    return my_tensor(a, b).view(len(a), a.shape[1] + 1, b.shape[1] + 1)


def _b_first(a: Tensor, b: Tensor) -> Tensor:
    return my_tensor(b, a)


def _alone(answer: Answer, a: Tensor, b: Tensor) -> Any:
    """Pick the columns in which the 1 of one side meets the numbers of the other."""
    out = answer(a, b)
    if not isinstance(out, Tensor) or out.ndim != 2:
        return out
    step = b.shape[1] + 1
    return {"shape": tuple(out.shape), "b itself": out[:, 1:step], "a itself": out[:, step::step]}


def _pair(rng: np.random.Generator, b: int, dim_a: int, dim_b: int, silent: str = "") -> tuple[Tensor, Tensor]:
    """Draw two embeddings; a silent one is all zero."""
    drawn = (torch.from_numpy(rng.normal(size=(b, d)).astype(np.float32)) for d in (dim_a, dim_b))
    x, y = (torch.zeros_like(t) if name == silent else t for name, t in zip("ab", drawn, strict=True))
    return x, y


TENSOR = Exercise(
    id="fusion.tensor",
    title="All products",
    minutes=10,
    task="""Write `my_tensor(a, b)`, the heart of tensor fusion. For each sample put a constant 1 *before* the
numbers of both modalities, and multiply every number of the one with every number of the other:

$$\\begin{bmatrix} 1 \\\\ a \\end{bmatrix} \\otimes \\begin{bmatrix} 1 \\\\ b \\end{bmatrix}$$

`a` is `(B, A)`, `b` is `(B, D)`; what comes out is `(B, (1 + A)(1 + D))`: first all products with the 1 of `a`,
then all with `a`'s first number, and so on. For `a = [2]`, `b = [3, 5]` that is `[1, 3, 5, 2, 6, 10]`.""",
    starter='''def my_tensor(a, b):
    """(B, A), (B, D) -> (B, (1 + A)(1 + D)): [1; a] outer [1; b], row by row."""
    one = torch.ones(len(a), 1)
    a1 = ...  # (B, 1 + A)
    b1 = ...  # (B, 1 + D)
    return ...
''',
    hints=(
        "Do it on paper for `a = [2]`, `b = [3, 5]`: a table with the rows 1 and 2 and the columns 1, 3 and 5.",
        "`torch.cat([one, a], dim=1)` puts the 1 before. Each sample has a table of its own: `(B, 1 + A, 1 + D)`.",
        "`x[:, :, None] * y[:, None, :]` multiplies every number of a row of x with every one of the same row of y; "
        "`.flatten(1)` puts a table's rows behind each other.",
    ),
    checks=(
        Check(
            "It gives every product, in the order agreed.",
            lambda rng: [
                (torch.tensor([[2.0]]), torch.tensor([[3.0, 5.0]])),
                _pair(rng, 3, 2, 4),
                _pair(rng, 2, 3, 3),
                _pair(rng, 4, 1, 1),
            ],
            points=2,
        ),
        Check(
            "Thanks to the 1 it holds `a` and `b` themselves as well.",
            lambda rng: [_pair(rng, 2, 3, 2), _pair(rng, 1, 2, 2)],
            observe=_alone,
        ),
        Check(
            "Where one modality is all zero, the other one still comes through.",
            lambda rng: [_pair(rng, 3, 2, 3, "a"), _pair(rng, 3, 2, 3, "b")],
        ),
        Check(
            "It holds for wider embeddings.", lambda rng: [_pair(rng, 17, 9, 6), _pair(rng, 1, 1, 12)], held_back=True
        ),
    ),
    mistakes=(
        Mistake(
            "no constant 1",
            "These are the products alone. Without the 1 nothing of `a` or `b` itself is left: if the voice is "
            "silent, all zero, the face is gone too. What does 1 times b give?",
            _no_one,
        ),
        Mistake(
            "a 1 on one side only",
            "`a` has its 1, so `b` itself is among the products; but nothing multiplies `a` by 1, and so `a` itself "
            "is missing. Both sides need one.",
            _one_for_a_alone,
        ),
        Mistake(
            "the 1 behind",
            "All products are there, but the 1 stands behind the numbers instead of before them, so they come in "
            "another order than agreed.",
            _one_behind,
        ),
        Mistake(
            "samples are mixed",
            "With one sample it is right; with B it makes B x B rows, since each sample's `a` meets everybody's `b`. "
            "A sample's table has only its own numbers: the first axis stays as it is.",
            _across_samples,
        ),
        Mistake(
            "number by number",
            "`a1 * b1` multiplies the first with the first, the second with the second. Every number must meet every "
            "other: a table, not a row.",
            _number_by_number,
        ),
        Mistake(
            "side by side",
            "That is concat with a 1 in front: nothing is multiplied. A linear layer behind it can weigh a and b, "
            "but cannot see that they contradict each other; products can.",
            _side_by_side,
        ),
        Mistake(
            "a table for each sample",
            "All products are right, but each sample is still a table, (B, 1 + A, 1 + D). The linear layer behind "
            "wants a row of numbers: put the table's rows behind each other.",
            _table,
        ),
        Mistake(
            "b before a",
            "All products are there, but the table is turned: its rows belong to `b`. The rows are `a`'s: the "
            "numbers of `b` change faster.",
            _b_first,
        ),
    ),
    reference=my_tensor,
    reading=("mmteach.models.TensorFusion", "Zadeh, Chen, Poria, Cambria, Morency 2017, EMNLP, section 4.2."),
)
