"""The shape of a synthetic head: a mesh of points, what makes it one person, and what an expression moves.

Head coordinates: x to the viewer's right, y up, z towards the viewer. The eyes are near y = 0.1, the chin near
y = -1, the crown near y = 1.1; one unit is about 11 cm. A mesh is a grid (R, C, 3): R rings from crown to chin,
C columns from the left round the front to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

HAIR_STYLES = ("short", "fringe", "long", "receding", "curly", "bald")
BEARDS = ("none", "stubble", "moustache", "full")
N_RINGS, N_COLUMNS = 216, 185  # odd: one column runs down the middle of the nose


@dataclass(frozen=True)
class Person:
    """What stays the same from one picture of a person to the next.

    Every number lies in [-1, 1]; 0 is the average face. `seed` draws freckles, moles and strands of hair.
    """

    seed: int = 0
    hair: str = "short"
    beard: str = "none"
    face_width: float = 0.0
    face_fullness: float = 0.0
    forehead: float = 0.0
    cheekbones: float = 0.0
    jaw_width: float = 0.0
    chin_length: float = 0.0
    chin_width: float = 0.0
    brow_height: float = 0.0
    brow_ridge: float = 0.0
    brow_thickness: float = 0.0
    brow_slant: float = 0.0
    eye_spacing: float = 0.0
    eye_size: float = 0.0
    eye_slant: float = 0.0
    eye_depth: float = 0.0
    nose_length: float = 0.0
    nose_width: float = 0.0
    nose_bridge: float = 0.0
    nose_tip: float = 0.0
    mouth_height: float = 0.0
    mouth_width: float = 0.0
    mouth_curve: float = 0.0
    lip_fullness: float = 0.0
    ear_size: float = 0.0
    asymmetry: float = 0.0
    hairline: float = 0.0
    skin_tone: float = 0.0
    hair_tone: float = 0.0
    brow_tone: float = 0.0
    lip_tone: float = 0.0
    iris_tone: float = 0.0
    freckles: float = 0.0


class Layout(NamedTuple):
    """Where the features of a face lie, in head coordinates; `_w` and `_h` are half widths and half heights."""

    eye_x: float
    eye_y: float
    eye_w: float
    eye_h: float
    brow_y: float
    nose_y: float
    nose_w: float
    mouth_x: float
    mouth_y: float
    mouth_w: float
    lip: float
    chin_y: float
    hair_y: float


def layout(person: Person) -> Layout:
    """Where this person's features lie.

    Examples
    --------
    >>> layout(Person(mouth_width=1)).mouth_w > layout(Person()).mouth_w
    True
    """
    p = person
    eye_y = 0.09 + 0.02 * p.forehead
    nose_y = -0.33 - 0.06 * p.nose_length
    return Layout(
        eye_x=0.315 + 0.035 * p.eye_spacing,
        eye_y=eye_y,
        eye_w=0.148 + 0.018 * p.eye_size,
        eye_h=0.056 + 0.013 * p.eye_size,
        brow_y=eye_y + 0.205 + 0.04 * p.brow_height,
        nose_y=nose_y,
        nose_w=0.135 + 0.032 * p.nose_width,
        mouth_x=0.02 * p.asymmetry,
        mouth_y=nose_y - 0.225 - 0.035 * p.mouth_height,
        mouth_w=0.25 + 0.04 * p.mouth_width,
        lip=0.080 + 0.024 * p.lip_fullness,
        chin_y=-1.02 - 0.06 * p.chin_length,
        hair_y=0.68 + 0.09 * p.hairline,
    )


def bump(x: np.ndarray, y: np.ndarray, cx: float, cy: float, sx: float, sy: float) -> np.ndarray:
    """A Gaussian hill of height 1 at (cx, cy); sx and sy are its standard deviations."""
    return np.exp(-0.5 * (((x - cx) / sx) ** 2 + ((y - cy) / sy) ** 2))


def step(t: np.ndarray) -> np.ndarray:
    """A soft step from 0 to 1 (logistic)."""
    return 1.0 / (1.0 + np.exp(-np.clip(t, -40, 40)))


def skull(person: Person) -> tuple[np.ndarray, np.ndarray]:
    """The head without features: rings that are superellipses, narrower towards jaw and chin.

    Returns
    -------
    points : np.ndarray [shape=(R, C, 3), float64]
    theta : np.ndarray [shape=(C,), float64, rad], the angle round the head; 0 is the front.
    """
    p, spots = person, layout(person)
    phi = np.linspace(0.05, np.pi - 0.05, 2000)
    level = np.cos(phi) * np.where(phi < np.pi / 2, 1.1 + 0.04 * p.forehead, -spots.chin_y)
    mouth, eyes = level - spots.mouth_y, level - spots.eye_y
    dense = (
        1 + 7 * np.exp(-((mouth / 0.016) ** 2)) + np.exp(-((mouth / 0.1) ** 2)) + 0.6 * np.exp(-((eyes / 0.15) ** 2))
    )
    count = np.cumsum(dense)
    phi = np.interp(np.linspace(count[0], count[-1], N_RINGS), count, phi)[:, None]
    y = np.cos(phi) * np.where(phi < np.pi / 2, 1.1 + 0.04 * p.forehead, -spots.chin_y)
    t = np.linspace(-1, 1, N_COLUMNS)
    theta = np.deg2rad(125) * (0.72 * t + 0.28 * t**3)  # more columns in front

    def ring(power_up: float, power_down: float) -> np.ndarray:
        power = np.where(y > 0, power_up, power_down)
        return (1 - np.abs(np.cos(phi)) ** power) ** (1 / power)

    jaw, chin = 0.70 + 0.07 * p.jaw_width + 0.03 * p.face_fullness, 0.60 + 0.08 * p.chin_width
    half = 0.745 + 0.02 * p.forehead + (jaw - 0.745) * step((-0.36 - y) / 0.11)
    half = (half + (chin - jaw) * step((-0.8 - y) / 0.07)) * (1 + 0.06 * p.face_width) * ring(2.4, 2.6)
    front = (0.83 - 0.03 * step((-0.2 - y) / 0.2)) * ring(2.5, 3.4)
    back = 0.98 * ring(2.3, 2.0) * (1 - 0.35 * step((-0.5 - y) / 0.15))
    depth = np.where(np.cos(theta) > 0, front, back)
    r = (np.abs(np.sin(theta) / half) ** 2.25 + np.abs(np.cos(theta) / depth) ** 2.25) ** (-1 / 2.25)
    return np.stack([r * np.sin(theta), np.broadcast_to(y, r.shape), r * np.cos(theta)], axis=-1), theta


def relief(x: np.ndarray, y: np.ndarray, person: Person) -> np.ndarray:
    """How far brow, eyes, cheeks, mouth and chin stand out from the skull (the nose: `nose`).

    Parameters
    ----------
    x, y : np.ndarray [shape=(R, C), float64], positions in head coordinates.

    Returns
    -------
    np.ndarray [shape=(R, C), float64], added to z.
    """
    p, s, side = person, layout(person), np.abs(x)
    z = (0.055 + 0.03 * p.brow_ridge) * bump(side, y, 0.26, s.brow_y - 0.04, 0.17, 0.06)
    z -= (0.135 + 0.035 * p.eye_depth) * bump(side, y, 0.93 * s.eye_x, s.eye_y + 0.01, 0.125, 0.095)
    z += 0.072 * bump(side, y, s.eye_x, s.eye_y, 0.095, 0.065)  # the eyeball under its lids
    z += 0.014 * bump(side, y, s.eye_x, s.eye_y + s.eye_h + 0.02, 0.12, 0.018)  # upper lid
    z += 0.010 * bump(side, y, s.eye_x, s.eye_y - s.eye_h - 0.02, 0.11, 0.018)  # lower lid
    z += (0.07 + 0.05 * p.cheekbones) * bump(side, y, 0.44, -0.10, 0.14, 0.11)
    z += (0.05 * p.face_fullness - 0.015) * bump(side, y, 0.42, -0.48, 0.13, 0.16)
    z += 0.03 * bump(side, y, 0.25, 0.55, 0.2, 0.15) - 0.05 * bump(side, y, 0.66, 0.32, 0.1, 0.15)
    z += 0.10 * bump(x, y, s.mouth_x, s.mouth_y + 0.03, 0.25, 0.15)  # teeth under the lips
    fold = side - (s.nose_w + 0.05 + 0.45 * (s.nose_y + 0.04 - y))
    z -= 0.018 * np.exp(-((fold / 0.03) ** 2)) * bump(y, y, s.mouth_y + 0.13, 0, 0.09, 1e9)
    wide = np.exp(-(((x - s.mouth_x) / s.mouth_w) ** 4))
    z += 0.055 * wide * bump(y, y, s.mouth_y + 0.55 * s.lip, 0, 0.5 * s.lip, 1e9)
    z += 0.070 * wide**2 * bump(y, y, s.mouth_y - 0.65 * s.lip, 0, 0.5 * s.lip, 1e9)
    z -= 0.045 * wide * bump(y, y, s.mouth_y, 0, 0.016, 1e9)
    z -= 0.020 * bump(x, y, s.mouth_x / 2, (s.nose_y + s.mouth_y + s.lip) / 2, 0.025, 0.05)  # philtrum
    z -= 0.050 * bump(x, y, 0, s.mouth_y - 2.1 * s.lip - 0.02, 0.17, 0.04)
    return z + (0.10 + 0.03 * p.chin_length) * bump(x, y, 0, s.chin_y + 0.15, 0.15 + 0.05 * p.chin_width, 0.09)


def nose(x: np.ndarray, y: np.ndarray, person: Person) -> np.ndarray:
    """How far the nose stands out: a ridge that grows from the root to the tip, a ball, two wings."""
    p, s = person, layout(person)
    x = x - 0.012 * p.asymmetry
    t = np.clip((s.brow_y - y) / (s.brow_y - s.nose_y), 0, 1.1)
    height = 0.075 + 0.035 * p.nose_bridge + (0.23 + 0.04 * p.nose_tip) * t**1.4
    height += 0.03 * p.nose_bridge * bump(t, t, 0.45, 0.45, 0.2, 0.2)
    width = 0.066 + (0.045 + 0.018 * p.nose_width) * t
    ends = step((y - s.nose_y - 0.03) / 0.032) * step((s.brow_y + 0.02 - y) / 0.05)
    z = height * np.exp(-(np.abs(x / width) ** 1.8)) * ends
    z += 0.05 * bump(x, y, 0, s.nose_y + 0.075, 0.07 + 0.012 * p.nose_width, 0.055)
    return z + 0.10 * bump(np.abs(x), y, 0.78 * s.nose_w, s.nose_y + 0.05, 0.042, 0.045)


def expression_units(x: np.ndarray, y: np.ndarray, person: Person) -> dict[str, np.ndarray]:
    """What each muscle group moves, after the action units of Ekman and Friesen.

    Returns
    -------
    dict of np.ndarray [shape=(R, C, 3), float64], displacements at strength 1.

    References
    ----------
    Ekman and Friesen (1978), Facial Action Coding System.
    """
    s, side, sign = layout(person), np.abs(x), np.tanh(x / 0.1)
    none = np.zeros_like(x)
    out = np.abs(x - s.mouth_x) / s.mouth_w  # 1 at the corners of the mouth
    corner = np.where(out < 1, out**2, np.exp(-(((out - 1) / 0.5) ** 2))) * bump(y, y, s.mouth_y, 0, 0.13, 1e9)
    cheek = bump(side, y, 0.40, -0.2, 0.14, 0.13)
    inner = bump(side, y, 0.14, s.brow_y, 0.10, 0.09)
    brow = np.maximum(inner, bump(side, y, 0.34, s.brow_y, 0.16, 0.09))
    upper_lid = bump(side, y, s.eye_x, s.eye_y + s.eye_h, 0.11, 0.035)
    lower_lid = bump(side, y, s.eye_x, s.eye_y - s.eye_h, 0.11, 0.035)
    below = step((s.mouth_y - y) / 0.0038)  # 0 above the line between the lips, 1 below it
    chin = step((s.mouth_y - 0.2 - y) / 0.06)  # the lip opens as a lens, the chin moves as a whole
    lens = np.clip(1 - ((x - s.mouth_x) / (0.98 * s.mouth_w)) ** 2, 0, 1) ** 0.7
    drop = below * (lens + (np.exp(-((x / 0.6) ** 2)) - lens) * chin)
    lift = (1 - below) * bump(x, y, s.mouth_x, s.mouth_y, 0.6 * s.mouth_w, 0.08)
    lips = (y - s.mouth_y) * bump(x, y, s.mouth_x, s.mouth_y, s.mouth_w, 1.4 * s.lip)
    return {
        "smile": np.stack([0.07 * sign * corner, 0.095 * corner + 0.05 * cheek, 0.05 * cheek - 0.04 * corner], -1),
        "corners_down": np.stack([0.01 * sign * corner, -0.085 * corner, none], -1),
        "jaw_drop": np.stack([-0.05 * sign * corner, 0.03 * lift - 0.24 * drop, -0.05 * drop], -1),
        "brow_raise": np.stack([none, 0.105 * brow, none], -1),
        "inner_brow_raise": np.stack([-0.02 * sign * inner, 0.10 * inner, none], -1),
        "brow_lower": np.stack([-0.025 * sign * inner, -0.075 * inner - 0.035 * brow, 0.02 * inner], -1),
        "eyes_wide": np.stack([none, 0.04 * upper_lid - 0.012 * lower_lid, none], -1),
        "eyes_narrow": np.stack([none, -0.03 * upper_lid + 0.025 * lower_lid, none], -1),
        "lips_press": np.stack([none, -0.55 * lips, none], -1),
    }
