"""Chapter 5: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.infer.confusion_matrix import CONFUSION_MATRIX
from mmteach.exercises.proofs.infer.ece import ECE
from mmteach.exercises.proofs.infer.eer import EER
from mmteach.exercises.proofs.infer.softmax import SOFTMAX

PROOFS = {
    "infer.softmax": SOFTMAX,
    "infer.confusion_matrix": CONFUSION_MATRIX,
    "infer.eer": EER,
    "infer.ece": ECE,
}
