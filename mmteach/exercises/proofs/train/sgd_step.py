"""train.sgd_step, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _in_place(params, velocities, learning_rate, momentum):
    for i in range(len(params)):
        velocities[i].mul_(momentum).add_(params[i].grad)
        params[i].data.sub_(learning_rate * velocities[i])
        params[i].grad.zero_()


@torch.no_grad()
def _new_list_entries(params, velocities, learning_rate, momentum):
    for i, p in enumerate(params):
        velocities[i] = velocities[i] * momentum + p.grad  # the list is the caller's: a new entry is kept, too
        p -= learning_rate * velocities[i]
    for p in params:
        p.grad = torch.zeros_like(p)


def _numpy(params, velocities, learning_rate, momentum):
    for p, v in zip(params, velocities, strict=True):
        numbers, speed = p.detach().numpy(), v.numpy()  # these share their memory
        speed[:] = np.float32(momentum) * speed + p.grad.numpy()
        numbers -= np.float32(learning_rate) * speed
        p.grad = None


def _no_clearing(params, velocities, learning_rate, momentum):
    for i, p in enumerate(params):
        velocities[i].mul_(momentum).add_(p.grad)
        p.data -= velocities[i] * learning_rate


def _climbs(params, velocities, learning_rate, momentum):
    for p, v in zip(params, velocities, strict=True):
        v.mul_(momentum).add_(p.grad)
        p.data += learning_rate * v
        p.grad.zero_()


def _late(params, velocities, learning_rate, momentum):
    for p, v in zip(params, velocities, strict=True):
        old = v.clone()
        v.mul_(momentum).add_(p.grad)
        p.data.sub_(old, alpha=learning_rate)
        p.grad = None


def _steps_remembered(params, velocities, learning_rate, momentum):
    for p, v in zip(params, velocities, strict=True):
        v.mul_(momentum).add_(p.grad, alpha=learning_rate)
        p.data -= v
        p.grad.zero_()


def _lerp(params, velocities, learning_rate, momentum):
    for p, v in zip(params, velocities, strict=True):
        v.lerp_(p.grad, 1 - momentum)
        p.data.sub_(learning_rate * v)
        p.grad.zero_()


def _new_tensors(params, velocities, learning_rate, momentum):
    speeds = [v * momentum + p.grad for p, v in zip(params, velocities, strict=True)]
    for p, v in zip(params, speeds, strict=True):
        p.data = p.data - learning_rate * v
        p.grad = None


def _stands_still(params, velocities, learning_rate, momentum):
    for p, v in zip(params, velocities, strict=True):
        v.mul_(momentum).add_(p.grad)
        p.grad = None
        p = p - learning_rate * v


SGD_STEP = Proof(
    right=(_in_place, _new_list_entries, _numpy),
    variants={
        "forgets zero_grad": _no_clearing,
        "sign": _climbs,
        "momentum order": _late,
        "learning rate inside the memory": _steps_remembered,
        "an average instead of a sum": _lerp,
        "the velocity is not kept": _new_tensors,
        "the parameters do not move": _stands_still,
    },
)
