"""What a synthetic head wears: glasses, a scarf, and the neck and collar below it, as sheets of points."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter

from mmteach.datasets.face_render import Sheet
from mmteach.datasets.face_shape import Person, layout
from mmteach.datasets.face_skin import LANDMARK_NAMES, Head


def plain(points: np.ndarray, albedo: float | np.ndarray, gloss: float = 0.1, lit: float | np.ndarray = 1.0) -> Sheet:
    """A sheet of one material."""
    grid = np.ones(points.shape[:2])
    return Sheet(points, grid * albedo, grid * gloss, grid, grid * lit)


def tube(path: np.ndarray, radius: float) -> np.ndarray:
    """A thin tube along a path (M, 3): points (M, 9, 3)."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    first = np.cross(ahead, [0.2, 0.3, 1.0])
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(first, ahead)
    a = np.linspace(0, 2 * np.pi, 9)[:, None]
    return path[:, None] + radius * (np.cos(a) * first[:, None] + np.sin(a) * second[:, None])


def glasses(person: Person, head: Head, dark: bool) -> list[Sheet]:
    """Two rims, a bridge and two temples; `dark` adds lenses that hide the eyes."""
    s = layout(person)
    root = head.landmarks[LANDMARK_NAMES.index("nose_root")]
    front = head.points.reshape(-1, 3)[root, 2] + 0.05  # just before the root of the nose
    a = np.linspace(0, 2 * np.pi, 120)[:, None]
    wide, tall = 0.195, 0.15
    loop = np.hstack([np.cos(a), np.sin(a)])
    loop = loop / (loop**4).sum(axis=1, keepdims=True) ** 0.25 * 0.95  # a square with round corners

    def at(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.stack([x, y, front - 0.22 * x**2], -1)

    sheets, t = [], np.linspace(-1, 1, 24)
    for sign in (-1, 1):
        middle = np.array([sign * max(s.eye_x, 0.3), s.eye_y - 0.01])
        rim = middle + loop * [wide, tall]
        sheets.append(plain(tube(at(rim[:, 0], rim[:, 1]), 0.015), 0.03, 0.5))
        hinge = at(np.array(sign * (abs(middle[0]) + wide)), np.array(s.eye_y + 0.06))
        ear = np.array([sign * 0.80, s.eye_y + 0.03, -0.05])
        sheets.append(plain(tube(hinge + np.linspace(0, 1, 60)[:, None] * (ear - hinge), 0.018), 0.03, 0.5))
        if dark:
            disc = middle + np.linspace(0.02, 1, 18)[:, None, None] * loop * [wide, tall]
            sheets.append(plain(at(disc[..., 0], disc[..., 1]), 0.02, 0.6))
    gap = max(s.eye_x, 0.3) - wide
    bridge = at(gap * t, s.eye_y + 0.05 + 0.02 * (1 - t**2))
    return [*sheets, plain(tube(bridge, 0.016), 0.03, 0.5)]


def scarf(person: Person, head: Head, points: np.ndarray) -> Sheet:
    """A knitted scarf over mouth and chin, up to the tip of the nose."""
    s = layout(person)
    rest = head.points[:, 20:-20]
    top = s.nose_y + 0.17 - 0.15 * np.abs(rest[0:1, :, 0])
    start = int(np.argmin(np.abs(rest[:, rest.shape[1] // 2, 1] - s.nose_y - 0.16)))
    body = gaussian_filter(points, (9, 9, 0))  # the nose only makes a soft bulge in it
    body[..., 2] = gaussian_filter(maximum_filter(points[..., 2], (25, 25)), (8, 6))
    body = body[start:, 20:-20]
    jaw = int(np.argmin(np.abs(rest[start:, 0, 1] + 0.62)))
    body[jaw:, :, 0], body[jaw:, :, 2] = body[jaw, :, 0], np.maximum(body[jaw, :, 2], body[jaw:, :, 2])
    y = rest[start:, :, 1]
    out = body * [1, 0, 1] / np.linalg.norm(body * [1, 0, 1], axis=-1, keepdims=True)
    body = body + (0.08 + 0.018 * np.sin(26 * y + 5 * body[..., 0] ** 2))[..., None] * out
    body[..., 1] = np.minimum(y, top) * 1.12 + 0.04
    shade = 0.25 + 0.15 * (np.sin(34 * y) > 0.3) + 0.03 * np.sin(160 * body[..., 0])
    return plain(body, shade, 0.0)


def neck(tone: float, clothes: float) -> Sheet:
    """Neck, shoulders and collar; they stay behind when the head turns."""
    y, a = np.linspace(-0.5, -1.75, 90)[:, None], np.deg2rad(np.linspace(-110, 110, 90))
    flare = np.clip((-1.12 - y) / 0.5, 0, 1.3) ** 1.5
    x = (0.42 + 0.06 * (-0.5 - y) ** 2 + 1.0 * flare) * np.sin(a)
    z = (0.42 + 0.25 * flare) * np.cos(a) - 0.18
    below = 1 / (1 + np.exp((y + 1.17 - 0.25 * np.cos(a) * 0.4) / 0.012))
    shadow = np.clip(0.35 + 0.9 * (-0.9 - y), 0.30, 1.0)
    points = np.stack([x, np.broadcast_to(y, x.shape), z], -1)
    sheet = plain(points, 0.9 * tone + below * (clothes - 0.9 * tone), 0.05, shadow)
    return sheet._replace(open_sky=np.broadcast_to(0.3 + 0.6 * shadow, x.shape))
