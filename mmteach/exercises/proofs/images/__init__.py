"""Proofs of chapter 15."""

from mmteach.exercises.proofs.images.hog_plus_cnn import HOG_PLUS_CNN

PROOFS = {"images.hog_plus_cnn": HOG_PLUS_CNN}
