"""How a synthetic person is photographed: pose, light, expression, what is worn, and the camera."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np

from mmteach.errors import ParameterError

Rng: TypeAlias = np.random.RandomState | np.random.Generator

EXPRESSIONS: dict[str, dict[str, float]] = {  # how strongly each unit of `face_shape.expression_units` acts
    "neutral": {},
    "happy": {"smile": 1.0, "eyes_narrow": 0.5, "jaw_drop": 0.25, "teeth": 1.0},
    "sad": {"corners_down": 1.0, "inner_brow_raise": 1.0, "eyes_narrow": 0.4},
    "surprised": {"brow_raise": 1.0, "eyes_wide": 1.0, "jaw_drop": 0.8},
    "angry": {"brow_lower": 1.0, "eyes_narrow": 0.5, "lips_press": 1.0, "corners_down": 0.3},
}
GLASSES = ("none", "clear", "dark")


def check_range(name: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raise a ParameterError when a number is outside [low, high]."""
    if not low <= value <= high:
        raise ParameterError(f"{name} is {value:g}{unit}; it must lie in [{low:g}, {high:g}]: choose a value inside.")


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise a ParameterError when a name is not among the choices."""
    if value not in choices:
        raise ParameterError(f"{name} is {value!r}; it must be one of {', '.join(choices)}: choose one of these.")


@dataclass(frozen=True)
class Scene:
    """What changes from one picture of a person to the next.

    Parameters
    ----------
    pose : (yaw, pitch, roll) in degrees: to the viewer's right, up, clockwise; in [-60, 60], [-40, 40], [-45, 45].
    light : (azimuth, elevation) of the lamp in degrees, seen from the face; in [-90, 90] and [-60, 90].
    ambient : share of light that comes from everywhere, in [0, 1].
    expression : a key of EXPRESSIONS.
    strength : of the expression, in [0, 1.5].
    glasses : "none", "clear" or "dark".
    scarf : whether a scarf hides mouth and chin.
    zoom : size of the head, in [0.7, 1.4]; 1 fills the picture.
    shift : of the head, in parts of the picture, right and down; each in [-0.2, 0.2].
    background, clothes : grey of each, in [0, 1].
    blur : of the lens, standard deviation in pixels at size 96, in [0, 4].
    noise : of the sensor, standard deviation in grey levels, in [0, 60].

    Raises
    ------
    ParameterError : when a value is outside its range; the sentence gives both.
    """

    pose: tuple[float, float, float] = (0.0, 0.0, 0.0)
    light: tuple[float, float] = (20.0, 30.0)
    ambient: float = 0.4
    expression: str = "neutral"
    strength: float = 1.0
    glasses: str = "none"
    scarf: bool = False
    zoom: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    background: float = 0.35
    clothes: float = 0.15
    blur: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, given, n in (("pose", self.pose, 3), ("light", self.light, 2), ("shift", self.shift, 2)):
            if np.shape(given) != (n,):
                raise ParameterError(f"{name} is {given!r}; it must be {n} numbers: give a tuple of {n}.")
        for name, value, limit in zip(("yaw", "pitch", "roll"), self.pose, (60, 40, 45), strict=True):
            check_range(name, value, -limit, limit, " degrees")
        check_range("light azimuth", self.light[0], -90, 90, " degrees")
        check_range("light elevation", self.light[1], -60, 90, " degrees")
        for value in self.shift:
            check_range("shift", value, -0.2, 0.2)
        ranges = {"ambient": (0, 1), "strength": (0, 1.5), "zoom": (0.7, 1.4), "background": (0, 1)}
        ranges |= {"clothes": (0, 1), "blur": (0, 4), "noise": (0, 60)}
        for name, (low, high) in ranges.items():
            check_range(name, getattr(self, name), low, high)
        check_choice("expression", self.expression, tuple(EXPRESSIONS))
        check_choice("glasses", self.glasses, GLASSES)


def change(scene: Scene, **changes: Any) -> Scene:
    """The same scene with some fields changed; a name that Scene does not have is a ParameterError."""
    names = [field.name for field in fields(Scene)]
    for name in changes:
        check_choice("field of Scene", name, tuple(names))
    return replace(scene, **changes)
