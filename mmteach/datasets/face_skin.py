"""The surface of a synthetic head: hair, ears, and how much light each point of the skin sends back (albedo)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from mmteach.datasets.face_hair import beard, hair, hair_tone, paint, strands
from mmteach.datasets.face_shape import Person, bump, expression_units, layout, nose, relief, skull, step

LANDMARK_NAMES = (
    "brow_left_outer",
    "brow_left_middle",
    "brow_left_inner",
    "brow_right_inner",
    "brow_right_middle",
    "brow_right_outer",
    "eye_left_outer",
    "eye_left_top",
    "eye_left_inner",
    "eye_left_bottom",
    "eye_right_inner",
    "eye_right_top",
    "eye_right_outer",
    "eye_right_bottom",
    "nose_root",
    "nose_tip",
    "nose_left",
    "nose_base",
    "nose_right",
    "mouth_left",
    "mouth_top",
    "mouth_right",
    "mouth_bottom",
    "cheek_left",
    "jaw_left",
    "chin",
    "jaw_right",
    "cheek_right",
)  # left and right as the viewer sees them


class Head(NamedTuple):
    """One person's head, ready to be turned and lit.

    points (R, C, 3); albedo, gloss, teeth and open_sky (R, C) in [0, 1]; units[name] (R, C, 3) is what an
    expression unit adds to points; landmarks (L,) are indices into the R * C points.
    """

    points: np.ndarray
    albedo: np.ndarray
    gloss: np.ndarray
    teeth: np.ndarray
    open_sky: np.ndarray
    units: dict[str, np.ndarray]
    landmarks: np.ndarray


def complexion(person: Person, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The bare skin: its tone, flushed cheeks, shaded eyes, blotches, freckles and moles, as albedo (R, C)."""
    rng, s, side = np.random.RandomState(person.seed + 1), layout(person), np.abs(x)
    tone = 0.35 * np.exp(0.5 * person.skin_tone)
    skin = 1 - 0.05 * bump(side, y, 0.42, -0.2, 0.16, 0.14) - 0.08 * bump(x, y, 0, s.nose_y + 0.06, 0.08, 0.08)
    skin -= 0.13 * bump(side, y, 0.9 * s.eye_x, s.eye_y, 0.16, 0.10)
    blotches = gaussian_filter(rng.normal(size=x.shape), 9)
    fine = gaussian_filter(rng.normal(size=x.shape), 1.6)
    skin += 0.045 * blotches / blotches.std()
    spots = bump(side, y, 0.28, -0.12, 0.2, 0.13)
    skin -= max(0.0, person.freckles) * 0.16 * spots * np.clip(fine / fine.std() - 0.5, 0, 2)
    for _ in range(int(rng.uniform(0, 4))):
        skin -= 0.55 * bump(x, y, rng.uniform(-0.5, 0.5), rng.uniform(-0.85, 0.6), 0.017, 0.017)
    return tone * skin


def features(person: Person, x: np.ndarray, y: np.ndarray, albedo: np.ndarray, dark: float) -> np.ndarray:
    """Lay brows, eyes, nostrils and lips over the skin (R, C)."""
    p, s, side = person, layout(person), np.abs(x)
    arch = s.brow_y + 0.03 * p.brow_slant * (side - s.eye_x) / 0.15 - 0.9 * (side - s.eye_x - 0.03) ** 2
    thick = (0.030 + 0.012 * p.brow_thickness) * (1.15 - 0.9 * np.clip(side - s.eye_x, -0.1, 1))
    brow = (
        np.exp(-(np.abs((y - arch) / thick) ** 3)) * step((side - 0.13) / 0.02) * step((s.eye_x + 0.19 - side) / 0.02)
    )
    albedo = paint(albedo, dark * (1.3 - 0.5 * p.brow_tone), (0.75 + 0.2 * p.brow_tone) * brow)
    along, eye_y = (side - s.eye_x) / s.eye_w, s.eye_y + 0.022 * p.eye_slant * (side - s.eye_x) / s.eye_w
    lid = s.eye_h * np.clip(1 - along**2, 0, 1) ** 0.75
    inside = step((lid - np.abs(y - eye_y)) / 0.007) * (np.abs(along) < 1)
    albedo = paint(albedo, 0.06, 0.95 * np.exp(-(((y - eye_y - lid - 0.008) / 0.016) ** 2)) * (np.abs(along) < 1.05))
    albedo = paint(albedo, 0.55 * albedo, 0.6 * bump(along, y - eye_y, 0, s.eye_h + 0.05, 0.8, 0.012))  # crease
    albedo = paint(albedo, 0.30 + 0.45 * float(np.median(albedo)), inside)
    away = np.hypot(side - s.eye_x, y - eye_y - 0.008)
    albedo = paint(albedo, 0.085 * np.exp(0.8 * p.iris_tone), inside * step((0.066 - away) / 0.006))
    albedo = paint(albedo, 0.02, inside * step((0.030 - away) / 0.006))
    albedo = paint(albedo, 0.05, 0.7 * bump(side, y, 0.5 * s.nose_w, s.nose_y + 0.004, 0.028, 0.012))
    lips = np.exp(-((np.abs(x - s.mouth_x) / s.mouth_w) ** 5))
    bow = s.lip * (1.05 - 0.15 * bump(x, x, s.mouth_x, 0, 0.03, 1e9))
    tall = np.where(y > s.mouth_y, bow, 1.25 * s.lip) * np.clip(1 - ((x - s.mouth_x) / s.mouth_w) ** 2, 0, 1) ** 0.6
    lips = lips * step((tall - np.abs(y - s.mouth_y)) / 0.010)
    return paint(albedo, albedo * (0.56 - 0.18 * p.lip_tone), lips)


