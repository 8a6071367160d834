"""The stages as one object: fit, predict, save, load. Training and inference share every step."""

from mmteach.pipeline.branch import Branch
from mmteach.pipeline.pipeline import Pipeline

__all__ = ["Branch", "Pipeline"]
