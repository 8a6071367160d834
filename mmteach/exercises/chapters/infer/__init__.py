"""Exercises of chapter 5: probabilities, and four ways to look at how good they are."""

from mmteach.exercises.chapters.infer.confusion_matrix import CONFUSION_MATRIX
from mmteach.exercises.chapters.infer.ece import ECE
from mmteach.exercises.chapters.infer.eer import EER
from mmteach.exercises.chapters.infer.softmax import SOFTMAX

EXERCISES = (SOFTMAX, CONFUSION_MATRIX, EER, ECE)
