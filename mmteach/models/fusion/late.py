"""Late fusion: every modality votes by itself, and the votes become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.models.fusion.presence import flags, only_present
from mmteach.types import Modality


class LateFusion(nn.Module):
    """Let every modality vote: the weighted mean of what they say, among those that are there.

    The weights are positive, sum to 1 over the modalities present, and begin equal.

    Parameters
    ----------
    dims : the modalities by name; only the names are used.
    n_classes : C.
    learn : learn the weights too. On a small training part a modality that is learnt by heart looks as if it were
        always right, and takes most of the weight; equal weights are safer there.
    rule : of what the mean is taken. "product": of log-probabilities, normalised again; with equal weights this is
        the normalised geometric mean, which names the same class as the product of the probabilities. One
        modality's "never" is obeyed. "mean": of the probabilities; a "never" can be outvoted.
    """

    joins: ClassVar[str] = "logits"

    def __init__(self, dims: Mapping[Modality, int], n_classes: int, learn: bool = True, rule: str = "product") -> None:
        super().__init__()
        if rule not in ("product", "mean"):
            raise ParameterError(f"the rule of late fusion is {rule!r}; known are product and mean")
        self.names = sorted(dims)
        self.dim, self.rule = n_classes, rule
        self.weight = nn.Parameter(torch.zeros(len(self.names)), requires_grad=bool(learn))

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, C)} logits -> (B, C) logits."""
        here = flags(present, self.names)  # (B, M)
        score = self.weight.expand(len(here), -1).masked_fill(~here, -torch.inf)
        share = torch.softmax(score.where(here.any(dim=1, keepdim=True), 0.0), dim=1)  # nobody there: no NaN
        votes = torch.stack(only_present(parts, present, self.names), dim=1).log_softmax(dim=2)  # (B, M, C)
        if self.rule == "mean":
            # log of a mean, taken so that a probability too small for a float does not become log 0
            return torch.logsumexp(votes + share.clamp(min=1e-30).log()[..., None], dim=1).log_softmax(dim=1)
        return (share[..., None] * votes).sum(dim=1).log_softmax(dim=1)


class StackingFusion(nn.Module):
    """Let a logistic regression read all votes: z = b + sum_m W_m v_m, v_m the centred log-probabilities.

    Its numbers are not learnt together with the encoders, since on samples that these have seen every vote looks
    right. They begin as the product of the votes, and `fill` puts in what was fitted to votes on samples that their
    modality was not trained on (`mmteach.pipeline.stacking`).

    Centred means that a vote for nothing in particular is all zero: exactly what an absent modality adds.

    Parameters
    ----------
    dims : the modalities by name; only the names are used.
    n_classes : C.

    References
    ----------
    Wolpert 1992, Neural Networks 5(2), section 2.
    """

    joins: ClassVar[str] = "logits"
    weight: Tensor
    bias: Tensor

    def __init__(self, dims: Mapping[Modality, int], n_classes: int) -> None:
        super().__init__()
        self.names = sorted(dims)
        self.dim = n_classes
        self.register_buffer("weight", torch.eye(n_classes).repeat(1, len(self.names)))  # (C, M C)
        self.register_buffer("bias", torch.zeros(n_classes))

    def votes(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, C)} logits -> (B, M C), what the regression reads."""
        log_probs = [z.log_softmax(dim=1) for z in only_present(parts, present, self.names)]
        return torch.cat([v - v.mean(dim=1, keepdim=True) for v in log_probs], dim=1)

    def forward(self, parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor]) -> Tensor:
        """{m: (B, C)} logits -> (B, C) logits."""
        return self.votes(parts, present) @ self.weight.T + self.bias

    def fill(self, weight: Tensor, bias: Tensor) -> None:
        """Take the numbers of a fitted regression, (C, M C) and (C,)."""
        if weight.shape != self.weight.shape or bias.shape != self.bias.shape:
            raise ParameterError(
                f"the regression has shapes {tuple(weight.shape)} and {tuple(bias.shape)}; this fusion takes "
                f"{tuple(self.weight.shape)} and {tuple(self.bias.shape)}: fit it to the votes of all its modalities"
            )
        self.weight.copy_(weight)
        self.bias.copy_(bias)
