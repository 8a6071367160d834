"""Proofs of `preprocess.crop_center`."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.proof import Proof


def _smaller_box_first(image, h, w):
    h, w = min(h, len(image)), min(w, len(image[0]))
    y, x = (len(image) - h) // 2, (len(image[0]) - w) // 2
    return np.array(image[y : y + h, x : x + w])


def _by_indices(image, h, w):
    def middle(size, wanted):
        return [i for i in range(size) if max(0, size - wanted) // 2 <= i < max(0, size - wanted) // 2 + wanted]

    return image[np.ix_(middle(image.shape[0], h), middle(image.shape[1], w))]


def _by_deleting(image, h, w):
    for axis, size in ((0, h), (1, w)):
        spare = max(0, image.shape[axis] - size)
        image = np.split(image, [spare // 2, image.shape[axis] - (spare - spare // 2)], axis=axis)[1]
    return image.copy()


def _x_first(image, h, w):
    x, y = max(0, (image.shape[1] - w) // 2), max(0, (image.shape[0] - h) // 2)
    columns = image[x : x + w]
    return np.array(columns[:, y : y + h])


def _width_then_height(image, h, w):
    wide, high = image.shape[0], image.shape[1]
    x, y = max((wide - w) // 2, 0), max((high - h) // 2, 0)
    return np.array(image[y : y + h, x : x + w])


def _lying_box(image, h, w):
    y, x = max(0, image.shape[0] - w) // 2, max(0, image.shape[1] - h) // 2
    return image[y : y + w, x : x + h].copy()


def _inclusive(image, h, w):
    first = [max(0, n - m) // 2 for n, m in zip(image.shape, (h, w), strict=False)]
    last = [first[0] + h, first[1] + w]
    return image[first[0] : last[0] + 1][:, first[1] : last[1] + 1].copy()


def _ceiling(image, h, w):
    y, x = (int(np.ceil(max(0, n - m) / 2)) for n, m in zip(image.shape, (h, w), strict=False))
    return image[y : y + h, x : x + w].copy()


def _centre_minus_half(image, h, w):
    centre = np.array(image.shape[:2]) // 2
    y, x = np.maximum(0, centre - np.array([h, w]) // 2)
    return image[y : y + h, x : x + w].copy()


def _half_and_half(image, h, w):
    (cy, cx), (dy, dx) = (n // 2 for n in image.shape[:2]), (h // 2, w // 2)
    rows = [i for i in range(image.shape[0]) if cy - dy <= i < cy + dy]
    columns = [i for i in range(image.shape[1]) if cx - dx <= i < cx + dx]
    return image[rows][:, columns]


def _negative_start(image, h, w):
    spare = np.array(image.shape[:2]) - np.array([h, w])
    y, x = spare // 2
    return np.array(image[y : y + h][:, x : x + w])


def _window(image, h, w):
    h, w = min(h, image.shape[0]), min(w, image.shape[1])
    rows = image[(image.shape[0] - h) // 2 :][:h]
    return rows[:, (image.shape[1] - w) // 2 :][:, :w]


def _upper_left(image, h, w):
    return np.array([row[:w] for row in image[:h]])


CROP_CENTER = Proof(
    right=(_smaller_box_first, _by_indices, _by_deleting),
    variants={
        "x/y swapped: columns first": _x_first,
        "x/y swapped: the shape": _width_then_height,
        "x/y swapped: height and width of the box": _lying_box,
        "off by one: the end counts too": _inclusive,
        "off by one: the spare row goes at the top": _ceiling,
        "off by one: rounded twice": _centre_minus_half,
        "half a box on either side": _half_and_half,
        "leaves the picture": _negative_start,
        "returns a view": _window,
        "the corner": _upper_left,
    },
)
