"""A loss that looks where it is hard."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_focal(logits: torch.Tensor, y: torch.Tensor, gamma: float) -> torch.Tensor:
    """(B, C) logits, (B,) class indices -> one number, the mean of (1 - p)^gamma times -log p of the true class."""
    log_p = logits.log_softmax(dim=1)[torch.arange(len(y)), y]
    return ((1 - log_p.exp()) ** gamma * -log_p).mean()


def _of_true(logits: Tensor, y: Tensor) -> Tensor:
    return F.log_softmax(logits, dim=1).gather(1, y[:, None])[:, 0]


def _p_not_one_minus_p(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    log_p = _of_true(logits, y)
    return (log_p.exp() ** gamma * -log_p).mean()


def _likeliest(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    p = logits.softmax(dim=1).amax(dim=1)
    return ((1 - p) ** gamma * -_of_true(logits, y)).mean()


def _sum(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    return len(y) * my_focal(logits, y, gamma)


def _negative(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    return -my_focal(logits, y, gamma)


def _log_of_zero(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    p = logits.softmax(dim=1)[torch.arange(len(y)), y]
    return ((1 - p) ** gamma * -p.log()).mean()


def _constant_factor(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    log_p = _of_true(logits, y)
    return ((1 - log_p.exp().detach()) ** gamma * -log_p).mean()


def _over_samples(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    log_p = logits.log_softmax(dim=0)[torch.arange(len(y)), y]
    return ((1 - log_p.exp()) ** gamma * -log_p).mean()


def _everybodys_class(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    log_p = logits.log_softmax(dim=1)[:, y]
    return ((1 - log_p.exp()) ** gamma * -log_p).mean()


def _factor_of_the_mean(logits: Tensor, y: Tensor, gamma: float) -> Tensor:
    loss = F.cross_entropy(logits, y)
    return (1 - torch.exp(-loss)) ** gamma * loss


def _gradient(answer: Answer, logits: Tensor, y: Tensor, gamma: float) -> Any:
    """What an optimiser is told."""
    z = logits.clone().requires_grad_()
    loss = answer(z, y, gamma)
    if not isinstance(loss, Tensor):
        return loss
    if not loss.requires_grad:
        return "none: the loss is no longer connected with the logits"
    return torch.autograd.grad(loss, z)[0]


def _drawn(rng: np.random.Generator, b: int, n_classes: int, gamma: float) -> tuple[Tensor, Tensor, float]:
    logits = torch.from_numpy(rng.normal(scale=2, size=(b, n_classes)).astype(np.float32))
    return logits, torch.from_numpy(rng.integers(0, n_classes, b)), gamma


def _sure(gamma: float, *rows: tuple[list[float], int]) -> tuple[Tensor, Tensor, float]:
    return torch.tensor([logits for logits, _ in rows]), torch.tensor([y for _, y in rows]), gamma


FOCAL = Exercise(
    id="imbalance.focal",
    title="Look where it is hard",
    minutes=15,
    task="""Thousands of easy samples, each with a small loss, outweigh a few hard ones. Focal loss turns the easy
ones down. Write `my_focal(logits, y, gamma)`: with $p$ the probability of a sample's *true* class, the loss of a
sample is

$$(1 - p)^\\gamma \\cdot (-\\log p)$$

and the loss of a batch is the mean over its samples, one number, through which gradients can flow. `logits` is `(B,
C)`, `y` `(B,)`, class indices. A model may be very sure and very wrong (logits of 200 for another class): then the
loss is large, but still a number.""",
    starter='''def my_focal(logits, y, gamma):
    """(B, C) logits, (B,) class indices -> one number, the mean of (1 - p)^gamma times -log p of the true class."""
    log_p = ...  # (B,), log-probability of the true class
    return ...
''',
    hints=(
        "Try it by hand: p = 0.9 and gamma = 2 give 0.1 * 0.1 * 0.105, a hundredth of the cross-entropy.",
        "`logits.log_softmax(dim=1)` are the log-probabilities of all classes. `x[torch.arange(len(y)), y]` takes "
        "from each row the entry of its true class.",
        "p itself is `log_p.exp()`. First factor times second, for each sample; the mean comes last.",
    ),
    checks=(
        Check(
            "It is the mean of (1 - p)^gamma times the cross-entropy.",
            lambda rng: [
                (torch.tensor([[0.9, 0.1]]).log(), torch.tensor([0]), 2.0),
                _drawn(rng, 5, 3, 2.0),
                _drawn(rng, 3, 4, 0.5),
                _drawn(rng, 2, 2, 5.0),
            ],
            points=2,
        ),
        Check("With gamma 0 it is plain cross-entropy.", lambda rng: [_drawn(rng, 4, 3, 0.0), _drawn(rng, 1, 5, 0.0)]),
        Check(
            "Its gradient is right, too.",
            lambda rng: [_drawn(rng, 4, 3, 2.0), _drawn(rng, 2, 4, 1.0)],
            observe=_gradient,
        ),
        Check(
            "Very sure and very wrong is a large number, not infinity.",
            lambda rng: [_sure(2.0, ([200.0, 0.0], 1)), _sure(1.0, ([0.0, -150.0, 2.0], 1))],
        ),
        Check(
            "It holds for large batches and many classes.",
            lambda rng: [_drawn(rng, 64, 17, 1.5), _drawn(rng, 1, 2, 3.0), _sure(0.5, ([0.0, 400.0], 0))],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "p instead of 1 - p",
            "The factor is p to the power gamma: it is large where the model is right already, and turns down just "
            "what is hard. Which number is small when p is near 1?",
            _p_not_one_minus_p,
        ),
        Mistake(
            "the likeliest class",
            "The factor looks at the class that the model thinks likeliest. If it is sure of the wrong one, that "
            "sample, the hardest of all, is turned down. Ask how likely the *true* class was.",
            _likeliest,
        ),
        Mistake(
            "sum instead of mean",
            "The losses are summed. With twice the batch each step would be twice as large: take the mean.",
            _sum,
        ),
        Mistake(
            "sign forgotten",
            "The loss is negative: log p is below 0. Making it small would make p small, and the model would learn "
            "to be wrong.",
            _negative,
        ),
        Mistake(
            "logarithm of 0",
            "Right, until a model is very sure and very wrong: then p is rounded to 0, and its logarithm is "
            "infinite. Ask for the logarithm of the softmax in one go, which never forms the tiny p.",
            _log_of_zero,
        ),
        Mistake(
            "a factor without gradient",
            "The number is right, but the gradient is not: the factor (1 - p)^gamma is cut off from the logits, as "
            "`detach`, `item`, `no_grad` or numpy do. It depends on p, and p on the logits.",
            _constant_factor,
        ),
        Mistake(
            "softmax over the wrong axis",
            "The softmax runs along the samples of the batch, so p says how this sample compares with the others. "
            "The classes compete with each other: take the other axis.",
            _over_samples,
        ),
        Mistake(
            "everybody's classes",
            "`[:, y]` takes from each row the columns of *all* true classes, its own and everybody else's: a table "
            "(B, B), of which the diagonal was wanted. Each row needs its own number: row 0 with `y[0]`, row 1 with "
            "`y[1]`.",
            _everybodys_class,
        ),
        Mistake(
            "the factor of the mean",
            "First the mean, then the factor: then all samples of the batch are turned down alike. The factor "
            "belongs to each sample; the mean comes last.",
            _factor_of_the_mean,
        ),
    ),
    reference=my_focal,
    reading=("mmteach.train.focal", "Lin, Goyal, Girshick, He, Dollar 2017, ICCV, equation 4."),
)
