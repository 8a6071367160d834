"""Exercises of chapter 8: how several modalities become one."""

from mmteach.exercises.chapters.fusion.attention import ATTENTION
from mmteach.exercises.chapters.fusion.concat import CONCAT
from mmteach.exercises.chapters.fusion.gated import GATED
from mmteach.exercises.chapters.fusion.late import LATE
from mmteach.exercises.chapters.fusion.low_rank import LOW_RANK
from mmteach.exercises.chapters.fusion.tensor import TENSOR

EXERCISES = (LATE, CONCAT, GATED, TENSOR, LOW_RANK, ATTENTION)
