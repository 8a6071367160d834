"""From a mesh to a picture: turn it, light it, and drop its points into pixels, nearest in front."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter, grey_closing, uniform_filter

CAMERA_DISTANCE = 9.0  # head units from the camera to the middle of the head


class Sheet(NamedTuple):
    """A grid of surface points with its albedo: points (R, C, 3), the rest (R, C)."""

    points: np.ndarray
    albedo: np.ndarray
    gloss: np.ndarray
    open_sky: np.ndarray
    lit: np.ndarray


class Pixels(NamedTuple):
    """Points of one or more sheets on their way into the picture, each (n,)."""

    column: np.ndarray
    row: np.ndarray
    depth: np.ndarray
    tone: np.ndarray
    area: np.ndarray


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """The matrix that turns a head: yaw to the viewer's right, pitch up, roll clockwise, in degrees.

    Examples
    --------
    >>> rotation(90, 0, 0).dot([0, 0, 1]).round(6).tolist()
    [1.0, 0.0, 0.0]
    """
    a, b, c = np.deg2rad([yaw, pitch, roll])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    lean = np.array([[np.cos(c), np.sin(c), 0], [-np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return lean @ nod @ turn


def direction(azimuth: float, elevation: float) -> np.ndarray:
    """The unit vector towards a light: azimuth to the viewer's right of the camera, elevation above it, degrees."""
    a, e = np.deg2rad([azimuth, elevation])
    return np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])


def normals(points: np.ndarray) -> np.ndarray:
    """The outward unit normal at each point of a mesh (R, C, 3): the cross product of the two grid directions."""
    down, along = np.empty_like(points), np.empty_like(points)
    down[1:-1], down[0], down[-1] = points[2:] - points[:-2], points[1] - points[0], points[-1] - points[-2]
    along[:, 1:-1], along[:, 0] = points[:, 2:] - points[:, :-2], points[:, 1] - points[:, 0]
    along[:, -1] = points[:, -1] - points[:, -2]
    a, b = np.moveaxis(down, -1, 0), np.moveaxis(along, -1, 0)
    n = np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])
    return n / np.sqrt(n[0] ** 2 + n[1] ** 2 + n[2] ** 2 + 1e-18)  # (3, R, C)


def cast_shadow(points: np.ndarray, light: np.ndarray, cells: int = 64) -> np.ndarray:
    """How much of the light each point sees: a shadow map, as seen from the light.

    Parameters
    ----------
    points : np.ndarray [shape=(R, C, 3), float64]
    light : np.ndarray [shape=(3,), unit vector towards the light]

    Returns
    -------
    np.ndarray [shape=(R, C), float64, in [0, 1]], 0 in full shadow.

    References
    ----------
    Williams (1978), Casting curved shadows on curved surfaces, SIGGRAPH.
    """
    across = np.cross([0.0, 1.0, 0.0], light)
    across /= np.linalg.norm(across)
    flat = points.reshape(-1, 3) @ np.stack([across, np.cross(light, across), light]).T
    cell = np.clip(((flat[:, :2] + 1.6) * (cells / 3.2)).astype(np.intp), 0, cells - 1)
    index = cell[:, 1] * cells + cell[:, 0]
    nearest = np.full(cells * cells, -9.0)
    np.maximum.at(nearest, index, flat[:, 2])
    seen = (flat[:, 2] > nearest[index] - 0.17).astype(np.float64)
    return uniform_filter(seen.reshape(points.shape[:2]), 13)


def shade(sheet: Sheet, light: np.ndarray, ambient: float) -> np.ndarray:
    """The light each point sends to the camera (R, C).

    Lambert's law, albedo times the cosine between normal and light, with a softened edge as skin has it; ambient
    light from above, less in hollows; and a highlight half way between light and camera.

    References
    ----------
    Lambert (1760), Photometria; Blinn (1977), Models of light reflection for computer synthesized pictures.
    """
    n = normals(sheet.points)
    cosine = np.tensordot(light, n, 1)
    diffuse = np.clip((cosine + 0.12) / 1.12, 0, None) * sheet.lit
    half = light + np.array([0.0, 0.0, 1.0])
    half /= np.linalg.norm(half)
    highlight = np.clip(np.tensordot(half, n, 1), 0, None) ** 16 * sheet.lit
    sky = ambient * sheet.open_sky * (0.8 + 0.2 * n[1])
    return sheet.albedo * (sky + (1.25 - ambient) * diffuse) + (1 - ambient) * 0.3 * sheet.gloss * highlight


