"""Exercises of chapter 4: a loss, a step, a schedule."""

from mmteach.exercises.chapters.train.cross_entropy import CROSS_ENTROPY
from mmteach.exercises.chapters.train.schedule import SCHEDULE
from mmteach.exercises.chapters.train.sgd_step import SGD_STEP

EXERCISES = (CROSS_ENTROPY, SGD_STEP, SCHEDULE)
