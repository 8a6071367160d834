"""A byte for each weight, and a scale for each row."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_int8(w, limit):
    """(R, C) weights -> (R, C) int8, -127 to 127, and (R,) scales: w is about int8 times scale of its row."""
    largest = np.minimum(np.abs(w).max(axis=1), limit)
    scale = np.where(largest > 0, largest / 127, 1)
    q = np.clip(np.round(w / scale[:, None]), -127, 127).astype(np.int8)
    return q, scale


def _with(w, scale):
    """Whole numbers and scales, for scales chosen in some way."""
    scale = np.where(scale != 0, scale, 1)
    return np.clip(np.round(w / scale[:, None]), -127, 127).astype(np.int8), scale


def _one_scale(w, limit):
    return _with(w, np.full(len(w), min(np.abs(w).max(), limit) / 127))


def _signed_largest(w, limit):
    return _with(w, np.minimum(w.max(axis=1), limit) / 127)


def _levels_255(w, limit):
    return _with(w, np.minimum(np.abs(w).max(axis=1), limit) / 255)


def _levels_128(w, limit):
    return _with(w, np.minimum(np.abs(w).max(axis=1), limit) / 128)


def _limit_forgotten(w, limit):
    return _with(w, np.abs(w).max(axis=1) / 127)


def _limit_for_all(w, limit):
    return _with(w, np.full(len(w), limit / 127))


def _no_clamp(w, limit):
    scale = my_int8(w, limit)[1]
    return np.round(w / scale[:, None]).astype(np.int32).astype(np.int8), scale


def _truncated(w, limit):
    scale = my_int8(w, limit)[1]
    return np.clip(np.trunc(w / scale[:, None]), -127, 127).astype(np.int8), scale


def _rounded_down(w, limit):
    scale = my_int8(w, limit)[1]
    return np.clip(np.floor(w / scale[:, None]), -127, 127).astype(np.int8), scale


def _by_column(w, limit):
    largest = np.minimum(np.abs(w).max(axis=0), limit)
    scale = np.where(largest > 0, largest / 127, 1)
    return np.clip(np.round(w / scale), -127, 127).astype(np.int8), scale


def _divides_by_zero(w, limit):
    with np.errstate(all="ignore"):
        scale = np.minimum(np.abs(w).max(axis=1), limit) / 127
        return np.clip(np.round(w / scale[:, None]), -127, 127), scale


def _upside_down(w, limit):
    q, scale = my_int8(w, limit)
    return q, 1 / scale


def _floats_again(w, limit):
    q, scale = my_int8(w, limit)
    return q * scale[:, None], scale


def _error(answer: Answer, w: np.ndarray, limit: float) -> Any:
    """How far the way there and back leads astray, in scales."""
    q, scale = answer(w, limit)
    back = np.asarray(q, dtype=float) * np.asarray(scale, dtype=float).reshape(-1, 1)
    cut = np.clip(w, -limit, limit)
    return bool((np.abs(back - cut) <= np.asarray(scale, dtype=float).reshape(-1, 1) * 0.5001).all())


def _bytes(answer: Answer, w: np.ndarray, limit: float) -> Any:
    return np.asarray(answer(w, limit)[0]).dtype.name


def _drawn(rng: np.random.Generator, rows: int, columns: int, limit: float = 100.0) -> tuple[np.ndarray, float]:
    """Rows of very different size, each with its largest |w| below zero."""
    w = rng.normal(size=(rows, columns)) * 10.0 ** rng.uniform(-2, 1, (rows, 1))
    w[np.arange(rows), np.abs(w).argmax(axis=1)] *= -np.sign(w[np.arange(rows), np.abs(w).argmax(axis=1)])
    return w, limit


def _giants(rng: np.random.Generator, rows: int, columns: int) -> tuple[np.ndarray, float]:
    """Two rows have one weight far beyond the limit, each on another side."""
    w = rng.uniform(-1, 1, (rows, columns))
    w[0, 0], w[1, -1] = 1.7, -2.3
    return w, 0.9


INT8 = Exercise(
    id="optimise.int8",
    title="A byte for each weight",
    minutes=15,
    task="""A weight takes four bytes; one would do. Write `my_int8(w, limit)`: `w` is `(R, C)`, the weights of a linear
layer, a row for each output. Row $r$ gets a scale

$$s_r = \\frac{\\min(\\max_c |w_{rc}|,\\ \\text{limit})}{127}$$

