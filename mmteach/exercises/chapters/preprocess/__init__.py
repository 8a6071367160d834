"""Exercises of chapter 2: cut, standardise, level, and split by person."""

from mmteach.exercises.chapters.preprocess.crop_center import CROP_CENTER
from mmteach.exercises.chapters.preprocess.group_split import GROUP_SPLIT
from mmteach.exercises.chapters.preprocess.rms_level import RMS_LEVEL
from mmteach.exercises.chapters.preprocess.standardise import STANDARDISE

EXERCISES = (CROP_CENTER, STANDARDISE, RMS_LEVEL, GROUP_SPLIT)
