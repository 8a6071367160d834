"""The hair of a synthetic head: where it grows, how it hangs, and the beard."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from mmteach.datasets.face_shape import Person, bump, layout, step


def paint(albedo: np.ndarray, tone: float | np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Lay a tone over an albedo where `cover` is 1."""
    return albedo + cover * (tone - albedo)


def hair_tone(person: Person) -> float:
    """The albedo of this person's hair: from black to blond or white."""
    return 0.055 * float(np.exp(1.3 * person.hair_tone))


def strands(person: Person, shape: tuple[int, int]) -> np.ndarray:
    """Light and dark strands along the columns of a mesh: factors (R, C) round 1."""
    rng = np.random.RandomState(person.seed + 3)
    column = gaussian_filter(rng.normal(size=shape[1]), 0.7)
    return np.clip(1 + 0.35 * column + 0.5 * gaussian_filter(rng.normal(size=shape), (5, 0.8)) * 2.0, 0.3, 2)


def hair(person: Person, y: np.ndarray, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where hair grows and how far it stands off the head.

    Parameters
    ----------
    y : np.ndarray [shape=(R, C)], height.
    theta : np.ndarray [shape=(C,), rad], angle round the head.

    Returns
    -------
    cover, volume : np.ndarray [shape=(R, C), float64]; cover in [0, 1], volume in head units.
    """
    rng, style = np.random.RandomState(person.seed), person.hair
    top = layout(person).hair_y + {"fringe": -0.25, "receding": 0.22, "long": 0.03}.get(style, 0.0)
    down = {"long": -0.35, "curly": -0.25, "fringe": -0.2}.get(style, 0.15)
    degrees = np.abs(np.rad2deg(theta))
    if style == "fringe":
        line = np.where(degrees > 60, down - top, 0.0)
    else:  # a rounded forehead, sideburns before the ears, hair over and behind them
        line = np.interp(degrees, [0, 25, 40, 50, 57, 64], [0, -0.01, -0.07, -0.2, -0.4, -0.62])
        line = np.where(degrees > 72, down - top, line)
    line = np.where(degrees > 103, -0.5 - top, line)
    line = top + gaussian_filter(line, 2, mode="nearest") + 0.05 * np.sin(theta + rng.uniform(0, 6.28))
    line += sum(0.006 * np.sin(k * theta + rng.uniform(0, 6.28)) for k in (17, 29, 43))
    cover = gaussian_filter(step((y - line) / 0.026), (0.7, 1.4))
    if style == "bald":
        cover = cover * 0.0
    thick = {"short": 0.055, "fringe": 0.08, "long": 0.10, "receding": 0.035, "curly": 0.13}.get(style, 0.0)
    waves = sum(np.sin(k * theta * 3 + j * 4 * y + rng.uniform(0, 6.28)) for k, j in ((2, 3), (4, -5), (5, 6)))
    return cover, cover * thick * (1 + (0.22 if style == "curly" else 0.05) * waves)


def beard(person: Person, x: np.ndarray, y: np.ndarray, albedo: np.ndarray, dark: float) -> np.ndarray:
    """Lay stubble, a moustache or a full beard over the albedo."""
    rng, s = np.random.RandomState(person.seed + 2), layout(person)
    grain = 1 + 0.25 * rng.normal(size=x.shape)
    jaw = step((s.mouth_y + 0.12 - y + 0.55 * np.clip(np.abs(x) - 0.4, 0, 1)) / 0.035)
    lip = bump(x, y, 0, s.mouth_y + 1.9 * s.lip, 1.05 * s.mouth_w, 0.05)
    lip = np.clip(1.6 * lip - 0.3, 0, 1) * step((y - s.mouth_y - 0.8 * s.lip) / 0.012)
    bare = np.exp(-(((x - s.mouth_x) / (s.mouth_w * 1.05)) ** 4) - ((y - s.mouth_y) / (1.5 * s.lip)) ** 4)
    jaw = jaw * (1 - bare)
    cover = {"stubble": 0.30 * np.maximum(jaw, lip), "moustache": 0.85 * lip, "full": 0.85 * np.maximum(jaw, lip)}
    return paint(albedo, dark * grain, np.clip(cover.get(person.beard, 0 * x) * grain, 0, 1))


def locks(person: Person) -> list[tuple[np.ndarray, np.ndarray]]:
    """Long hair that hangs down: at either side of the face and behind the neck, each points and albedo."""
    if person.hair != "long":
        return []
    y = np.linspace(0.55, -1.3, 130)[:, None]
    a = np.linspace(0, 2 * np.pi, 72)
    wave = 0.02 * np.sin(5 * y + person.seed % 7)
    thick = 0.12 * step((0.32 - y) / 0.12) + 0.03
    sheets = []
    for sign in (-1, 1):
        x = sign * (0.70 + 0.04 * person.face_width + 0.05 * step((-0.2 - y) / 0.2)) + wave + thick * np.cos(a)
        z = 0.02 + 0.36 * step((0.45 - y) / 0.1) * np.sin(a)
        points = np.stack([x, np.broadcast_to(y, x.shape), z], -1)[:, ::-1]
        sheets.append((points, hair_tone(person) * strands(person, x.shape)))
    x = np.linspace(-0.8, 0.8, 90) * np.sqrt(np.clip((0.6 - y) / 0.6, 0.0, 1))
    points = np.stack([x, np.broadcast_to(y, x.shape), np.full(x.shape, -0.45)], -1)
    return [*sheets, (points, 0.5 * hair_tone(person) * strands(person, x.shape))]
