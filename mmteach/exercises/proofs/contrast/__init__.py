"""Chapter 10: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.contrast.info_nce import INFO_NCE
from mmteach.exercises.proofs.contrast.recall_at_k import RECALL_AT_K

PROOFS = {"contrast.info_nce": INFO_NCE, "contrast.recall_at_k": RECALL_AT_K}
