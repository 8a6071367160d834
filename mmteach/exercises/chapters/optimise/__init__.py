"""Exercises of chapter 14: fewer bits for each weight, and fewer weights."""

from mmteach.exercises.chapters.optimise.int8 import INT8
from mmteach.exercises.chapters.optimise.prune import PRUNE

EXERCISES = (INT8, PRUNE)
