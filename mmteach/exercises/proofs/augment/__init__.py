"""Proofs of chapter 13."""

from mmteach.exercises.proofs.augment.mixup import MIXUP
from mmteach.exercises.proofs.augment.spec_augment import SPEC_AUGMENT

PROOFS = {"augment.spec_augment": SPEC_AUGMENT, "augment.mixup": MIXUP}
