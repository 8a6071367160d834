"""Chapter 9: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.imbalance.focal import FOCAL
from mmteach.exercises.proofs.imbalance.logit_adjust import LOGIT_ADJUST
from mmteach.exercises.proofs.imbalance.modality_dropout import MODALITY_DROPOUT
from mmteach.exercises.proofs.imbalance.ogm import OGM
from mmteach.exercises.proofs.imbalance.sampler import SAMPLER
from mmteach.exercises.proofs.imbalance.weights import WEIGHTS

PROOFS = {
    "imbalance.weights": WEIGHTS,
    "imbalance.focal": FOCAL,
    "imbalance.logit_adjust": LOGIT_ADJUST,
    "imbalance.sampler": SAMPLER,
    "imbalance.modality_dropout": MODALITY_DROPOUT,
    "imbalance.ogm": OGM,
}
