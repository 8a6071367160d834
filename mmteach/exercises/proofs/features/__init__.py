"""Chapter 3: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.features.lbp import LBP
from mmteach.exercises.proofs.features.log_mel import LOG_MEL
from mmteach.exercises.proofs.features.tfidf import TFIDF

PROOFS = {"features.lbp": LBP, "features.tfidf": TFIDF, "features.log_mel": LOG_MEL}
