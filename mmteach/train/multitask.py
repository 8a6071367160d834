"""Several tasks, one body: how their losses are weighed, and what to do where their gradients pull apart.

Every task has a loss of its own, and all of them ask the shared body to move. Read this file from top to bottom:
losses, weights, gradients, agreement, projection. The loop that uses them stands in multitask_loop.py.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.train.losses import cross_entropy

UNKNOWN = -1  # the label of a sample that nobody has labelled for this task


def task_losses(
    logits: Mapping[str, Tensor], y: Mapping[str, Tensor], weight: Mapping[str, Tensor | None] | None = None
) -> Tensor:
    """Cross-entropy of each task over the samples that are labelled for it: (T,), in the order of the logits.

    Parameters
    ----------
    logits : {task: (B, C)}.
    y : {task: (B,)} class indices, UNKNOWN where there is no label.
    weight : {task: (C,)}, how much a sample of each class counts.
    """
    losses = []
    for task, z in logits.items():
        here = y[task] != UNKNOWN
        found = cross_entropy(z[here], z[here], y[task][here], (weight or {}).get(task))
        losses.append(found if bool(here.any()) else z.sum() * 0.0)  # nobody is labelled: nothing to learn
    return torch.stack(losses)


class UncertaintyWeights(nn.Module):
    """Weights that are learnt: the sum over tasks of L e^-s + s, with one s a task.

    e^-s is the weight of a task. Alone it could fall to nothing, and the loss with it; the + s is what a small weight
    costs. With L held still the best s is ln L: a task that stays hard comes to weigh less.

    s is a logarithm, of a variance in the paper: whatever it becomes, the weight stays positive. The paper's
    equation 10 has s / 2 for cross-entropy; a whole s for all kinds of losses is the usual short form.

    References
    ----------
    Kendall, Gal, Cipolla 2018, CVPR, section 3.

    >>> weigh = UncertaintyWeights(2)  # s begins at 0: every task weighs 1
    >>> weigh(torch.tensor([1.0, 2.0])).item()
    3.0
    """

    def __init__(self, n_tasks: int) -> None:
        super().__init__()
        self.s = nn.Parameter(torch.zeros(n_tasks))

    def forward(self, losses: Tensor) -> Tensor:
        """(T,) -> one number."""
        return (losses * torch.exp(-self.s) + self.s).sum()


def task_gradients(losses: Tensor, shared: Sequence[nn.Parameter]) -> Tensor:
    """Gradient of each task's loss on the shared body, as one long row: (T,) losses -> (T, P)."""
    rows = []
    for loss in losses:
        parts = torch.autograd.grad(loss, shared, retain_graph=True, allow_unused=True)
        filled = (torch.zeros_like(p) if g is None else g for g, p in zip(parts, shared, strict=True))
        rows.append(torch.cat([g.flatten() for g in filled]))
    return torch.stack(rows)


def agreement(gradients: Tensor) -> float:
    """Cosine between the gradients of two tasks, (2, P); of more tasks, of the pair that agrees least.

    1: both ask for the same step. 0: they have no business with each other. Below 0 they are in conflict: a step that
    helps one makes the loss of the other larger. NaN where a gradient is zero and asks for nothing.
    """
    if bool((gradients.norm(dim=1) == 0).any()):
        return math.nan
    unit = F.normalize(gradients, dim=1)
    return float((unit @ unit.T).fill_diagonal_(1.0).min())


def pcgrad(gradients: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Take from each gradient what points against another one: g_i - min(0, g_i.g_j) g_j / |g_j|^2.

    The others are met in random order, and as they were before anything was projected. Who agrees is left alone. The
    step of the body is the sum of the rows.

    Parameters
    ----------
    gradients : (T, P), one row a task.

    References
    ----------
    Yu et al. 2020, NeurIPS, algorithm 1.

    >>> pcgrad(torch.tensor([[1.0, 0.0], [-1.0, 1.0]])).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    projected = gradients.clone()
    for i in range(len(gradients)):
        for j in torch.randperm(len(gradients), generator=generator).tolist():
            inner = projected[i] @ gradients[j]
            if j != i and inner < 0:
                projected[i] -= inner / gradients[j].square().sum() * gradients[j]
    return projected
