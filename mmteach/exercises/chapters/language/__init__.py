"""Exercises of chapter 16: from steps to a string."""

from mmteach.exercises.chapters.language.beam import BEAM
from mmteach.exercises.chapters.language.collapse import COLLAPSE

EXERCISES = (COLLAPSE, BEAM)
