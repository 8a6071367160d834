"""Knowledge distillation: a student learns from labels, and from how sure a teacher was of every class.

The teacher may be bigger than the student, or see another modality of the same samples; only its logits pass over. So
that a gain can be put down to the teacher, there are soft targets without one: smoothed labels, class means, and the
teacher's own answers handed to the wrong samples of the same class.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.batch import minibatches, take
from mmteach.errors import ParameterError
from mmteach.train.loop import History, Trainer
from mmteach.train.objective import Objective
from mmteach.train.recipe import Recipe
from mmteach.types import Batch, Modality, Output

TEMPERATURE, WEIGHT = 4.0, 0.5


def soft_targets(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Teacher's logits (B, C) -> probabilities (B, C) at a temperature; no gradient reaches the teacher.

    The higher the temperature, the more can be seen of the classes that the teacher thinks unlikely.

    >>> soft_targets(torch.tensor([[8.0, 0.0]]), 4.0).numpy().round(3).tolist()
    [[0.8809999823570251, 0.11900000274181366]]
    """
    if not temperature > 0:
        raise ParameterError(f"temperature is {temperature}; it must be above 0")
    return (logits.detach() / temperature).softmax(dim=1)


def distillation(logits: Tensor, targets: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """T^2 KL(targets || softmax(logits / T)), mean over the batch.

    T^2 makes up for the gradient, which shrinks with 1 / T^2: so the weight beside cross-entropy keeps its meaning.
    For large T it tends to the mean over samples of sum_c (d_c - mean d)^2 / (2 C), d being the difference of the two
    logits: then it is plain regression.

    Parameters
    ----------
    logits : (B, C) of the student.
    targets : (B, C) probabilities at the same temperature, as from `soft_targets`.

    References
    ----------
    Hinton, Vinyals, Dean 2015, arXiv 1503.02531, section 2.
    """
    log_p = (logits / temperature).log_softmax(dim=1)
    return temperature**2 * F.kl_div(log_p, targets, reduction="batchmean")


def smoothed_labels(y: Tensor, n_classes: int, share: float) -> Tensor:
    """Label smoothing: (B,) class indices -> (B, C), 1 - share of each row on its class, the rest on all C evenly.

    References
    ----------
    Szegedy et al. 2016, CVPR, section 7.
    """
    return (1 - share) * F.one_hot(y, n_classes).float() + share / n_classes


def class_means(targets: Tensor, y: Tensor) -> Tensor:
    """Give each sample the mean of its class's soft targets (B, C): which classes are alike, nothing of the sample."""
    sums = torch.zeros(targets.shape[1], targets.shape[1]).index_add_(0, y, targets)
    counts = torch.bincount(y, minlength=targets.shape[1]).clamp(min=1)
    return (sums / counts[:, None])[y]


def shuffled_within_class(targets: Tensor, y: Tensor, generator: torch.Generator) -> Tensor:
    """Hand the soft targets (B, C) of each class out to other samples of the class: same rows, wrong samples."""
    out = targets.clone()
    for c in y.unique():
        rows = (y == c).nonzero()[:, 0]
        out[rows] = targets[rows[torch.randperm(len(rows), generator=generator)]]
    return out


def entropy(targets: Tensor) -> float:
    """Mean entropy of the rows of (B, C), in bits."""
    return float(-torch.special.xlogy(targets, targets).sum(dim=1).mean()) / math.log(2)


def share_of_entropy(bits: float, n_classes: int) -> float:
    """Find the share with which `smoothed_labels` have so many bits of entropy, by halving an interval.

    >>> round(share_of_entropy(1.0, 2), 3)  # all there is between two classes
    1.0
    """
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        row = smoothed_labels(torch.tensor([0]), n_classes, middle)
        low, high = (middle, high) if entropy(row) < bits else (low, middle)
    return (low + high) / 2


@torch.inference_mode()
def logits_of(model: nn.Module, batch: Batch) -> Tensor:
    """Logits (N, C) of a model that does not learn."""
    model.eval()
    return torch.cat([model(part).logits for part in minibatches(batch, 256)])


class Distillation(Objective):
    """(1 - weight) times the loss on labels, plus weight times `distillation`.

    Parameters
    ----------
    recipe, train, votes : as in Objective.
    targets : (N, C) soft targets of the samples of `train`, in its order.
    labelled : (N,) bool, whose label may be used, or None for all; the others learn from the targets alone.
    """

    def __init__(
        self, recipe: Recipe, train: Batch, targets: Tensor, temperature: float = TEMPERATURE, weight: float = WEIGHT,
        labelled: Tensor | None = None, votes: bool = False,
    ) -> None:  # fmt: skip
        if not temperature > 0 or not 0 <= weight <= 1:
            raise ParameterError(
                f"temperature {temperature}, weight {weight}: the first must be above 0, the second in 0 to 1"
            )
        if len(targets) != len(train.ids) or recipe.sampler == "smote":
            raise ParameterError(
                f"{len(targets)} soft targets came for {len(train.ids)} training samples (sampler {recipe.sampler!r}): "
                "give each sample one, and make no new samples"
            )
        super().__init__(recipe, train, votes)
        self.targets, self.temperature, self.taught, self.labelled = targets, temperature, weight, labelled
        self.row = {id: i for i, id in enumerate(train.ids)}

    def parts(self, output: Output, batch: Batch, progress: float = 1.0) -> tuple[Tensor, dict[Modality, Tensor]]:
        """Joint loss with the teacher's share in it, and each modality's own loss on labels."""
        rows = torch.tensor([self.row[id] for id in batch.ids])
        soft = distillation(output.logits, self.targets[rows], self.temperature)
        known = None if self.labelled is None else self.labelled[rows].nonzero()[:, 0]
        if known is not None and not len(known):
            return self.taught * soft, {}
        asked = (output, batch) if known is None else (_rows(output, known), take(batch, known))
        joint, own = super().parts(*asked, progress)
        share = 1.0 if known is None else len(known) / len(rows)  # a mean over the batch, where some have no label
        return (1 - self.taught) * share * joint + self.taught * soft, own


def _rows(output: Output, rows: Tensor) -> Output:
    return Output(
        output.logits[rows],
        {m: e[rows] for m, e in output.embeddings.items()},
        {m: z[rows] for m, z in output.unimodal.items()},
        output.fused[rows],
    )


def distil(
    student: nn.Module, train: Batch, val: Batch | None, targets: Tensor, recipe: Recipe | None = None,
    temperature: float = TEMPERATURE, weight: float = WEIGHT, labelled: Tensor | None = None,
) -> History:  # fmt: skip
    """Train a student on labels and soft targets; on validation it is judged by labels alone.

    Parameters
    ----------
    student : called as model(batch) -> Output; changed in place.
    train, targets, labelled : as in Distillation.
    """
    trainer = Trainer(student, train, val, recipe or Recipe())
    trainer.objective = Distillation(trainer.recipe, train, targets, temperature, weight, labelled, trainer.votes)
    while not trainer.done:
        trainer.epoch()
    return trainer.finish()
