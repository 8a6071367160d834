"""Exercises of chapter 12: several tasks on one body."""

from mmteach.exercises.chapters.multitask.pcgrad import PCGRAD
from mmteach.exercises.chapters.multitask.uncertainty import UNCERTAINTY

EXERCISES = (UNCERTAINTY, PCGRAD)
