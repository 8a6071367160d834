"""Chapter 8: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.fusion.attention import ATTENTION
from mmteach.exercises.proofs.fusion.concat import CONCAT
from mmteach.exercises.proofs.fusion.gated import GATED
from mmteach.exercises.proofs.fusion.late import LATE
from mmteach.exercises.proofs.fusion.low_rank import LOW_RANK
from mmteach.exercises.proofs.fusion.tensor import TENSOR

PROOFS = {
    "fusion.concat": CONCAT,
    "fusion.late": LATE,
    "fusion.gated": GATED,
    "fusion.tensor": TENSOR,
    "fusion.low_rank": LOW_RANK,
    "fusion.attention": ATTENTION,
}
