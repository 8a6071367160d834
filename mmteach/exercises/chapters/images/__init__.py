"""Exercises of chapter 15: designed features beside a network."""

from mmteach.exercises.chapters.images.hog_plus_cnn import HOG_PLUS_CNN

EXERCISES = (HOG_PLUS_CNN,)
