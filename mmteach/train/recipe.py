"""The choices of a training run, and how the learning rate goes over it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mmteach.errors import ParameterError
from mmteach.train.balance import BALANCES
from mmteach.train.losses import LOSSES, SOFT
from mmteach.train.sampling import CLASS_WEIGHTS, SAMPLERS

SCHEDULES = ("constant", "cosine", "one_cycle")


@dataclass(frozen=True)
class Recipe:
    """The choices of a training run.

    Parameters
    ----------
    epochs : passes over the training part.
    batch_size : samples a step.
    loss : one of LOSSES.
    optimiser : "adamw" or "sgd" (with momentum 0.9).
    learning_rate : the highest of the run.
    schedule : "constant", "cosine" (falls to 0) or "one_cycle" (rises over the first 30 %, then falls).
    weight_decay : pull of the weights towards zero.
    unimodal : weight of each modality's own loss beside that of all together, so that none is left behind.
    drop_modality : probability that a sample loses a modality in a training step (never all of them).
    mixup : alpha of the Beta from which the share of a sample in its mixture is drawn (see `mixup`); 0 mixes nothing.
    class_weights : "none", "inverse" (1 / n of the class) or "effective" (1 / its effective number of samples).
    reweight_from : share of the run after which class weights hold; 0.8 with loss "ldam" is LDAM-DRW.
    sampler : "shuffle", "balanced" (every class equally often) or "smote" (new samples of rare classes).
    balance : of modalities: "none", "ogm_ge" (slow down the encoder that is ahead) or "blend" (weigh the losses).
    patience : epochs without a better validation loss after which to stop; None runs to the end.
    seed : of weights, order, augmentation.
    """

    epochs: int = 40
    batch_size: int = 32
    loss: str = "cross_entropy"
    optimiser: str = "adamw"
    learning_rate: float = 3e-3
    schedule: str = "one_cycle"
    weight_decay: float = 1e-2
    unimodal: float = 0.5
    drop_modality: float = 0.0
    mixup: float = 0.0
    class_weights: str = "none"
    reweight_from: float = 0.0
    sampler: str = "shuffle"
    balance: str = "none"
    patience: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        _choose("loss", self.loss, tuple(LOSSES))
        _choose("optimiser", self.optimiser, ("adamw", "sgd"))
        _choose("schedule", self.schedule, SCHEDULES)
        _choose("class_weights", self.class_weights, tuple(CLASS_WEIGHTS))
        _choose("sampler", self.sampler, SAMPLERS)
        _choose("balance", self.balance, tuple(BALANCES))
        for name, low, high in (
            ("epochs", 1, 10_000), ("batch_size", 2, 100_000), ("learning_rate", 1e-9, 1e3), ("weight_decay", 0, 10),
            ("unimodal", 0, 100), ("drop_modality", 0, 0.9), ("seed", 0, 2**32 - 1), ("patience", 1, 10_000),
            ("reweight_from", 0, 1), ("mixup", 0, 100),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is None and name == "patience":
                continue
            if not low <= value <= high:
                raise ParameterError(f"{name} is {value}; it must lie between {low} and {high}")
        if self.mixup and self.loss not in SOFT:
            raise ParameterError(
                f"mixup makes soft labels, which {self.loss} does not take: choose {' or '.join(SOFT)}"
            )

    @property
    def for_rare_classes(self) -> bool:
        """Whether anything in it is there for classes of unequal size."""
        plain = self.class_weights == "none" and self.sampler == "shuffle"
        return not plain or self.loss in ("focal", "logit_adjusted", "ldam")


def _choose(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ParameterError(f"{name} is {value!r}; known are {', '.join(known)}")


def schedule_factor(name: str, progress: float) -> float:
    """Learning rate at `progress` in [0, 1] as a share of the highest.

    >>> schedule_factor("cosine", 0.5)
    0.5
    """
    if name == "constant":
        return 1.0
    if name == "cosine":
        return 0.5 * (1 + math.cos(math.pi * progress))
    rise = 0.3  # Smith and Topin 2018, with torch's defaults: from 1/25 up, then down to 1/250,000
    low, share = (1 / 25, 1 - progress / rise) if progress <= rise else (4e-6, (progress - rise) / (1 - rise))
    return low + (1 - low) * 0.5 * (1 + math.cos(math.pi * share))
