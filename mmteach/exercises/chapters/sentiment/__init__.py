"""Exercises of chapter 7: two votes become one, and what happens when they contradict each other."""

from mmteach.exercises.chapters.sentiment.conflict import CONFLICT
from mmteach.exercises.chapters.sentiment.fuse import FUSE

EXERCISES = (FUSE, CONFLICT)
