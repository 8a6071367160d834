"""Exercises that are checked as they are written, and know the misunderstanding behind a wrong answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmteach.exercises.practice import exercise, overview

__all__ = ["exercise", "overview"]


def __getattr__(name: str) -> Any:
    """Import when asked: whoever only reads progress, as JupyterLab's server does, needs none of the engine."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mmteach.exercises import practice

    return getattr(practice, name)
