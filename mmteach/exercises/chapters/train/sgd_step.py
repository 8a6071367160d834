"""train.sgd_step: one step of gradient descent with momentum, in place."""

from __future__ import annotations

import torch

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_sgd_step(params, velocities, learning_rate, momentum):
    """Change params and velocities (lists of tensors) in place by one step; then clear the gradients."""
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v.copy_(momentum * v + p.grad)
            p.copy_(p - learning_rate * v)
            p.grad = None


def _keeps_gradients(params, velocities, learning_rate, momentum):
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v.copy_(momentum * v + p.grad)
            p.copy_(p - learning_rate * v)


def _uphill(params, velocities, learning_rate, momentum):
    my_sgd_step(params, velocities, -learning_rate, momentum)


def _old_velocity_first(params, velocities, learning_rate, momentum):
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            p.copy_(p - learning_rate * v)
            v.copy_(momentum * v + p.grad)
            p.grad = None


def _rate_in_memory(params, velocities, learning_rate, momentum):
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v.copy_(momentum * v + learning_rate * p.grad)
            p.copy_(p - v)
            p.grad = None


def _average(params, velocities, learning_rate, momentum):
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v.copy_(momentum * v + (1 - momentum) * p.grad)
            p.copy_(p - learning_rate * v)
            p.grad = None


def _forgets_velocity(params, velocities, learning_rate, momentum):
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v = momentum * v + p.grad  # this is the mistake
            p.copy_(p - learning_rate * v)
            p.grad = None


def _moves_a_copy(params, velocities, learning_rate, momentum):
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v.copy_(momentum * v + p.grad)
            moved = p - learning_rate * v
            p.grad = None
            del moved


def _after(answer, params, velocities, learning_rate, momentum):
    """Where one step leads."""
    answer(params, velocities, learning_rate, momentum)
    return [p.detach().clone() for p in params]


def _walk(answer, params, velocities, learning_rate, momentum):
    """Where the parameters are after each step down L = sum of p^2, one step for each learning rate."""
    path = []
    for rate in learning_rate:
        sum((p**2).sum() for p in params).backward()  # adds to the gradients that are there
        path.append(torch.cat(_after(answer, params, velocities, rate, momentum)))
    return torch.stack(path)


def _start(rng, sizes, learning_rate, momentum):
    """Parameters somewhere, velocities at rest."""
    params = [torch.tensor(rng.normal(0, 2, n), dtype=torch.float32, requires_grad=True) for n in sizes]
    return params, [torch.zeros(n) for n in sizes], learning_rate, momentum


def _one(rng, sizes, learning_rate, momentum, moving=False):
    """The same with a gradient each and, if `moving`, with a velocity."""
    params, velocities, _, _ = _start(rng, sizes, learning_rate, momentum)
    for p, v in zip(params, velocities, strict=True):
        p.grad = torch.tensor(rng.normal(0, 1, len(p)), dtype=torch.float32)
        v += torch.tensor(rng.normal(0, 1, len(p)), dtype=torch.float32) * moving
    return params, velocities, learning_rate, momentum