def project(points: np.ndarray, size: int, zoom: float, shift: tuple[float, float]) -> np.ndarray:
    """Where points (..., 3) fall in a picture: (..., 2), column and row in pixels, with weak perspective."""
    scale = zoom * size / 2.5 * CAMERA_DISTANCE / (CAMERA_DISTANCE - points[..., 2])
    column = (0.5 + shift[0]) * size - 0.5 + scale * points[..., 0]
    row = (0.5 + shift[1]) * size - 0.5 - scale * (points[..., 1] - 0.09)
    return np.stack([column, row], axis=-1)


def to_pixels(sheet: Sheet, tone: np.ndarray, flat: np.ndarray) -> Pixels:
    """Keep the points that face the camera, each with the area in pixels that it stands for."""
    down, along = np.empty_like(flat), np.empty_like(flat)
    down[:-1], down[-1] = flat[1:] - flat[:-1], flat[-1] - flat[-2]
    along[:, :-1], along[:, -1] = flat[:, 1:] - flat[:, :-1], flat[:, -1] - flat[:, -2]
    area = along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0]  # negative where it faces away
    front = area > 1e-6
    return Pixels(flat[..., 0][front], flat[..., 1][front], sheet.points[..., 2][front], tone[front], area[front])


def splat(pixels: Pixels, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Spread each point over the four pixels around it; what lies behind a nearer point is left out.

    Returns
    -------
    tone : np.ndarray [shape=(size, size), float64], the mean tone of what is seen in each pixel.
    cover : np.ndarray [shape=(size, size), float64, in [0, 1]], how much of the pixel is covered.

    References
    ----------
    Zwicker et al. (2001), Surface splatting, SIGGRAPH.
    """
    width = size + 4
    column, row = np.clip(pixels.column + 2, 0, width - 2), np.clip(pixels.row + 2, 0, width - 2)
    left, top = column.astype(np.intp), row.astype(np.intp)
    right, low = column - left, row - top
    nearest = np.full(width * width, -9.0)
    np.maximum.at(nearest, (row + 0.5).astype(np.intp) * width + (column + 0.5).astype(np.intp), pixels.depth)
    nearest = grey_closing(nearest.reshape(width, width), size=(3, 3)).ravel()
    every, total, weight, cover = np.zeros((4, width * width))
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        index = (top + dy) * width + left + dx
        share = pixels.area * (right if dx else 1 - right) * (low if dy else 1 - low)
        cover += np.bincount(index, share, width * width)
        every += np.bincount(index, share * pixels.tone, width * width)
        share = share * (pixels.depth > nearest[index] - 0.06)
        weight += np.bincount(index, share, width * width)
        total += np.bincount(index, share * pixels.tone, width * width)
    front, behind = total / np.maximum(weight, 1e-9), (every - total) / np.maximum(cover - weight, 1e-9)
    share = np.where(cover - weight > 0.02, np.clip(1.1 * weight, 0, 1), 1.0)
    tone = share * front + (1 - share) * behind
    inner = (slice(2, -2), slice(2, -2))
    return tone.reshape(width, width)[inner], np.clip(1.15 * cover, 0, 1).reshape(width, width)[inner]


def expose(tone: np.ndarray, blur: float, noise: float, rng: np.random.RandomState | np.random.Generator) -> np.ndarray:
    """What a camera makes of it: lens blur (pixels), a gamma curve, sensor noise (grey levels), 8 bits."""
    grey = 255 * np.clip(1.5 * (gaussian_filter(tone, blur) if blur > 0 else tone), 0, 1.5) ** (1 / 1.5)
    grey = np.minimum(grey, 190) + 60 * (1 - np.exp(-np.clip(grey - 190, 0, None) / 60))  # bright parts saturate gently
    if noise > 0:
        grey = grey + noise * rng.normal(size=tone.shape)
    return np.clip(np.floor(grey + 0.5), 0, 255).astype(np.uint8)
