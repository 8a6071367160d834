"""Exercises of chapter 9: rare classes, unequal modalities, missing modalities."""

from mmteach.exercises.chapters.imbalance.focal import FOCAL
from mmteach.exercises.chapters.imbalance.logit_adjust import LOGIT_ADJUST
from mmteach.exercises.chapters.imbalance.modality_dropout import MODALITY_DROPOUT
from mmteach.exercises.chapters.imbalance.ogm import OGM
from mmteach.exercises.chapters.imbalance.sampler import SAMPLER
from mmteach.exercises.chapters.imbalance.weights import WEIGHTS

EXERCISES = (WEIGHTS, SAMPLER, FOCAL, LOGIT_ADJUST, OGM, MODALITY_DROPOUT)
