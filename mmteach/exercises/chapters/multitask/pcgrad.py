"""Gradients that pull apart."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_pcgrad(gradients: torch.Tensor) -> torch.Tensor:
    """(T, P), the gradient of each task -> (T, P), each without what points against another."""
    projected = gradients.clone()
    for i in range(len(gradients)):
        for g in gradients:
            inner = projected[i] @ g
            if inner < 0:
                projected[i] -= inner / (g @ g) * g
    return projected


def _step(row: Tensor, g: Tensor, factor: float = 1.0, length: float = 2.0) -> Tensor:
    """Take the part along g from a row; with other values of the two, wrongly."""
    return row - factor * (row @ g) / g.norm() ** length * g


def _where_they_agree(gradients: Tensor) -> Tensor:
    projected = gradients.clone()
    for i in range(len(gradients)):
        for j, g in enumerate(gradients):
            if j != i and projected[i] @ g > 0:
                projected[i] = _step(projected[i], g)
    return projected


def _always(gradients: Tensor) -> Tensor:
    projected = gradients.clone()
    for i in range(len(gradients)):
        for j, g in enumerate(gradients):
            if j != i:
                projected[i] = _step(projected[i], g)
    return projected


def _in_conflict(gradients: Tensor, factor: float = 1.0, length: float = 2.0) -> Tensor:
    projected = gradients.clone()
    for i in range(len(gradients)):
        for j, g in enumerate(gradients):
            if j != i and projected[i] @ g < 0:
                projected[i] = _step(projected[i], g, factor, length)
    return projected


def _norm_not_squared(gradients: Tensor) -> Tensor:
    return _in_conflict(gradients, length=1.0)


def _not_divided(gradients: Tensor) -> Tensor:
    return _in_conflict(gradients, length=0.0)


def _wrong_sign(gradients: Tensor) -> Tensor:
    return _in_conflict(gradients, factor=-1.0)


def _on_projected_ones(gradients: Tensor) -> Tensor:
    projected = gradients.clone()
    for i in range(len(gradients)):
        for j in range(len(gradients)):
            if j != i and projected[i] @ projected[j] < 0:
                projected[i] = _step(projected[i], projected[j])
    return projected


def _all_from_the_first(gradients: Tensor) -> Tensor:
    projected = gradients.clone()
    for i, own in enumerate(gradients):
        for j, g in enumerate(gradients):
            if j != i and own @ g < 0:
                projected[i] -= own @ g / g.square().sum() * g
    return projected


def _own_length(gradients: Tensor) -> Tensor:
    projected = gradients.clone()
    for i, own in enumerate(gradients):
        for j, g in enumerate(gradients):
            inner = projected[i] @ g
            if j != i and inner < 0:
                projected[i] -= inner / own.square().sum() * g
    return projected


def _summed(gradients: Tensor) -> Tensor:
    return _in_conflict(gradients).sum(dim=0)


def _thrown_away(gradients: Tensor) -> Tensor:
    against = (gradients @ gradients.T < 0).any(dim=1, keepdim=True)
    return torch.where(against, torch.zeros_like(gradients), gradients)


def _rows(*rows: list[float]) -> tuple[Tensor]:
    return (torch.tensor(rows),)


def _drawn(rng: np.random.Generator, n: int, size: int) -> tuple[Tensor]:
    """Gradients of different lengths, of which one and two are in conflict, and all of them with some other."""
    g = rng.normal(size=(n, size))
    g[1] -= (g[1] @ g[0] / (g[0] @ g[0]) + 0.6) * g[0]
    if n > 2:
        g[2] -= 0.7 * (g[0] + g[1])
    return (torch.from_numpy((g * rng.uniform(0.4, 2.5, (n, 1))).astype(np.float32)),)


PCGRAD = Exercise(
    id="multitask.pcgrad",
    title="Take out what points against the other",
    minutes=20,
    task="""Two tasks pull at one body. Where their gradients have a negative inner product, a step for one is a step
against the other. PCGrad takes that part out. Write `my_pcgrad(gradients)`: `gradients`, `(T, P)`, holds one row
$g_i$ a task. For each task i begin with its own $g_i$ and go through the others in the order of their rows. Where the
inner product of what is *left of* $g_i$ with $g_j$ is negative, project:

$$g_i \\leftarrow g_i - \\frac{g_i \\cdot g_j}{|g_j|^2}\\, g_j$$

