"""theta* = argmin L(model(X; theta), Y): losses, the loop, and what steers it."""

from mmteach.train.loop import Epoch, History, Trainer, fit, seed_everything
from mmteach.train.losses import LOSSES, arcface, cross_entropy, triplet
from mmteach.train.recipe import SCHEDULES, Recipe, schedule_factor

__all__ = [
    "LOSSES",
    "SCHEDULES",
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
