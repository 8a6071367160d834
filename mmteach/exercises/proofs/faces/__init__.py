"""Chapter 6: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.faces.enrol import ENROL
from mmteach.exercises.proofs.faces.verify import VERIFY

PROOFS = {"faces.verify": VERIFY, "faces.enrol": ENROL}
