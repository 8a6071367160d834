"""train.schedule, written otherwise."""

from __future__ import annotations

import math

import numpy as np

from mmteach.exercises.proof import Proof


def _one_formula(step, n_epochs, n_batches):
    t = step / (n_epochs * n_batches - 1) if n_epochs * n_batches > 1 else 0
    low, way = (0.04, 1 - t / 0.3) if t < 0.3 else (0.0, (t - 0.3) / 0.7)
    return low + (1 - low) * 0.5 * (1 + np.cos(np.pi * way))


def _half_angles(step, n_epochs, n_batches):
    last = n_epochs * n_batches - 1
    t = 0.0 if last == 0 else step / last
    if t > 0.3:
        return math.cos(math.pi / 2 * (t - 0.3) / 0.7) ** 2
    return 0.04 + 0.96 * math.sin(math.pi / 2 * t / 0.3) ** 2


def _whole_curve(step, n_epochs, n_batches):
    t = np.linspace(0, 1, n_epochs * n_batches)
    rise = 0.04 + 0.48 * (1 - np.cos(np.pi * t / 0.3))
    fall = (1 + np.cos(np.pi * (t - 0.3) / 0.7)) / 2
    return np.where(t <= 0.3, rise, fall)[step]


def _cycle(t, low=0.04):
    return low + (1 - low) * math.sin(math.pi * t / 0.6) ** 2 if t < 0.3 else math.cos(math.pi * (t - 0.3) / 1.4) ** 2


def _epoch_number(step, n_epochs, n_batches):
    epoch = int(step / n_batches)
    return _cycle(epoch / (n_epochs - 1) if n_epochs > 1 else 0)


def _divided_by_epochs(step, n_epochs, n_batches):
    return _cycle(float(np.clip(step / (n_epochs - 1 if n_epochs > 1 else 1), 0, 1)))


def _zero_start(step, n_epochs, n_batches):
    last = n_epochs * n_batches - 1
    return _cycle(step / last if last else 0, low=0)


def _by_n(step, n_epochs, n_batches):
    epoch, batch = divmod(step, n_batches)
    return _cycle((epoch + batch / n_batches) / n_epochs)


def _one_ahead(step, n_epochs, n_batches):
    total = n_epochs * n_batches
    return _cycle(1 - (total - step - 1) / total)


def _cosine(step, n_epochs, n_batches):
    total = n_epochs * n_batches
    return math.cos(math.pi / 2 * step / (total - 1)) ** 2 if total > 1 else 1.0


def _triangle(step, n_epochs, n_batches):
    last = n_epochs * n_batches - 1
    return float(np.interp(step / last if last else 0, [0, 0.3, 1], [0.04, 1, 0]))


SCHEDULE = Proof(
    right=(_one_formula, _half_angles, _whole_curve),
    variants={
        "changes once an epoch": _epoch_number,
        "takes a step for an epoch": _divided_by_epochs,
        "warm-up from 0": _zero_start,
        "the last value is never reached": _by_n,
        "counts steps from 1": _one_ahead,
        "no warm-up": _cosine,
        "straight lines": _triangle,
    },
)