SGD_STEP = Exercise(
    id="train.sgd_step",
    title="A step down, with momentum",
    minutes=15,
    task="""Write `my_sgd_step(params, velocities, learning_rate, momentum)`: one step of an optimiser. `params` is a
list of tensors, each with its gradient $g$ in `p.grad`; `velocities` is a list of tensors of the same shapes, all
zeros before the first step. For each pair, with learning rate $\\eta$ and momentum $\\mu$,

$$v \\leftarrow \\mu v + g, \\qquad \\theta \\leftarrow \\theta - \\eta v .$$

Both change **in place**, since the model holds these very tensors: `v.copy_(new)` puts new numbers into a tensor. At
the end clear the gradient of each parameter (`None` or zeros): `backward()` only ever adds to it. Nothing is
returned.""",
    starter='''def my_sgd_step(params, velocities, learning_rate, momentum):
    """Change params and velocities (lists of tensors) in place by one step; then clear the gradients."""
    with torch.no_grad():
        for p, v in zip(params, velocities, strict=True):
            v.copy_(...)
            p.copy_(...)
            ...
''',
    hints=(
        "The two formulas are two lines, in this order: first the velocity learns of the gradient, then the parameter "
        "moves.",
        "The gradient points uphill; the minus leads down. The learning rate stands only in the second line.",
        "`v.copy_(momentum * v + p.grad)`; the second line uses this new `v`; the third one is `p.grad = None`.",
    ),
    checks=(
        Check(
            "From rest it moves against the gradient, as far as the learning rate says.",
            lambda rng: [_one(rng, (3,), 0.1, 0.9), _one(rng, (2, 4), 0.5, 0.0), _one(rng, (1,), 1.0, 0.5)],
            points=2,
            observe=_after,
            may_change=True,
        ),
        Check(
            "A velocity that is there is slowed down by the momentum and joined by the gradient.",
            lambda rng: [_one(rng, (3, 1), 0.1, 0.9, moving=True), _one(rng, (2,), 0.3, 0.5, moving=True)],
            observe=_after,
            may_change=True,
        ),
        Check(
            "Several steps down the valley L = sum of p² go as momentum says.",
            lambda rng: [_start(rng, (2,), (0.05,) * 4, 0.9), _start(rng, (1, 2), (0.2,) * 3, 0.0)],
            points=2,
            observe=_walk,
            may_change=True,
        ),
        Check(
            "A learning rate that changes on the way scales the step, and not what is remembered.",
            lambda rng: [_start(rng, (2,), (0.2, 0.02, 0.1), 0.9)],
            observe=_walk,
            may_change=True,
        ),
        Check(
            "It holds for many tensors and many steps.",
            lambda rng: [_start(rng, (5, 1, 7, 3), (0.1, 0.05, 0.02) * 5, 0.8)],
            points=2,
            observe=_walk,
            may_change=True,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "forgets zero_grad",
            "The first step is right, the later ones are not: the old gradient is still there, and the next "
            "`backward()` adds to it. Each step then follows a sum of gradients, most of them from places that were "
            "left long ago. The third line of the loop has to clear it.",
            _keeps_gradients,
        ),
        Mistake(
            "sign",
            "It climbs. The gradient points to where the loss grows fastest; to make the loss smaller, go the other "
            "way.",
            _uphill,
        ),
        Mistake(
            "momentum order",
            "The parameter moves by the old velocity, before the new gradient has reached it. So the first step goes "
            "nowhere, and each later one answers the gradient before the last. First renew the velocity, then move.",
            _old_velocity_first,
        ),
        Mistake(
            "learning rate inside the memory",
            "With a constant rate this is the same. But the velocity now remembers steps, not gradients: when a "
            "schedule lowers the rate, the long steps of before live on. Where does the formula have its η?",
            _rate_in_memory,
        ),
        Mistake(
            "an average instead of a sum",
            "The gradient enters with weight 1 - momentum: that is a running average, as Adam keeps one. Here it "
            "enters in full, so with momentum 0.9 a steady slope builds up to ten times the speed.",
            _average,
        ),
        Mistake(
            "the velocity is not kept",
            "Each call begins with the velocity of before, as if nothing had happened: `v = ...` gives the name `v` "
            "to a new tensor, and the one in the list never hears of it. To remember, put the numbers into that very "
            "tensor.",
            _forgets_velocity,
        ),
        Mistake(
            "the parameters do not move",
            "The parameters are where they were. `p = ...` makes a new tensor and leaves the model's own untouched; "
            "the numbers have to go into that very tensor, in place.",
            _moves_a_copy,
        ),
    ),
    reference=my_sgd_step,
    reading=(
        "Sutskever, Martens, Dahl, Hinton 2013. On the importance of initialization and momentum in deep learning. "
        "ICML.",
        "torch.optim.SGD: its note says how the two ways to place the learning rate differ.",
    ),
)
