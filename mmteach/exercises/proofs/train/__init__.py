"""Chapter 4: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.train.cross_entropy import CROSS_ENTROPY
from mmteach.exercises.proofs.train.schedule import SCHEDULE
from mmteach.exercises.proofs.train.sgd_step import SGD_STEP

PROOFS = {"train.cross_entropy": CROSS_ENTROPY, "train.sgd_step": SGD_STEP, "train.schedule": SCHEDULE}
