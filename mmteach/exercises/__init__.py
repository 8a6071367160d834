"""Exercises that are checked as they are written, and know the misunderstanding behind a wrong answer."""

from mmteach.exercises.practice import exercise, overview

__all__ = ["exercise", "overview"]
