"""Output -> Prediction, report, explanation."""

from mmteach.infer.calibrate import Reliability, fit_temperature, reliability
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
from mmteach.infer.gallery import Gallery, Match
from mmteach.infer.predict import embed, predict, softmax
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
    "Interval",
    "Match",
    "Pairs",
    "Reliability",
    "WordSaliency",
    "accuracy",
    "all_pairs",
    "auc",
    "band_edges",
    "bootstrap_by_person",
    "choose_threshold",
    "confusion_matrix",
    "cosine_matrix",
    "eer",
    "embed",
    "error_curve",
    "error_rates",
    "fit_temperature",
    "integrated_gradients",
    "macro_f1",
    "majority_accuracy",
    "mcnemar",
    "modality_shapley",
    "occlusion",
    "predict",
    "reliability",
    "softmax",
    "spectrogram_saliency",
    "wilson_interval",
    "word_saliency",
]
