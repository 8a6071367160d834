"""Exercises of chapter 11: a teacher's soft targets, and what stays as it is while the rest learns."""

from mmteach.exercises.chapters.transfer.distill import DISTILL
from mmteach.exercises.chapters.transfer.freeze import FREEZE

EXERCISES = (DISTILL, FREEZE)
