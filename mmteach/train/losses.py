"""Losses: what a model is asked to make small.

Each takes logits (B, C), the embedding behind them (B, E) and the class indices y (B,), and gives one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.types import Batch, Output

if TYPE_CHECKING:
    from mmteach.train.recipe import Recipe


def cross_entropy(logits: Tensor, embedding: Tensor, y: Tensor) -> Tensor:
    """Mean of -log p(y)."""
    return F.cross_entropy(logits, y)


def arcface(logits: Tensor, embedding: Tensor, y: Tensor, margin: float = 0.4, scale: float = 16.0) -> Tensor:
    """Cross-entropy in which the true class must win by an angle: s cos(theta_y + m).

    Parameters
    ----------
    logits : (B, C) of a CosineHead with the same scale, s cos(theta).
    margin : m, radians. The paper's 0.5 with scale 64 is meant for millions of photos; 0.4 with 16 for hundreds.
    scale : s.

    References
    ----------
    Deng et al. 2019, CVPR, equation 3.
    """
    cosine = logits / scale
    if not bool((cosine.abs() <= 1 + 1e-4).all()):
        raise ParameterError(f"arcface needs logits within +-{scale}, as CosineHead gives: choose head 'cosine'")
    true = F.one_hot(y, logits.shape[1]).bool()
    theta = torch.acos(cosine.clamp(-1 + 1e-6, 1 - 1e-6))  # acos has no slope at the very ends
    # Past pi the cosine would rise again and reward a worse angle.
    return F.cross_entropy(scale * torch.where(true, torch.cos((theta + margin).clamp(max=torch.pi)), cosine), y)


def triplet(logits: Tensor, embedding: Tensor, y: Tensor, margin: float = 0.2) -> Tensor:
    """Mean of [d(a, p) - d(a, n) + m]+, with the farthest p of a's class and the nearest n of another.

    Distances are squared Euclidean between embeddings of unit length. Anchors without a partner of their own class,
    or without one of another, are left out.

    References
    ----------
    Schroff, Kalenichenko, Philbin 2015, CVPR, equation 2; hardest in batch: Hermans, Beyer, Leibe 2017.
    """
    h = F.normalize(embedding)
    distance = 2 - 2 * h @ h.T  # (B, B)
    same = y[:, None] == y[None, :]
    itself = torch.eye(len(y), dtype=torch.bool, device=y.device)
    farthest = distance.masked_fill(~same | itself, -torch.inf).amax(dim=1)
    nearest = distance.masked_fill(same, torch.inf).amin(dim=1)
    usable = farthest.isfinite() & nearest.isfinite()
    if not bool(usable.any()):
        return 0 * embedding.sum()  # nothing to compare in this batch; the graph stays whole
    return F.relu(farthest[usable] - nearest[usable] + margin).mean()


LOSSES = {"cross_entropy": cross_entropy, "arcface": arcface, "triplet": triplet}


def triplet_and_head(logits: Tensor, embedding: Tensor, y: Tensor) -> Tensor:
    """Triplet loss shapes the embedding alone; cross-entropy beside it trains the head, so that it can name people."""
    return triplet(logits, embedding, y) + cross_entropy(logits, embedding, y)


def total_loss(output: Output, batch: Batch, recipe: Recipe, votes: bool = False) -> Tensor:
    """Loss of all modalities together plus `unimodal` times the mean of each modality's own.

    Parameters
    ----------
    votes : the joint logits are the modalities' votes, with no embedding of their own behind them; then the joint
        loss is cross-entropy, and a loss on angles or distances acts on each modality.
    """
    assert batch.y is not None
    loss = triplet_and_head if recipe.loss == "triplet" else LOSSES[recipe.loss]
    total = (cross_entropy if votes else loss)(output.logits, output.fused, batch.y)
    if recipe.unimodal:
        own = [
            loss(output.unimodal[m][here], output.embeddings[m][here], batch.y[here])
            for m, here in batch.present.items()
            if m in output.unimodal and bool(here.any())
        ]
        if own:
            total = total + recipe.unimodal * torch.stack(own).mean()
    return total
