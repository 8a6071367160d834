"""Fusions: several modalities become one.

Every fusion is made as `Fusion(dims, n_classes, ...)`, with the width of each modality by name, and called as
`fusion(parts, present)`, where `present[m]` (B,) tells which samples have modality m. What it wants to be given, it
says as `joins`:

    "embeddings"   one vector a modality, (B, E_m); gives the joint embedding (B, F)
    "logits"       the modalities' own votes, (B, C); gives logits (B, C)
    "sequences"    like "embeddings", but an encoder that has steps may hand over all of them, (B, T, S_m) and a mask

Names are sorted, so the order in which modalities are given never matters. What is absent is never read: it adds
nothing, gets no gradient, and nothing is what the sum or mean is taken over.
"""

from mmteach.models.fusion.attention import AttentionFusion, attend
from mmteach.models.fusion.bottleneck import BottleneckFusion
from mmteach.models.fusion.concat import ConcatFusion
from mmteach.models.fusion.gated import GatedFusion
from mmteach.models.fusion.late import LateFusion, StackingFusion
from mmteach.models.fusion.tensor import LowRankFusion, TensorFusion, outer_with_one

FUSIONS = {
    "concat": ConcatFusion,
    "late": LateFusion,
    "stacking": StackingFusion,
    "gated": GatedFusion,
    "tensor": TensorFusion,
    "low_rank": LowRankFusion,
    "attention": AttentionFusion,
    "bottleneck": BottleneckFusion,
}

__all__ = [
    "FUSIONS",
    "AttentionFusion",
    "BottleneckFusion",
    "ConcatFusion",
    "GatedFusion",
    "LateFusion",
    "LowRankFusion",
    "StackingFusion",
    "TensorFusion",
    "attend",
    "outer_with_one",
]
