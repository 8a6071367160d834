"""Losses: what a model is asked to make small.

Each takes logits (B, C), the embedding behind them (B, E) and the class indices y (B,), and gives one number. Where
classes are not equally frequent, `weight` (C,) says how much a sample of each counts, and `counts` (C,) how many of
each the training part holds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.errors import ParameterError


def cross_entropy(logits: Tensor, embedding: Tensor, y: Tensor, weight: Tensor | None = None) -> Tensor:
    """Mean of w_y times -log p(y); for soft labels y (B, C) the sum over classes of y_c times that of class c."""
    if y.ndim == 2:
        return F.cross_entropy(logits, y, weight, reduction="none").mean()
    return weighted_mean(F.cross_entropy(logits, y, reduction="none"), y, weight)


def weighted_mean(values: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """Mean over the batch of w_y times each sample's value (B,).

    It divides by B, not by the sum of the weights in the batch: in batches without a rare sample frequent ones would
    count in full again.
    """
    return values.mean() if weight is None else (weight[y] * values).mean()


def focal(logits: Tensor, embedding: Tensor, y: Tensor, gamma: float = 2.0, weight: Tensor | None = None) -> Tensor:
    """Cross-entropy times (1 - p(y))^gamma: what is already right hardly counts, what is hard counts in full.

    References
    ----------
    Lin et al. 2017, ICCV, equation 4.

    >>> z = torch.tensor([[0.9, 0.1]]).log()
    >>> round(focal(z, z, torch.tensor([0])).item(), 6)  # (1 - .9)^2 times -log .9
    0.001054
    """
    surprise = F.cross_entropy(logits, y, reduction="none")  # -log p(y)
    return weighted_mean((1 - torch.exp(-surprise)).clamp(min=0) ** gamma * surprise, y, weight)


def logit_adjusted(
    logits: Tensor, embedding: Tensor, y: Tensor, counts: Tensor, tau: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """Cross-entropy of logits to which tau times the log of how frequent a class is has been added, in training alone.

    The frequency is thereby accounted for, and the logits need not learn it: their largest is the class that is best
    explained, not the one that is likeliest beforehand.

    References
    ----------
    Menon et al. 2021, ICLR, equation 10.
    """
    return cross_entropy(logits + tau * log_prior(counts), embedding, y, weight)


def adjust_logits(logits: Tensor, counts: Tensor, tau: float = 1.0) -> Tensor:
    """Take tau times the log prior from the logits (B, C) of a model trained without regard to it.

    References
    ----------
    Menon et al. 2021, ICLR, equation 9.

    >>> adjust_logits(torch.tensor([[1.0, 0.0]]), torch.tensor([90, 10])).argmax().item()
    1
    """
    return logits - tau * log_prior(counts)


def log_prior(counts: Tensor) -> Tensor:
    """Log of the share of each class, (C,)."""
    return torch.log(counts / counts.sum())


def ldam(
    logits: Tensor,
    embedding: Tensor,
    y: Tensor,
    counts: Tensor,
    margin: float = 0.5,
    scale: float = 16.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Cross-entropy in which the true class must win by a margin, the larger the rarer it is: s (cos - m_y).

    Parameters
    ----------
    logits : (B, C) of a CosineHead with the same scale, s cos(theta).
    margin : of the rarest class; the others' shrink with n^(-1/4).
    scale : s; the paper has 30.

    References
    ----------
    Cao et al. 2019, NeurIPS, equation 13; with class weights late in the run it is LDAM-DRW.
    """
    _require_cosines("ldam", logits, scale)
    true = F.one_hot(y, logits.shape[1])
    return cross_entropy(logits - scale * true * margins(counts, margin), embedding, y, weight)


def margins(counts: Tensor, largest: float = 0.5) -> Tensor:
    """Margin of each class, proportional to n^(-1/4): (C,) -> (C,)."""
    raw = counts.float() ** -0.25
    return largest * raw / raw.max()


def _require_cosines(name: str, logits: Tensor, scale: float) -> None:
    if not bool(((logits / scale).abs() <= 1 + 1e-4).all()):
        raise ParameterError(f"{name} needs logits within +-{scale}, as CosineHead gives: choose head 'cosine'")


def arcface(
    logits: Tensor,
    embedding: Tensor,
    y: Tensor,
    margin: float = 0.4,
    scale: float = 16.0,
    weight: Tensor | None = None,
) -> Tensor:
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
    _require_cosines("arcface", logits, scale)
    cosine = logits / scale
    true = F.one_hot(y, logits.shape[1]).bool()
    theta = torch.acos(cosine.clamp(-1 + 1e-6, 1 - 1e-6))  # acos has no slope at the very ends
    # Past pi the cosine would rise again and reward a worse angle.
    with_margin = torch.where(true, torch.cos((theta + margin).clamp(max=torch.pi)), cosine)
    return cross_entropy(scale * with_margin, embedding, y, weight)


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


LOSSES: dict[str, Callable[..., Tensor]] = {
    "cross_entropy": cross_entropy,
    "focal": focal,
    "logit_adjusted": logit_adjusted,
    "ldam": ldam,
    "arcface": arcface,
    "triplet": triplet,
}
OF_COSINES = ("ldam", "arcface")  # these need the cosine head
SOFT = ("cross_entropy", "logit_adjusted")  # these take the shares of classes in a mixture, too
OF_COUNTS = ("ldam", "logit_adjusted")  # these must know how many training samples each class has


def triplet_and_head(logits: Tensor, embedding: Tensor, y: Tensor, weight: Tensor | None = None) -> Tensor:
    """Triplet loss shapes the embedding alone; cross-entropy beside it trains the head, so that it can name people."""
    return triplet(logits, embedding, y) + cross_entropy(logits, embedding, y, weight)


def choose_loss(name: str, counts: Tensor | None = None, weight: Tensor | None = None) -> Callable[..., Tensor]:
    """Return a function of logits, embedding and y: one of LOSSES with what it must know of the classes."""
    loss = partial(triplet_and_head if name == "triplet" else LOSSES[name], weight=weight)
    if name not in OF_COUNTS:
        return loss
    if counts is None:
        raise ParameterError(f"{name} must know how many training samples each class has: give their counts")
    return partial(loss, counts=counts)
