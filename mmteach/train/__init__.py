"""theta* = argmin L(model(X; theta), Y): losses, the loop, and what steers it."""

from mmteach.train.loop import Epoch, History, Recipe, Trainer, fit, schedule_factor, seed_everything
from mmteach.train.losses import LOSSES, arcface, cross_entropy, triplet

__all__ = [
    "LOSSES",
    "Epoch",
    "History",
    "Recipe",
    "Trainer",
    "arcface",
    "cross_entropy",
    "fit",
    "schedule_factor",
    "seed_everything",
    "triplet",
]
