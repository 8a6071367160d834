"""Batch -> Output: one encoder a modality, a fusion, a head."""

from mmteach.models.ctc import Recogniser
from mmteach.models.encoders import ENCODERS, CNNEncoder, MLPEncoder
from mmteach.models.fusion import (
    FUSIONS,
    AttentionFusion,
    BottleneckFusion,
    ConcatFusion,
    GatedFusion,
    LateFusion,
    LowRankFusion,
    StackingFusion,
    TensorFusion,
)
from mmteach.models.heads import HEADS, CosineHead, LinearHead
from mmteach.models.listener import ListenerEncoder
from mmteach.models.multimodal import ModelSpec, MultimodalModel, build_model
from mmteach.models.sequences import AttentionPool, BagEncoder, ClipCNNEncoder, GRUEncoder, WordEncoder
from mmteach.models.shared_space import LOG_SCALE_MOST, LOG_SCALE_START, SharedSpace

__all__ = [
    "ENCODERS",
    "FUSIONS",
    "HEADS",
    "LOG_SCALE_MOST",
    "LOG_SCALE_START",
    "AttentionFusion",
    "AttentionPool",
    "BagEncoder",
    "BottleneckFusion",
    "CNNEncoder",
    "ClipCNNEncoder",
    "ConcatFusion",
    "CosineHead",
    "GRUEncoder",
    "GatedFusion",
    "LateFusion",
    "LinearHead",
    "ListenerEncoder",
    "LowRankFusion",
    "MLPEncoder",
    "ModelSpec",
    "MultimodalModel",
    "Recogniser",
    "SharedSpace",
    "StackingFusion",
    "TensorFusion",
    "WordEncoder",
    "build_model",
]
