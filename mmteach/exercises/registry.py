"""Find exercises by id. Each chapter's exercises stand in one module of `chapters`."""

from __future__ import annotations

import importlib

from mmteach.errors import ParameterError
from mmteach.exercises.definition import Exercise

CHAPTERS = {
    "welcome": 0,
    "multimodal": 1,
    "preprocess": 2,
    "features": 3,
    "train": 4,
    "infer": 5,
    "faces": 6,
    "sentiment": 7,
    "fusion": 8,
    "imbalance": 9,
    "contrast": 10,
    "transfer": 11,
    "multitask": 12,
    "augment": 13,
    "optimise": 14,
    "images": 15,
    "language": 16,
    "scale": 17,
}
"""First part of an id -> number of the chapter; the module of `chapters` has the same name."""


def of_chapter(name: str) -> tuple[Exercise, ...]:
    """Exercises of a chapter, in the order of its notebook."""
    return importlib.import_module(f"mmteach.exercises.chapters.{name}").EXERCISES


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, in order."""
    return [e for name in CHAPTERS for e in of_chapter(name)]


def find(id: str) -> Exercise:
    """Find an exercise by its id.

    Raises
    ------
    ParameterError : there is none; the sentence lists those of the chapter, or the chapters.
    """
    chapter = id.partition(".")[0] if isinstance(id, str) else ""
    if chapter not in CHAPTERS:
        raise ParameterError(f"no exercise is called {id!r}; an id begins with one of {', '.join(CHAPTERS)}")
    exercises = of_chapter(chapter)
    for exercise in exercises:
        if exercise.id == id:
            return exercise
    raise ParameterError(f"no exercise is called {id!r}; this chapter has {', '.join(e.id for e in exercises)}")
