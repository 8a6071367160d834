"""Output -> Prediction, report, explanation."""

from mmteach.infer.calibrate import Reliability, fit_temperature, reliability
from mmteach.infer.compress import Quantised, dequantise, prune, quantise
from mmteach.infer.evaluate import (
    Interval,
    accuracy,
    confusion_matrix,
    macro_f1,
    majority_accuracy,
    mcnemar,
    wilson_interval,
)
from mmteach.infer.explain import integrated_gradients, modality_shapley, occlusion
from mmteach.infer.export import export_onnx, largest_difference
from mmteach.infer.gallery import Gallery, Match
from mmteach.infer.int8 import Int8Linear, int8_linears, torch_int8
from mmteach.infer.packed import Packed, pack, unpack
from mmteach.infer.predict import embed, predict, softmax
from mmteach.infer.retrieve import (
    Retrieval,
    both_ways,
    chance_recall,
    cosine_scores,
    embed_space,
    first_hits,
    mean_reciprocal_rank,
    median_rank,
    name_by_other_side,
    ranking,
    recall_at_k,
)
from mmteach.infer.saliency import MAX_WORDS, WordSaliency, band_edges, spectrogram_saliency, word_saliency
from mmteach.infer.verify import (
    Curve,
    Pairs,
    all_pairs,
    auc,
    bootstrap_by_person,
    choose_threshold,
    cosine_matrix,
    eer,
    error_curve,
    error_rates,
)

__all__ = [
    "MAX_WORDS",
    "Curve",
    "Gallery",
    "Int8Linear",
    "Interval",
    "Match",
    "Packed",
    "Pairs",
    "Quantised",
    "Reliability",
    "Retrieval",
    "WordSaliency",
    "accuracy",
    "all_pairs",
    "auc",
    "band_edges",
    "bootstrap_by_person",
    "both_ways",
    "chance_recall",
    "choose_threshold",
    "confusion_matrix",
    "cosine_matrix",
    "cosine_scores",
    "dequantise",
    "eer",
    "embed",
    "embed_space",
    "error_curve",
    "error_rates",
    "export_onnx",
    "first_hits",
    "fit_temperature",
    "int8_linears",
    "integrated_gradients",
    "largest_difference",
    "macro_f1",
    "majority_accuracy",
    "mcnemar",
    "mean_reciprocal_rank",
    "median_rank",
    "modality_shapley",
    "name_by_other_side",
    "occlusion",
    "pack",
    "predict",
    "prune",
    "quantise",
    "ranking",
    "recall_at_k",
    "reliability",
    "softmax",
    "spectrogram_saliency",
    "torch_int8",
    "unpack",
    "wilson_interval",
    "word_saliency",
]
