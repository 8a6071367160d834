"""Exercises of chapter 3: texture, words, voices."""

from mmteach.exercises.chapters.features.lbp import LBP
from mmteach.exercises.chapters.features.log_mel import LOG_MEL
from mmteach.exercises.chapters.features.tfidf import TFIDF

EXERCISES = (LBP, TFIDF, LOG_MEL)
