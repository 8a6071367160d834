"""Exercises of chapter 10: a space for two modalities, and whether anything is found in it."""

from mmteach.exercises.chapters.contrast.info_nce import INFO_NCE
from mmteach.exercises.chapters.contrast.recall_at_k import RECALL_AT_K

EXERCISES = (INFO_NCE, RECALL_AT_K)
