"""Other right answers, and other ways to make the known mistakes, for chapter 17."""

from mmteach.exercises.proofs.scale.average_gradients import AVERAGE_GRADIENTS
from mmteach.exercises.proofs.scale.shard import SHARD

PROOFS = {"scale.shard": SHARD, "scale.average_gradients": AVERAGE_GRADIENTS}