and each of its weights becomes the *nearest* whole number $q_{rc} \\approx w_{rc} / s_r$. A weight beyond `limit` would
leave the range: it becomes 127 or -127. So one giant does not make the steps of its row coarse. A row of zeros has
scale 1. Return both: `q`, `(R, C)`, as `np.int8`, and the scales, `(R,)`. Numbers exactly between two steps do not
occur.""",
    starter='''def my_int8(w, limit):
    """(R, C) weights -> (R, C) int8, -127 to 127, and (R,) scales: w is about int8 times scale of its row."""
    largest = ...  # (R,)
    scale = ...  # (R,)
    q = ...  # (R, C)
    return q, scale
''',
    hints=(
        "Try it by hand: the row 0.5, -1.27 has scale 0.01, and becomes 50, -127.",
        "`np.abs(w).max(axis=1)` looks along each row; `np.minimum` cuts at the limit. `np.where(largest > 0, ..., 1)` "
        "keeps a row of zeros from dividing by zero.",
        "`scale[:, None]` is `(R, 1)`, so that each row is divided by its own. Then `np.round`, then `np.clip` to -127 "
        "and 127, and only then `.astype(np.int8)`.",
    ),
    checks=(
        Check(
            "Every row has its own scale, from its largest |w|.",
            lambda rng: [(np.array([[0.5, -1.27], [12.7, 3.0]]), 100.0), _drawn(rng, 3, 5), _drawn(rng, 4, 4)],
            points=2,
        ),
        Check("Going back loses at most half a step.", lambda rng: [_drawn(rng, 5, 8), _drawn(rng, 2, 9)], 1, _error),
        Check(
            "What lies beyond the limit is cut, on both sides.",
            lambda rng: [_giants(rng, 3, 6), (np.array([[1.0, -40.0], [30.0, 2.0]]), 10.0)],
        ),
        Check(
            "A row of zeros stays zero, with scale 1.",
            lambda rng: [(np.zeros((1, 3)), 5.0), (np.array([[0.0, 0.0], [0.0, -2.54], [1.0, 0.3]]), 5.0)],
        ),
        Check("The whole numbers take one byte each.", lambda rng: [_drawn(rng, 2, 3)], 1, _bytes),
        Check(
            "It holds for large and for tiny layers.",
            lambda rng: [_drawn(rng, 40, 30), _giants(rng, 20, 3), _drawn(rng, 1, 1), _drawn(rng, 3, 1, 0.02)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "one scale for the whole matrix",
            "All rows share the scale of the largest weight of all. A row of small weights then becomes zeros and "
            "ones: look at the largest along each row.",
            _one_scale,
        ),
        Mistake(
            "the largest w, not the largest |w|",
            "The scale comes from the largest weight, and a row may well have its largest on the negative side. It "
            "then falls off the end of the range. Size first, then the largest.",
            _signed_largest,
        ),
        Mistake(
            "255 instead of 127",
            "A byte has 256 values, but with a sign they are shared out: 127 on each side of zero. With 255 the larger "
            "half of the weights does not fit.",
            _levels_255,
        ),
        Mistake(
            "128 instead of 127",
            "An int8 goes from -128 to 127: on the positive side there is no 128. Symmetric to zero, 127 is the last.",
            _levels_128,
        ),
        Mistake(
            "the limit is forgotten",
            "The scale comes from the giant itself. Its whole row gets steps as coarse as it is large, which `limit` "
            "is to prevent.",
            _limit_forgotten,
        ),
        Mistake(
            "the limit's scale for every row",
            "Every row has the scale of the limit, also rows of much smaller weights. The limit is only the most that "
            "the largest may count.",
            _limit_for_all,
        ),
        Mistake(
            "not clamped",
            "Beyond the limit numbers come out that an int8 cannot hold; it begins again at the other end, and 200 "
            "becomes -56: a large weight with the wrong sign. Clamp before the type is changed.",
            _no_clamp,
        ),
        Mistake(
            "cut off instead of rounded",
            "The decimals are cut off: 99.9 becomes 99. Changing the type alone does so. Every weight moves towards "
            "zero, by up to a whole step; to the *nearest* it is half a step at most.",
            _truncated,
        ),
        Mistake(
            "rounded down",
            "Everything is rounded down, -0.1 to -1. All weights move the same way, and in a sum of many that adds up. "
            "Round to the nearest.",
            _rounded_down,
        ),
        Mistake(
            "a scale for each column",
            "The scales belong to the columns, that is to the inputs. In the sum over inputs they could not be taken "
            "out of it; a row, one output, is one sum, and has one scale.",
            _by_column,
        ),
        Mistake(
            "division by zero",
            "A row of zeros has 0 as its largest, and so as its scale; 0 / 0 is no number. Give such a row scale 1.",
            _divides_by_zero,
        ),
        Mistake(
            "the scale upside down",
            "The whole numbers are right, but the scale is returned as 127 / largest. Going back *multiplies* by the "
            "scale: it must be the size of one step.",
            _upside_down,
        ),
        Mistake(
            "floats again",
            "What is returned was already multiplied by its scale: floats of four bytes once more. The file is to hold "
            "the whole numbers, and the scales beside them.",
            _floats_again,
        ),
    ),
    reference=my_int8,
    reading=("mmteach.infer.quantise", "Nagel et al. 2021, arXiv:2106.08295, section 2."),
)
