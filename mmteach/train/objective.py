"""What a run makes small: its loss on all modalities together and on each by itself.

How frequent the classes are it takes from the training part, once, before the first step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from mmteach.train.losses import OF_COSINES, OF_COUNTS, choose_loss
from mmteach.train.sampling import CLASS_WEIGHTS, class_counts, inverse_weights, per_sample
from mmteach.types import Batch, Modality, Output

if TYPE_CHECKING:
    from mmteach.train.recipe import Recipe


class Objective:
    """The loss of a run.

    Parameters
    ----------
    recipe : its loss, its class weights, and from which share of the run on these hold.
    train : the training part; only its labels are looked at.
    votes : as in `losses_by_head`.

    Attributes
    ----------
    counts : (C,) int64 samples of each class, or None where nothing depends on them.
    weight : (C,) how much a sample of each class counts, or None where all count the same.
    """

    def __init__(self, recipe: Recipe, train: Batch, votes: bool = False) -> None:
        self.recipe, self.votes = recipe, votes
        self.counts: Tensor | None = None
        self.weight: Tensor | None = None
        weigh = CLASS_WEIGHTS[recipe.class_weights]
        if train.y is not None and (weigh is not None or recipe.loss in OF_COUNTS):
            self.counts = class_counts(train.y, int(train.y.max()) + 1)
            self.weight = None if weigh is None else per_sample(weigh(self.counts), self.counts)

    def parts(self, output: Output, batch: Batch, progress: float = 1.0) -> tuple[Tensor, dict[Modality, Tensor]]:
        """Joint loss, and each modality's own, of a training batch; progress : share of the run so far, [0, 1]."""
        weight = self.weight if progress >= self.recipe.reweight_from else None
        return losses_by_head(output, batch, self.recipe.loss, self.votes, self.counts, weight)

    def judge(self, output: Output, batch: Batch, weight: Tensor | None) -> Tensor:
        """Loss without learning, which decides which epoch is kept.

        A recipe that cares for rare classes is judged by plain cross-entropy, each class counting the same: what helps
        to learn (a prior, a margin, a weight) is no part of the answer.
        """
        name = "cross_entropy" if self.recipe.for_rare_classes else self.recipe.loss
        return add_up(*losses_by_head(output, batch, name, self.votes, None, weight), self.recipe.unimodal)

    def judging_weight(self, batch: Batch) -> Tensor | None:
        """Weight of each class in `judge`, from the labels of the part that is judged; its mean over the part is 1."""
        if not self.recipe.for_rare_classes or batch.y is None:
            return None
        counts = torch.bincount(batch.y)
        return per_sample(inverse_weights(counts.clamp(min=1)), counts)


def losses_by_head(
    output: Output, batch: Batch, name: str, votes: bool, counts: Tensor | None = None, weight: Tensor | None = None
) -> tuple[Tensor, dict[Modality, Tensor]]:
    """Loss of all modalities together, and of each by itself on the samples that have it.

    Parameters
    ----------
    votes : the joint logits are the modalities' votes, with no embedding of their own behind them; then the joint
        loss is cross-entropy, and a loss on angles or distances acts on each modality.
    """
    assert batch.y is not None
    y = batch.y if batch.soft is None else batch.soft
    loss = choose_loss(name, counts, weight)
    together = choose_loss("cross_entropy", None, weight) if votes and name in (*OF_COSINES, "triplet") else loss
    own = {
        m: loss(output.unimodal[m][here], output.embeddings[m][here], y[here])
        for m, here in batch.present.items()
        if m in output.unimodal and bool(here.any())
    }
    return together(output.logits, output.fused, y), own


def add_up(joint: Tensor, own: Mapping[Modality, Tensor], unimodal: float) -> Tensor:
    """Loss of all modalities together plus `unimodal` times the mean of each modality's own."""
    return joint + unimodal * torch.stack(list(own.values())).mean() if own and unimodal else joint


def total_loss(output: Output, batch: Batch, recipe: Recipe, votes: bool = False) -> Tensor:
    """What a recipe without regard to class frequencies makes small; `votes` as in `losses_by_head`."""
    return add_up(*losses_by_head(output, batch, recipe.loss, votes), recipe.unimodal)
