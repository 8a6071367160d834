"""Synthetic people and their pictures: a head that can be turned, lit, and made to smile.

    person = people(40)[0]  ->  render(person, pose=(20, 0, 0), expression="happy")  ->  image, landmarks

Nothing here is learned from, or looks like, anyone who lives.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from mmteach.datasets.face_hair import locks, paint
from mmteach.datasets.face_render import (
    Pixels,
    Sheet,
    cast_shadow,
    direction,
    expose,
    project,
    rotation,
    shade,
    splat,
    to_pixels,
)
from mmteach.datasets.face_scene import EXPRESSIONS, GLASSES, Rng, Scene, change, check_choice, check_range
from mmteach.datasets.face_shape import BEARDS, HAIR_STYLES, Person
from mmteach.datasets.face_skin import LANDMARK_NAMES, Head, build_head
from mmteach.datasets.face_wear import glasses, neck, plain, scarf
from mmteach.errors import ParameterError

__all__ = [
    "BEARDS",
    "EXPRESSIONS",
    "GLASSES",
    "HAIR_STYLES",
    "LANDMARK_NAMES",
    "Person",
    "Rendering",
    "Scene",
    "detect",
    "people",
    "person_parameters",
    "random_person",
    "render",
]


class Rendering(NamedTuple):
    """A picture, the true places of its landmarks in pixels, and which of them can be seen.

    image : np.ndarray [shape=(H, W), uint8]
    landmarks : np.ndarray [shape=(L, 2), float32], column and row, in LANDMARK_NAMES order
    visible : np.ndarray [shape=(L,), bool]
    """

    image: np.ndarray
    landmarks: np.ndarray
    visible: np.ndarray


def check(person: Person) -> None:
    """Raise a ParameterError that names the first field of a person that is out of range."""
    check_choice("hair", person.hair, HAIR_STYLES)
    check_choice("beard", person.beard, BEARDS)
    for name in person_parameters():
        check_range(name, getattr(person, name), -1, 1)


def person_parameters() -> tuple[str, ...]:
    """The names of the numbers that make a person, each in [-1, 1]."""
    return tuple(f.name for f in fields(Person) if f.name not in ("seed", "hair", "beard"))


def random_person(rng: Rng, spread: float = 0.62) -> Person:
    """Draw a person: each number from a normal distribution of standard deviation `spread`, kept in [-1, 1]."""
    names = person_parameters()
    numbers = np.clip(spread * rng.normal(size=len(names)), -1, 1)
    hair = HAIR_STYLES[int(np.searchsorted(np.cumsum([0.3, 0.15, 0.3, 0.1, 0.1]), rng.uniform()))]
    beard = "none"
    if hair != "long":
        beard = BEARDS[int(np.searchsorted(np.cumsum([0.6, 0.2, 0.1]), rng.uniform()))]
    seed = int(rng.uniform(0, 2**31 - 8))
    return Person(seed, hair, beard, **dict(zip(names, numbers.round(4).tolist(), strict=True)))


def people(n: int, seed: int = 0) -> list[Person]:
    """Draw n people; the same seed gives the same people."""
    if n < 1:
        raise ParameterError(f"n is {n}; at least 1 person is needed: ask for one or more.")
    rng = np.random.RandomState(seed)
    return [random_person(rng) for _ in range(n)]


def deform(head: Head, expression: str, strength: float) -> np.ndarray:
    """The points of a head (R, C, 3) with an expression."""
    points = head.points.copy()
    for unit, weight in EXPRESSIONS[expression].items():
        if unit != "teeth":
            points += (strength * weight) * head.units[unit]
    return points


def sheets(person: Person, head: Head, scene: Scene, light: np.ndarray) -> list[Sheet]:
    """All surfaces of a picture, turned as the scene asks: head, long hair, glasses, scarf, neck."""
    rest, turn = deform(head, scene.expression, scene.strength), rotation(*scene.pose).T
    teeth = scene.strength * EXPRESSIONS[scene.expression].get("teeth", 0.0) * head.teeth
    albedo = paint(head.albedo, 0.6, np.clip(teeth, 0, 1))
    points = rest @ turn
    face = Sheet(points, albedo, head.gloss, head.open_sky, cast_shadow(points, light))
    worn = [plain(grid, tone, gloss=0.3) for grid, tone in locks(person)]
    worn += [] if scene.glasses == "none" else glasses(person, head, scene.glasses == "dark")
    worn += [scarf(person, head, rest)] if scene.scarf else []
    stem, (yaw, pitch, roll) = neck(float(np.median(head.albedo)), scene.clothes), scene.pose
    stem = stem._replace(points=stem.points @ rotation(0.4 * yaw, 0.2 * pitch, 0.5 * roll).T)
    return [face, *(sheet._replace(points=sheet.points @ turn) for sheet in worn), stem]


def visible(points: np.ndarray, head: Head, scene: Scene) -> np.ndarray:
    """Which landmarks (L,) face the camera and are not under a scarf or dark glasses."""
    row, column = np.unravel_index(head.landmarks, points.shape[:2])
    down = points[row + 2, column] - points[row - 2, column]
    along = points[row, column + 2] - points[row, column - 2]
    seen = along[:, 0] * down[:, 1] - along[:, 1] * down[:, 0] < 0
    under = ["nose_tip", "nose_left", "nose_base", "nose_right", "mouth", "jaw", "chin"] if scene.scarf else []
    under += ["eye"] if scene.glasses == "dark" else []
    return seen & np.array([not name.startswith(tuple(under)) for name in LANDMARK_NAMES])


def detect(rendering: Rendering, rng: Rng, error: float = 1.0) -> np.ndarray:
    """What a landmark detector would return: the true places with an error, larger where it must guess.

    Parameters
    ----------
    error : standard deviation in pixels where the landmark is seen; three times that where it is hidden.

    Returns
    -------
    np.ndarray [shape=(L, 2), float32]
    """
    check_range("error", error, 0, 20, " pixels")
    spread = np.where(rendering.visible, error, 3 * error)[:, None]
    return (rendering.landmarks + spread * rng.normal(size=rendering.landmarks.shape)).astype(np.float32)


def render(
    person: Person, scene: Scene | None = None, *, size: int = 96, rng: Rng | None = None, **changes: Any
) -> Rendering:
    """Take a picture of a person.

    Parameters
    ----------
    person : whom; see `people` and `random_person`.
    scene : how; default an even light from the front.
    size : of the picture, pixels, in [32, 192].
    rng : draws the sensor noise; default a fixed one, so that the same call gives the same picture.
    **changes : fields of Scene, for example `pose=(20, 0, 0)` or `expression="happy"`.

    Returns
    -------
    Rendering : image (size, size) uint8, landmarks (L, 2) float32 in pixels, visible (L,) bool.

    Raises
    ------
    ParameterError : when a value of person, scene or size is out of range.

    Examples
    --------
    >>> render(people(1)[0], pose=(15, 0, 0), expression="happy").image.shape
    (96, 96)
    """
    check(person)
    check_range("size", size, 32, 192, " pixels")
    scene = change(scene or Scene(), **changes)
    head, light = build_head(person), direction(*scene.light)
    surfaces = sheets(person, head, scene, light)
    flat = [project(sheet.points, size, scene.zoom, scene.shift) for sheet in surfaces]
    dots = [to_pixels(s, shade(s, light, scene.ambient), where) for s, where in zip(surfaces, flat, strict=True)]
    tone, cover = splat(Pixels(*map(np.concatenate, zip(*dots, strict=True))), size)
    wall = scene.background * (1.1 - 0.3 * np.linspace(0, 1, size)[:, None])
    rng = np.random.RandomState(0) if rng is None else rng
    image = expose(cover * tone + (1 - cover) * wall, scene.blur * size / 96, scene.noise, rng)
    landmarks = flat[0].reshape(-1, 2)[head.landmarks].astype(np.float32)
    return Rendering(image, landmarks, visible(surfaces[0].points, head, scene))
