"""Exercises of chapter 17: when one machine is not enough."""

from mmteach.exercises.chapters.scale.average_gradients import AVERAGE_GRADIENTS
from mmteach.exercises.chapters.scale.shard import SHARD

EXERCISES = (SHARD, AVERAGE_GRADIENTS)
