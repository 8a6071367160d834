"""Exercises of chapter 13: samples between samples, and spectrograms with holes."""

from mmteach.exercises.chapters.augment.mixup import MIXUP
from mmteach.exercises.chapters.augment.spec_augment import SPEC_AUGMENT

EXERCISES = (SPEC_AUGMENT, MIXUP)