def mouth_line(person: Person, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 on the dark line between the lips, which `jaw_drop` pulls open (R, C)."""
    s = layout(person)
    return step((0.016 - np.abs(y - s.mouth_y)) / 0.003) * step((0.97 * s.mouth_w - np.abs(x - s.mouth_x)) / 0.012)


def landmark_targets(person: Person) -> np.ndarray:
    """Where the landmarks lie on the resting face, seen from the front: (L, 2), in LANDMARK_NAMES order."""
    s, tilt = layout(person), 0.022 * person.eye_slant
    inner, outer = s.eye_x - s.eye_w, s.eye_x + s.eye_w
    brow = [(s.eye_x + 0.17, s.brow_y - 0.02), (s.eye_x, s.brow_y), (0.15, s.brow_y - 0.02)]
    eye = [(outer, s.eye_y + tilt), (s.eye_x, s.eye_y + s.eye_h), (inner, s.eye_y - tilt)]
    low = (s.eye_x, s.eye_y - s.eye_h)
    left = [(-x, y) for x, y in [*brow, *eye, low]]
    right = [*brow[::-1], *eye[::-1], low]
    points = [*left[:3], *right[:3], *left[3:], *right[3:]]
    points += [(0, s.eye_y + 0.04), (0, s.nose_y + 0.075), (-s.nose_w, s.nose_y + 0.05), (0, s.nose_y - 0.02)]
    points += [(s.nose_w, s.nose_y + 0.05), (s.mouth_x - s.mouth_w, s.mouth_y), (s.mouth_x, s.mouth_y + s.lip)]
    points += [(s.mouth_x + s.mouth_w, s.mouth_y), (s.mouth_x, s.mouth_y - 1.2 * s.lip)]
    wide = 1 + 0.06 * person.face_width
    cheek, jaw = 0.70 * wide, (0.53 + 0.06 * person.jaw_width) * wide
    return np.array([*points, (-cheek, -0.1), (-jaw, -0.58), (0, s.chin_y + 0.06), (jaw, -0.58), (cheek, -0.1)])


def surface(person: Person, x: np.ndarray, y: np.ndarray, cover: np.ndarray, ear: np.ndarray) -> np.ndarray:
    """The albedo of a whole head (R, C): skin, features, ears, beard, hair, one over the other."""
    dark = hair_tone(person)
    albedo = features(person, x, y, complexion(person, x, y), min(dark, 0.16))
    albedo = paint(albedo, 0.8 * albedo, ear * 0.5)
    albedo = beard(person, x, y, albedo, min(dark, 0.2))
    return paint(albedo, dark * strands(person, x.shape), cover)


def nearest_points(x: np.ndarray, y: np.ndarray, degrees: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """For each target (L, 2) the index (L,) of the nearest point of the mesh, leaving out the back of the head."""
    far = np.hypot(x.ravel() - targets[:, :1], y.ravel() - targets[:, 1:])
    return np.argmin(far + 9.0 * np.tile(degrees > 80, x.shape[0]), axis=1)


@lru_cache(maxsize=4)  # a head takes 11 MB
def build_head(person: Person) -> Head:
    """Build a person's head once; every picture of the person starts from it."""
    points, theta = skull(person)
    s, degrees = layout(person), np.abs(np.rad2deg(theta))
    x, y = points[..., 0].copy(), points[..., 1].copy()
    in_front = step((np.cos(theta) - 0.15) / 0.04)
    points[..., 2] += in_front * (relief(x, y, person) + nose(x, y, person))
    cover, volume = hair(person, y, theta)
    tall = 0.17 + 0.03 * person.ear_size
    ear = np.exp(-(((y + 0.04) / tall) ** 4) - ((degrees - 84) / 6) ** 2) * (1 - cover)
    points[..., 0] += np.sign(x) * (0.10 + 0.03 * person.ear_size) * ear
    points += volume[..., None] * points / np.linalg.norm(points, axis=-1, keepdims=True)
    points[..., 1] += in_front * 0.035 * person.mouth_curve * bump(np.abs(x), y, s.mouth_w, s.mouth_y, 0.1, 0.1)
    depth = points[..., 2]
    open_sky = np.clip(1 + 2.6 * (depth - gaussian_filter(depth, (11, 8))), 0.45, 1.15)  # hollows see less sky
    line = mouth_line(person, x, y) * in_front
    albedo = paint(surface(person, x, y, cover, ear), 0.035, line)
    eyes = np.exp(-((np.hypot(np.abs(x) - s.eye_x, y - s.eye_y) / 0.09) ** 4))
    gloss = 0.10 + 0.25 * cover + 0.5 * eyes * in_front
    teeth = line * step((y - s.mouth_y) / 0.002)
    free = (in_front * (1 - cover))[..., None]  # hair does not smile
    units = {name: unit * free for name, unit in expression_units(x, y, person).items()}
    landmarks = nearest_points(x, y, degrees, landmark_targets(person))
    return Head(points, albedo, gloss, teeth, open_sky, units, landmarks)
