"""Chapter 11: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.transfer.distill import DISTILL
from mmteach.exercises.proofs.transfer.freeze import FREEZE

PROOFS = {
    "transfer.distill": DISTILL,
    "transfer.freeze": FREEZE,
}
