"""When one modality learns faster than another.

The modality that is ahead makes the loss small, and the others are no longer asked for anything. Each remedy here is
one object that the training loop asks three times: how to add the losses up, what to do to the gradients, what to look
at after an epoch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor, nn

from mmteach.batch import minibatches
from mmteach.errors import ParameterError
from mmteach.train.losses import cross_entropy
from mmteach.train.objective import add_up
from mmteach.types import Batch, Modality, Output

if TYPE_CHECKING:
    from mmteach.train.loop import Trainer
    from mmteach.train.recipe import Recipe

JOINT = "together"  # the name of the head that sees all modalities, beside the modalities' own
Losses: TypeAlias = dict[str, float]


class NoBalance:
    """Changes nothing: the joint loss plus a share of each modality's own."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def total(self, joint: Tensor, own: Mapping[Modality, Tensor]) -> Tensor:
        """Add the losses up."""
        return add_up(joint, own, self.recipe.unimodal)

    def change_gradients(self, model: nn.Module, output: Output, batch: Batch, generator: torch.Generator) -> None:
        """Change the gradients after they were computed."""

    def after_epoch(self, number: int, trainer: Trainer) -> None:
        """Look at the run after epoch `number`, 1 for the first."""


class OgmGe(NoBalance):
    """On-the-fly gradient modulation with generalisation enhancement: the encoder that is ahead takes smaller steps.

    The noise that goes with it keeps the randomness of the steps, which helps to generalise, from shrinking too.

    Attributes
    ----------
    factors : of the last step, {modality: k in (0, 1]}.

    References
    ----------
    Peng et al. 2022, CVPR, equations 8 to 13.
    """

    alpha = 0.8

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.factors: dict[Modality, float] = {}

    def change_gradients(self, model: nn.Module, output: Output, batch: Batch, generator: torch.Generator) -> None:
        """Multiply the gradients of each encoder by its factor."""
        assert batch.y is not None
        self.factors = modulation(confidence(output, batch), self.alpha)
        encoders = dict(zip(getattr(model, "modalities", ()), getattr(model, "encoders", ()), strict=True))
        for m, k in self.factors.items():
            if k < 1:
                modulate(encoders[m], k, generator)


def confidence(output: Output, batch: Batch) -> dict[Modality, float]:
    """Mean probability of the true class by each modality alone, over the samples that have it."""
    assert batch.y is not None
    p = {m: z.detach().softmax(dim=1).gather(1, batch.y[:, None])[:, 0] for m, z in output.unimodal.items()}
    return {m: float(p[m][here].mean()) for m, here in batch.present.items() if m in p and bool(here.any())}


def modulation(scores: Mapping[Modality, float], alpha: float) -> dict[Modality, float]:
    """Factor of each encoder's gradient: k = 1 - tanh(alpha rho) where rho > 1, else 1.

    rho is a modality's score divided by the mean score of the others.

    >>> {m: round(k, 4) for m, k in modulation({"audio": 0.6, "text": 0.4}, 0.8).items()}  # rho 1.5 and 0.67
    {'audio': 0.1663, 'text': 1.0}
    """
    factors = {}
    for m, score in scores.items():
        others = [s for other, s in scores.items() if other != m]
        rho = score / max(sum(others) / len(others), 1e-8) if others else 1.0
        factors[m] = 1 - math.tanh(alpha * rho) if rho > 1 else 1.0
    return factors


def modulate(encoder: nn.Module, k: float, generator: torch.Generator) -> None:
    """Multiply the gradients of an encoder by k; weights also get noise of their own gradient's deviation."""
    for parameter in encoder.parameters():
        if parameter.grad is None:
            continue
        deviation = parameter.grad.std() if parameter.ndim > 1 else None  # biases and normalisation get no noise
        parameter.grad.mul_(k)
        if deviation is not None:
            parameter.grad.add_(torch.randn(parameter.shape, generator=generator) * deviation)


class GradientBlending(NoBalance):
    """Weigh the losses of all heads by what each has lately gained on validation, against what it has overfitted.

    Every few epochs the weights are found anew. They sum to 1; the first ones are equal.

    Attributes
    ----------
    shares : weight of each head, JOINT and the modalities; empty before the first batch.

    References
    ----------
    Wang, Tran, Feiszli 2020, CVPR, proposition 1 and the online variant.
    """

    every = 5  # epochs

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.shares: dict[str, float] = {}
        self._before: tuple[Losses, Losses] | None = None

    def total(self, joint: Tensor, own: Mapping[Modality, Tensor]) -> Tensor:
        """Weighted sum over the heads that have something to learn in this batch."""
        heads = {JOINT: joint, **own}
        shares = torch.tensor([self.shares.get(h, 1 / len(heads)) for h in heads])
        return (shares / shares.sum().clamp(min=1e-8) * torch.stack(list(heads.values()))).sum()

    def after_epoch(self, number: int, trainer: Trainer) -> None:
        """Measure training and validation loss of every head, and weigh again where an earlier measure is there."""
        if trainer.val is None:
            raise ParameterError("gradient blending weighs by what validation shows: give a validation part")
        if number != 1 and number % self.every:
            return
        now = (head_losses(trainer.model, trainer.train), head_losses(trainer.model, trainer.val))
        if self._before is not None:
            gains, gaps = changes(self._before, now)
            self.shares = blend(gains, gaps) or self.shares
        self._before = now


@torch.inference_mode()
def head_losses(model: nn.Module, batch: Batch) -> Losses:
    """Cross-entropy of all modalities together and of each by itself, without learning."""
    model.eval()
    sums: dict[str, float] = {}
    n: dict[str, int] = {}
    for part in minibatches(batch, 256):
        assert part.y is not None
        output = model(part)
        everyone = torch.ones(len(part.ids), dtype=torch.bool)
        for head, z in {JOINT: output.logits, **output.unimodal}.items():
            here = part.present.get(head, everyone)
            if bool(here.any()):
                loss = float(cross_entropy(z[here], output.fused, part.y[here]))
                sums[head] = sums.get(head, 0.0) + loss * int(here.sum())
                n[head] = n.get(head, 0) + int(here.sum())
    return {head: total / n[head] for head, total in sums.items()}


def changes(before: tuple[Losses, Losses], now: tuple[Losses, Losses]) -> tuple[Losses, Losses]:
    """How much each head has gained, and how much further it overfits, between two measures of (train, val).

    Gain : by how much the validation loss fell. Overfit gap : validation loss minus training loss.
    """
    gains = {h: before[1][h] - now[1][h] for h in now[1] if h in before[1]}
    gaps = {h: (now[1][h] - now[0][h]) - (before[1][h] - before[0][h]) for h in gains}
    return gains, gaps


def blend(gains: Mapping[str, float], gaps: Mapping[str, float]) -> dict[str, float]:
    """Weights proportional to G / O^2, summing to 1; empty where no head has gained anything.

    Who gained nothing weighs nothing. A change of the gap below 1 % of a nat is counted as that much: nobody is so free
    of overfitting that the others should not learn at all.

    >>> {h: round(w, 3) for h, w in blend({"a": 0.3, "b": 0.1}, {"a": 0.2, "b": 0.4}).items()}
    {'a': 0.923, 'b': 0.077}
    """
    raw = {h: max(g, 0.0) / max(abs(gaps[h]), 0.01) ** 2 for h, g in gains.items()}
    total = sum(raw.values())
    return {h: w / total for h, w in raw.items()} if total > 0 else {}


BALANCES = {"none": NoBalance, "ogm_ge": OgmGe, "blend": GradientBlending}
