"""theta* = argmin L(model(X; theta), Y): losses, the loop, and what steers it."""

from mmteach.train.balance import BALANCES, GradientBlending, OgmGe, blend, modulate, modulation
from mmteach.train.contrastive import ALIKE, SpaceEpoch, cosines, fit_space, info_nce, space_loss, train_space
from mmteach.train.loop import Epoch, History, Trainer, fit, seed_everything
from mmteach.train.losses import (
    LOSSES,
    OF_COSINES,
    adjust_logits,
    arcface,
    cross_entropy,
    focal,
    ldam,
    log_prior,
    logit_adjusted,
    margins,
    triplet,
)
from mmteach.train.missing import drop_modalities, hide_modality
from mmteach.train.objective import Objective
from mmteach.train.recipe import SCHEDULES, Recipe, schedule_factor
from mmteach.train.sampling import (
    CLASS_WEIGHTS,
    SAMPLERS,
    balanced_order,
    class_counts,
    effective_weights,
    inverse_weights,
    smote,
)

__all__ = [
    "ALIKE",
    "BALANCES",
    "CLASS_WEIGHTS",
    "LOSSES",
    "OF_COSINES",
    "SAMPLERS",
    "SCHEDULES",
    "Epoch",
    "GradientBlending",
    "History",
    "Objective",
    "OgmGe",
    "Recipe",
    "SpaceEpoch",
    "Trainer",
    "adjust_logits",
    "arcface",
    "balanced_order",
    "blend",
    "class_counts",
    "cosines",
    "cross_entropy",
    "drop_modalities",
    "effective_weights",
    "fit",
    "fit_space",
    "focal",
    "hide_modality",
    "info_nce",
    "inverse_weights",
    "ldam",
    "log_prior",
    "logit_adjusted",
    "margins",
    "modulate",
    "modulation",
    "schedule_factor",
    "seed_everything",
    "smote",
    "space_loss",
    "train_space",
    "triplet",
]
