"""Proofs of the exercises of chapter 14."""

from mmteach.exercises.proofs.optimise.int8 import INT8
from mmteach.exercises.proofs.optimise.prune import PRUNE

PROOFS = {"optimise.int8": INT8, "optimise.prune": PRUNE}
