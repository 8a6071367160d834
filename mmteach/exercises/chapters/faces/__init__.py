"""Exercises of chapter 6: compare two faces, take in somebody new."""

from mmteach.exercises.chapters.faces.enrol import ENROL
from mmteach.exercises.chapters.faces.verify import VERIFY

EXERCISES = (VERIFY, ENROL)
