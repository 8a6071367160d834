"""Proofs of `features.lbp`."""

from __future__ import annotations

import math

import numpy as np

from mmteach.exercises.proof import Proof

_DEGREES = (135, 90, 45, 0, 315, 270, 225, 180)  # clockwise from the upper left
_STEPS = [(-round(math.sin(math.radians(d))), round(math.cos(math.radians(d)))) for d in _DEGREES]


def _pixel_by_pixel(grey):
    values = grey.tolist()
    return [
        [
            sum(2**p for p, (dy, dx) in enumerate(_STEPS) if values[y + dy][x + dx] >= values[y][x])
            for x in range(1, len(values[0]) - 1)
        ]
        for y in range(1, len(values) - 1)
    ]


def _by_rolling(grey):
    codes = np.zeros(grey.shape, np.uint8)
    for p, (dy, dx) in enumerate(_STEPS):
        codes |= (np.roll(grey, (-dy, -dx), axis=(0, 1)) >= grey).astype(np.uint8) << p
    return codes[1:-1, 1:-1]


def _by_signed_difference(grey):
    windows = np.lib.stride_tricks.sliding_window_view(grey.astype(int), (3, 3))  # (H - 2, W - 2, 3, 3)
    signs = windows - windows[:, :, 1:2, 1:2] >= 0
    return (signs * np.array([[1, 2, 4], [128, 0, 8], [64, 32, 16]])).sum(axis=(2, 3))


def _weighed(grey, weights, compare=np.greater_equal):
    windows = np.lib.stride_tricks.sliding_window_view(grey, (3, 3))
    return (compare(windows, windows[:, :, 1:2, 1:2]) * np.array(weights)).sum(axis=(2, 3))


_RIGHT = [[1, 2, 4], [128, 0, 8], [64, 32, 16]]


def _centre_is_brighter(grey):
    return _weighed(grey, _RIGHT, np.less_equal)


def _really_brighter(grey):
    return _weighed(grey, _RIGHT, np.greater)


def _reading_order(grey):
    return _weighed(grey, [[1, 2, 4], [8, 0, 16], [32, 64, 128]])


def _as_digits(grey):
    def code(y, x):
        return int("".join("1" if grey[y + dy, x + dx] >= grey[y, x] else "0" for dy, dx in _STEPS), 2)

    return [[code(y, x) for x in range(1, grey.shape[1] - 1)] for y in range(1, grey.shape[0] - 1)]


def _offsets_x_y(grey):
    h, w = grey.shape
    out = np.zeros((h - 2, w - 2), int)
    for p, (dx, dy) in enumerate(_STEPS):
        out += 2**p * (grey[1 + dy : h - 1 + dy, 1 + dx : w - 1 + dx] >= grey[1:-1, 1:-1])
    return out


def _angle_0_first(grey):
    return _weighed(grey, [[32, 64, 128], [16, 0, 1], [8, 4, 2]])


def _how_many(grey):
    return _weighed(grey, [[1, 1, 1], [1, 0, 1], [1, 1, 1]])


def _border_repeated(grey):
    return _weighed(np.pad(grey, 1, mode="edge"), _RIGHT)


def _unsigned(grey):
    return _weighed(grey, _RIGHT, lambda neighbour, centre: np.subtract(neighbour, centre) >= 0)


LBP = Proof(
    right=(_pixel_by_pixel, _by_rolling, _by_signed_difference),
    variants={
        "comparison the wrong way round": _centre_is_brighter,
        "comparison without equality": _really_brighter,
        "neighbour order: line by line": _reading_order,
        "neighbour order: counter-clockwise": _offsets_x_y,
        "neighbour order: first bit largest": _as_digits,
        "neighbour order: starts at the right": _angle_0_first,
        "counts the bits": _how_many,
        "border": _border_repeated,
        "the difference of uint8 wraps": _unsigned,
    },
)