$g_j$ is always the other task's gradient as it came in. Who agrees, or has nothing to do with the other (0), is left
alone. Return `(T, P)`, a row for each task; `gradients` itself stays as it is. (The paper draws the order at random.)

Of (1, 0) and (-1, 1) remain (0.5, 0.5) and (0, 1).""",
    starter='''def my_pcgrad(gradients):
    """(T, P), the gradient of each task -> (T, P), each without what points against another."""
    projected = gradients.clone()
    for i in range(len(gradients)):
        for g in gradients:  # g with itself is never negative
            inner = ...
            if ...:
                projected[i] = ...
    return projected
''',
    hints=(
        "Do the example on paper: draw (1, 0) and (-1, 1), and let the shadow of one fall on the other.",
        "`projected[i] @ g` is the inner product of two rows, `g @ g` the squared length. Only a negative one is "
        "changed.",
        "What is taken away is `inner / (g @ g) * g`: it points along g, and what is left stands at a right angle.",
    ),
    checks=(
        Check(
            "Two in conflict: each loses what points against the other.",
            lambda rng: [_rows([1.0, 0.0], [-1.0, 1.0]), _drawn(rng, 2, 3), _drawn(rng, 2, 5)],
            points=2,
        ),
        Check(
            "Who agrees, or has nothing to do with the other, is left alone.",
            lambda rng: [
                _rows([1.0, 0.5], [0.5, 2.0]),
                _rows([1.0, 0.0], [0.0, 3.0]),
                _rows([0.0, 0.0, 0.0], [1.0, -2.0, 0.5]),
            ],
        ),
        Check(
            "With three tasks one is projected after the other.",
            lambda rng: [
                _drawn(rng, 3, 4),
                _drawn(rng, 3, 6),
                _rows([2.0, 0.0, 1.0], [-1.0, 0.5, 0.0], [-0.5, -1.5, 0.5]),
            ],
            points=2,
        ),
        Check("It holds for more tasks.", lambda rng: [_drawn(rng, 5, 8), _drawn(rng, 4, 20)], held_back=True),
        Check("And for one alone.", lambda rng: [_rows([1.0, -2.0])], held_back=True),
    ),
    mistakes=(
        Mistake(
            "projected where they agree",
            "What points the *same* way is taken out, and the conflict is left in. A positive inner product is good "
            "news: a step for one helps the other.",
            _where_they_agree,
        ),
        Mistake(
            "always projected",
            "Every gradient is projected, those too that agree. Two tasks that want nearly the same then lose nearly "
            "all of it. Ask for the sign of the inner product first.",
            _always,
        ),
        Mistake(
            "norm not squared",
            "The inner product is divided by |g_j|, not by its square. One length makes the inner product a shadow's "
            "length, the other makes g_j a direction of length 1: both are needed.",
            _norm_not_squared,
        ),
        Mistake(
            "not divided at all",
            "Without the division the longer g_j is, the more is taken away, far more than its shadow. Try (2, 0) and "
            "(-1, 1).",
            _not_divided,
        ),
        Mistake(
            "wrong sign",
            "The part that points against g_j is doubled instead of removed: the inner product is negative already, "
            "and minus a negative number adds.",
            _wrong_sign,
        ),
        Mistake(
            "projected on what is projected already",
            "The first row is right; later ones are compared with rows that have been changed, which no longer "
            "conflict, and so they stay as they are. Each task is compared with the *original* gradients.",
            _on_projected_ones,
        ),
        Mistake(
            "all inner products from the first gradient",
            "Two tasks are right. With three, the inner product must be that of what is *left* of g_i: the first "
            "projection may have removed the second conflict, or made it.",
            _all_from_the_first,
        ),
        Mistake(
            "divided by its own length",
            "The projection onto g_j is divided by the squared length of g_i. The shadow falls on g_j, so it is g_j "
            "whose length has to be taken out.",
            _own_length,
        ),
        Mistake(
            "one sum instead of a row a task",
            "That is the step which the body takes in the end. Asked is what remains of each task, (T, P): the sum "
            "comes afterwards.",
            _summed,
        ),
        Mistake(
            "thrown away altogether",
            "Who is in conflict loses the whole gradient, and with it what stands at a right angle to the other, which "
            "nobody objects to. Take out the shadow alone.",
            _thrown_away,
        ),
    ),
    reference=my_pcgrad,
    reading=("mmteach.train.multitask.pcgrad", "Yu et al. 2020, NeurIPS, algorithm 1."),
)
