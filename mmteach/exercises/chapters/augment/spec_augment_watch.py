"""What is looked at in a covered spectrogram: where the holes are, how wide, and what fills them."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer


def told(answer: Answer, x: np.ndarray, time_width: int, frequency_width: int, number: int) -> Any:
    """What can be said of holes at random, whoever draws."""
    y = answer(x, time_width, frequency_width, np.random.default_rng(number))
    if not isinstance(y, np.ndarray) or y.shape != x.shape:
        return y
    covered = y != x
    rows, bands = covered.all(axis=2), covered.all(axis=1)
    if not np.array_equal(covered, rows[:, :, None] | bands[:, None, :]):
        return "something else than whole frames and whole bands is covered"
    return {
        "frames": _stretches(rows, time_width),
        "bands": _stretches(bands, frequency_width),
        "filled with": _fill(x, y, covered),
    }


def _stretches(flags: np.ndarray, width: int) -> dict[str, Any]:
    """Of (B, n) flags: how wide, whether in one piece, how often."""
    wide = flags.sum(axis=1)
    pieces = flags[:, 0] + (flags[:, 1:] & ~flags[:, :-1]).sum(axis=1)
    often, even = np.bincount(wide, minlength=width + 1) / len(flags), 1 / (width + 1)
    return {
        "widths": f"{wide.min()} to {wide.max()}",
        "in one piece": bool((pieces <= 1).all()),
        "all alike": bool((flags == flags[0]).all()),
        "each width as often": bool((np.abs(often - even) < 4.2 * np.sqrt(even * (1 - even) / len(flags))).all()),
    }


def _fill(x: np.ndarray, y: np.ndarray, covered: np.ndarray) -> str:
    kinds = {
        "the recording's mean": np.broadcast_to(x.mean(axis=(1, 2), keepdims=True), x.shape),
        "the mean of all": np.full(x.shape, x.mean()),
        "zeros": np.zeros(x.shape),
    }
    return next((k for k, v in kinds.items() if np.allclose(y[covered], v[covered], rtol=1e-3)), "something else")


def repeated(answer: Answer, x: np.ndarray, time_width: int, frequency_width: int, number: int) -> Any:
    """With the same seed, with it again, and with another: what is drawn, and whether."""
    made = [
        answer(x, time_width, frequency_width, np.random.default_rng(seed)) for seed in (number, number, number + 1)
    ]
    if not all(isinstance(y, np.ndarray) and y.shape == x.shape for y in made):
        return made[0]
    return {"same": np.array_equal(made[0], made[1]), "another": np.array_equal(made[0], made[2])}


def whole(answer: Answer, x: np.ndarray, time_width: int, frequency_width: int, number: int) -> Any:
    """All that an answer gives, as it stands."""
    return answer(x, time_width, frequency_width, np.random.default_rng(number))


def log_mel(rng: np.random.Generator, b: int, t: int, d: int) -> np.ndarray:
    """Decibels, each recording with a loudness of its own."""
    return rng.normal(-40, 6, (b, t, d)) + rng.uniform(-15, 15, (b, 1, 1))
