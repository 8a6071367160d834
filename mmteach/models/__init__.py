"""Batch -> Output: one encoder a modality, a fusion, a head."""

from mmteach.models.encoders import ENCODERS, CNNEncoder, MLPEncoder
from mmteach.models.fusion import FUSIONS, ConcatFusion, LateFusion
from mmteach.models.heads import HEADS, CosineHead, LinearHead
from mmteach.models.multimodal import ModelSpec, MultimodalModel, build_model

__all__ = [
    "ENCODERS",
    "FUSIONS",
    "HEADS",
    "CNNEncoder",
    "ConcatFusion",
    "CosineHead",
    "LateFusion",
    "LinearHead",
    "MLPEncoder",
    "ModelSpec",
    "MultimodalModel",
    "build_model",
]
