"""Batch -> Output: one encoder a modality, a fusion, a head."""

from mmteach.models.encoders import ENCODERS, CNNEncoder, MLPEncoder
from mmteach.models.fusion import FUSIONS, ConcatFusion, LateFusion
from mmteach.models.heads import HEADS, CosineHead, LinearHead
from mmteach.models.multimodal import ModelSpec, MultimodalModel, build_model
from mmteach.models.sequences import AttentionPool, BagEncoder, ClipCNNEncoder, GRUEncoder, WordEncoder

__all__ = [
    "ENCODERS",
    "FUSIONS",
    "HEADS",
    "AttentionPool",
    "BagEncoder",
    "CNNEncoder",
    "ClipCNNEncoder",
    "ConcatFusion",
    "CosineHead",
    "GRUEncoder",
    "LateFusion",
    "LinearHead",
    "MLPEncoder",
    "ModelSpec",
    "MultimodalModel",
    "WordEncoder",
    "build_model",
]
