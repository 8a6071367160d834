"""Steps: what every change to a picture, a recording or a text has in common.

A step is a small frozen object: its parameters are its fields, calling it turns one medium into another. A list of
steps is therefore its own description, can be shown before and after, and can be saved as JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from mmteach.errors import DataError
from mmteach.preprocess.audio import AUDIO_STEPS
from mmteach.preprocess.image import IMAGE_STEPS, Standardise
from mmteach.preprocess.text import TEXT_STEPS
from mmteach.types import Image, Media, Waveform


@runtime_checkable
class Step(Protocol):
    """One change to a medium."""

    def __call__(self, medium: Any, /) -> Any:
        """Return the changed medium; the given one stays as it is."""


M = TypeVar("M", bound=Media)

_TAKES: dict[type, tuple[type, str]] = {
    **dict.fromkeys(IMAGE_STEPS, (Image, "a picture")),
    **dict.fromkeys(AUDIO_STEPS, (Waveform, "a recording")),
    **dict.fromkeys(TEXT_STEPS, (str, "a text")),
}
STEPS = {step.__name__: step for step in _TAKES}


def apply_steps(medium: M, steps: Sequence[Step]) -> M:
    """Run a medium through the steps, in order.

    Raises
    ------
    DataError : a step was made for another kind of medium.
    """
    for step in steps:
        _require_kind(medium, step)
        medium = step(medium)
    return medium


def before_and_after(medium: M, steps: Sequence[Step]) -> list[tuple[str, M]]:
    """Run the steps and keep what came out of each: [("original", medium), ("Grey", ...), ...]."""
    trail = [("original", medium)]
    for step in steps:
        medium = apply_steps(medium, [step])
        trail.append((type(step).__name__, medium))
    return trail


def fit_steps(media: Sequence[M], steps: Sequence[Step]) -> tuple[tuple[Step, ...], list[M]]:
    """Fit what needs fitting, each step on media that have passed the steps before it.

    Returns
    -------
    The fitted steps and the media after the last of them.
    """
    fitted: list[Step] = []
    for step in steps:
        for medium in media:
            _require_kind(medium, step)
        ready: Step = step.fit(media) if isinstance(step, Standardise) else step  # type: ignore[arg-type]
        media = [ready(medium) for medium in media]
        fitted.append(ready)
    return tuple(fitted), list(media)


def _require_kind(medium: Media, step: Step) -> None:
    kind, name = _TAKES.get(type(step), (object, ""))
    if not isinstance(medium, kind):
        raise DataError(
            f"{name} was needed, a {type(medium).__name__} came: {type(step).__name__} takes nothing else, so name a "
            "modality that holds the right kind"
        )
