"""Weights of several losses, learnt."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_uncertainty(losses: torch.Tensor, s: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(T,) losses, (T,) s -> the sum of L e^-s + s, one number, and the s (T,) that would make it smallest."""
    total = (losses * torch.exp(-s) + s).sum()
    best = torch.log(losses)
    return total, best


def _no_price(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s)).sum(), losses.log()


def _weight_itself(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * s + s).sum(), losses.log()


def _upwards(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(s) + s).sum(), losses.log()


def _price_subtracted(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s) - s).sum(), losses.log()


def _deviation(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses / s**2 + torch.log(s**2)).sum(), losses.log()


def _log_deviation(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-2 * s) + s).sum(), losses.log()


def _one_for_all(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s[0]) + s[0]).sum(), losses.log()


def _mean(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s) + s).mean(), losses.log()


def _cut_off(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s.detach()) + s).sum(), losses.log()


def _best_is_the_loss(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s) + s).sum(), losses


def _best_upside_down(losses: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
    return (losses * torch.exp(-s) + s).sum(), -losses.log()


def _total(answer: Answer, losses: Tensor, s: Tensor) -> Any:
    """The first of the two, alone."""
    return _pair(answer(losses, s))[0]


def _best(answer: Answer, losses: Tensor, s: Tensor) -> Any:
    """The second of the two, alone."""
    return _pair(answer(losses, s))[1]


def _pair(out: Any) -> Any:
    if out is ... or (isinstance(out, tuple) and any(v is ... for v in out)):
        raise NotImplementedError
    if not isinstance(out, tuple | list) or len(out) != 2:
        raise TypeError("two things are asked for: the total, and the best s")
    return out


def _slopes(answer: Answer, losses: Tensor, s: Tensor) -> Any:
    """What each loss and each s is told by the total."""
    of_losses, of_s = losses.clone().requires_grad_(), s.clone().requires_grad_()
    total = _pair(answer(of_losses, of_s))[0]
    if not isinstance(total, Tensor) or not total.requires_grad:
        return "no gradient flows"
    total.sum().backward()
    none = torch.full_like(s, torch.nan)
    return {"of the losses": none if of_losses.grad is None else of_losses.grad,
            "of s": none if of_s.grad is None else of_s.grad}  # fmt: skip


def _drawn(rng: np.random.Generator, n: int) -> tuple[Tensor, Tensor]:
    """Losses from easy to hard, and s away from 0 to both sides."""
    losses = np.exp(rng.normal(0, 1, n))
    s = rng.choice([-1, 1], n) * rng.uniform(0.3, 2.0, n)
    return torch.from_numpy(losses.astype(np.float32)), torch.from_numpy(s.astype(np.float32))


UNCERTAINTY = Exercise(
    id="multitask.uncertainty",
    title="Let each task find its weight",
    minutes=15,
    task="""Two losses are to be added up, and nobody knows with which weights. Let them be learnt: each task has a
number $s_t$, the logarithm of a variance, and weighs $e^{-s_t}$. Write `my_uncertainty(losses, s)` for `losses`,
`(T,)`, all above 0, and `s`, `(T,)`. Return two things:

- the total, one number, through which gradients flow to the losses *and* to s:

$$\\sum_t \\left( L_t\\, e^{-s_t} + s_t \\right)$$

- for each task the $s_t$ at which this total would be smallest if the losses stayed as they are, `(T,)`. Find it on
  paper: where is the slope in $s_t$ zero?""",
    starter='''def my_uncertainty(losses, s):
    """(T,) losses, (T,) s -> the sum of L e^-s + s, one number, and the s (T,) that would make it smallest."""
    total = ...
    best = ...
    return total, best
''',
    hints=(
        "With all s = 0 every task weighs 1, and the total is the plain sum of the losses.",
        "The slope of $L e^{-s} + s$ in s is $1 - L e^{-s}$. It is 0 where $e^{s} = L$.",
        "`torch.exp(-s)` are the weights, `torch.log` undoes `torch.exp`; `.sum()` comes last.",
    ),
    checks=(
        Check(
            "The total is the sum over tasks of L e^-s + s.",
            lambda rng: [_drawn(rng, 2), _drawn(rng, 3), (torch.tensor([0.5, 2.0]), torch.tensor([-1.0, 0.4]))],
            points=2,
            observe=_total,
        ),
        Check(
            "Each loss is weighed by e^-s, and each s is told 1 - L e^-s.",
            lambda rng: [_drawn(rng, 2), _drawn(rng, 4)],
            points=2,
            observe=_slopes,
        ),
        Check(
            "The best s is where the slope is 0.",
            lambda rng: [_drawn(rng, 2), _drawn(rng, 5)],
            observe=_best,
        ),
        Check("One task alone, or many.", lambda rng: [_drawn(rng, 1), _drawn(rng, 9)], held_back=True, observe=_total),
        Check("And their slopes.", lambda rng: [_drawn(rng, 7)], held_back=True, observe=_slopes),
    ),
    mistakes=(
        Mistake(
            "no + s",
            "A small weight costs nothing here, so every s would grow for ever, every weight fall to 0, and the total "
            "with it, without anything having been learnt. What is the second term for?",
            _no_price,
        ),
        Mistake(
            "s itself as the weight",
            "The losses are multiplied by s. Below 0 a task would then be trained to be *wrong*. The weight is e^-s, "
            "which is positive whatever s becomes.",
            _weight_itself,
        ),
        Mistake(
            "e^s instead of e^-s",
            "Both terms grow with s now, so s falls for ever and nothing holds it. A large s, an uncertain task, is to "
            "make the weight small: mind the sign in the exponent.",
            _upwards,
        ),
        Mistake(
            "- s instead of + s",
            "The s is subtracted: a large s makes the weight small *and* is rewarded for it. It is to be the price "
            "of a small weight.",
            _price_subtracted,
        ),
        Mistake(
            "s taken for the deviation",
            "s is put where the standard deviation stands, L / s^2 + log s^2. That is undefined at 0, where s begins. "
            "s is the logarithm of the variance already: 1 / variance is e^-s.",
            _deviation,
        ),
        Mistake(
            "s taken for the log of the deviation",
            "With e^-2s, s is the logarithm of the standard deviation, and the term + s no longer fits to it. Here s "
            "is the logarithm of the variance.",
            _log_deviation,
        ),
        Mistake(
            "one s for all tasks",
            "All tasks get the same weight, so nothing is weighed against anything: only the learning rate changes. "
            "Each task has an s of its own.",
            _one_for_all,
        ),
        Mistake(
            "mean over the tasks",
            "Nearly: the tasks are averaged where they are to be added up, so with more tasks each is pulled less.",
            _mean,
        ),
        Mistake(
            "s is cut off from its weight",
            "The value is right, but the weight was detached: s only hears that it should fall, by 1 each time, and "
            "never what the loss is. Let the gradient flow through e^-s, too.",
            _cut_off,
        ),
        Mistake(
            "the loss itself as the best s",
            "The total is right. For the best s set the slope 1 - L e^-s to 0 and solve for s, not for e^s.",
            _best_is_the_loss,
        ),
        Mistake(
            "the best s with the wrong sign",
            "The total is right, but the best s is upside down: a task with a large loss would get a large weight. "
            "From 1 = L e^-s follows e^s = L.",
            _best_upside_down,
        ),
    ),
    reference=my_uncertainty,
    reading=("mmteach.train.multitask.UncertaintyWeights", "Kendall, Gal, Cipolla 2018, CVPR, section 3."),
)
