"""Chapter 16: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.language.beam import BEAM
from mmteach.exercises.proofs.language.collapse import COLLAPSE

PROOFS = {"language.ctc_collapse": COLLAPSE, "language.beam": BEAM}
