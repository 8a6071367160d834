"""train.schedule: one-cycle, step by step, from the first to the last."""

from __future__ import annotations

import math

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_one_cycle(step, n_epochs, n_batches):
    """Learning rate of a step, counted from 0 over the whole run, as a share of the highest."""
    n_steps = n_epochs * n_batches
    t = step / max(1, n_steps - 1)
    if t <= 0.3:
        return 1 / 25 + (1 - 1 / 25) * (1 - math.cos(math.pi * t / 0.3)) / 2
    return (1 + math.cos(math.pi * (t - 0.3) / 0.7)) / 2


def _shape(t, low=1 / 25):
    if t <= 0.3:
        return low + (1 - low) * (1 - math.cos(math.pi * t / 0.3)) / 2
    return (1 + math.cos(math.pi * (t - 0.3) / 0.7)) / 2


def _by_epoch(step, n_epochs, n_batches):
    return _shape(step // n_batches / max(1, n_epochs - 1))


def _step_taken_for_epoch(step, n_epochs, n_batches):
    return _shape(min(1.0, step / max(1, n_epochs - 1)))


def _from_zero(step, n_epochs, n_batches):
    return _shape(step / max(1, n_epochs * n_batches - 1), low=0.0)


def _never_arrives(step, n_epochs, n_batches):
    return _shape(step / (n_epochs * n_batches))


def _counts_from_one(step, n_epochs, n_batches):
    return _shape((step + 1) / (n_epochs * n_batches))


def _no_warm_up(step, n_epochs, n_batches):
    return (1 + math.cos(math.pi * step / max(1, n_epochs * n_batches - 1))) / 2


def _straight(step, n_epochs, n_batches):
    t = step / max(1, n_epochs * n_batches - 1)
    return 1 / 25 + (1 - 1 / 25) * t / 0.3 if t <= 0.3 else (1 - t) / 0.7


def _steps(n_epochs, n_batches, steps):
    return [(int(s), n_epochs, n_batches) for s in steps]


SCHEDULE = Exercise(
    id="train.schedule",
    title="One cycle of the learning rate",
    minutes=15,
    task="""Write `my_one_cycle(step, n_epochs, n_batches)`: the learning rate of one step, as a share of the highest.
A run has `n_epochs` epochs of `n_batches` steps each; `step` counts all of them, 0 is the first step of the run, and
the last is `n_epochs * n_batches - 1`. With $\\tau\\in[0,1]$ the way from the first step ($\\tau=0$) to the last
($\\tau=1$), the share is

$$\\begin{aligned}
\\tau \\le 0.3:&\\quad \\tfrac{1}{25}+\\tfrac{24}{25}\\cdot\\tfrac{1}{2}\\left(1-\\cos(\\pi\\tau/0.3)\\right) \\\\
\\tau > 0.3:&\\quad \\tfrac{1}{2}\\left(1+\\cos(\\pi(\\tau-0.3)/0.7)\\right)
\\end{aligned}$$

A run of a single step has $\\tau = 0$. (Library and torch end at 1/250,000 instead of 0; no weight would notice.)""",
    starter='''def my_one_cycle(step, n_epochs, n_batches):
    """Learning rate of a step, counted from 0 over the whole run, as a share of the highest."""
    t = ...
    if t <= 0.3:
        return ...
    return ...
''',
    hints=(
        "First τ alone: which number is it for the first step of the run, and which for the last?",
        "A fence of n posts has n - 1 gaps: from the first step to the last it is `n_epochs * n_batches - 1` steps.",
        "`t = step / max(1, n_epochs * n_batches - 1)`; then the two formulas, with math.cos and math.pi.",
    ),
    checks=(
        Check("The first step has 1/25 of the highest rate.", lambda rng: [(0, 4, 10), (0, 1, 7), (0, 1, 1)]),
        Check(
            "The last step of the run, and no earlier one, has 0.",
            lambda rng: [(39, 4, 10), (38, 4, 10), (6, 1, 7), (1, 1, 2), (2, 3, 1)],
        ),
        Check(
            "The highest rate comes after 30 % of the run, and it rises and falls by cosines.",
            lambda rng: [(3, 1, 11), *_steps(3, 7, range(1, 19, 3)), *_steps(5, 4, rng.integers(1, 19, 3))],
            points=2,
        ),
        Check(
            "Within an epoch it changes with every batch.",
            lambda rng: _steps(2, 6, (2, 3)) + _steps(1, 8, (1, 4, 6)),
        ),
        Check(
            "It holds over a long run.",
            lambda rng: _steps(40, 313, [1, 3755, 3756, 3757, 12518, *rng.integers(0, 12520, 8)]),
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "changes once an epoch",
            "All steps of an epoch get the same rate. The schedule belongs to steps: with four epochs there would be "
            "four rates, the warm-up a single jump. How far along the *run* is this step?",
            _by_epoch,
        ),
        Mistake(
            "takes a step for an epoch",
            "The step is divided by the number of epochs, so the cycle is over after a few batches, and for the rest "
            "of the run the rate is 0. Steps have to be divided by steps.",
            _step_taken_for_epoch,
        ),
        Mistake(
            "warm-up from 0",
            "The warm-up begins at 0, so the first batch is computed and then teaches nothing. It begins at 1/25 of "
            "the highest rate and covers the rest of the way up.",
            _from_zero,
        ),
        Mistake(
            "the last value is never reached",
            "The first step is right, the last is not: it still has some rate left. The last step has number n - 1, "
            "not n, so dividing by n never reaches τ = 1. Count the gaps, not the posts.",
            _never_arrives,
        ),
        Mistake(
            "counts steps from 1",
            "It is one step ahead: the first step of a run has number 0, and its τ is 0.",
            _counts_from_one,
        ),
        Mistake(
            "no warm-up",
            "That falls from the first step on: it is the cosine schedule. A fresh network's first gradients are wild; "
            "one-cycle begins low and rises over the first 30 %.",
            _no_warm_up,
        ),
        Mistake(
            "straight lines",
            "It begins, peaks and ends right, but along straight lines. With cosines it is gentle at the ends and at "
            "the peak: no corner at which the rate turns round at once.",
            _straight,
        ),
    ),
    reference=my_one_cycle,
    reading=(
        "Smith, Topin 2018. Super-convergence: very fast training of neural networks using large learning rates.",
        "show_source(mmteach.train.schedule_factor)",
    ),
)
