"""Chapter 12: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.multitask.pcgrad import PCGRAD
from mmteach.exercises.proofs.multitask.uncertainty import UNCERTAINTY

PROOFS = {"multitask.uncertainty": UNCERTAINTY, "multitask.pcgrad": PCGRAD}
