"""Chapter 7: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.sentiment.conflict import CONFLICT
from mmteach.exercises.proofs.sentiment.fuse import FUSE

PROOFS = {"sentiment.fuse": FUSE, "sentiment.conflict": CONFLICT}
