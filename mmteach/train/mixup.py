"""Mixup: train on what lies between two samples, all their modalities and their labels mixed in the same proportion."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.batch import take
from mmteach.errors import ParameterError
from mmteach.types import Batch, Modality


def mixup(
    batch: Batch, alpha: float, generator: torch.Generator, n_classes: int, bags: Collection[Modality] = ()
) -> Batch:
    """Mix each sample of a batch with another one: lambda of itself, 1 - lambda of the other.

    One lambda ~ Beta(alpha, alpha) and one order of partners hold for all modalities and for the label.

    Parameters
    ----------
    alpha : more than 0; small: mostly one of the two, 1: every share alike, large: half and half.
    n_classes : C.
    bags : modalities whose steps are (index, weight) pairs.

    References
    ----------
    Zhang et al. 2018, ICLR, equation 1.
    """
    share, partner = draw_share(alpha, generator), torch.randperm(len(batch.ids), generator=generator)
    return mix(batch, partner, share, n_classes, bags)


def draw_share(alpha: float, generator: torch.Generator) -> float:
    """Lambda ~ Beta(alpha, alpha), in [0, 1]."""
    if not 0 < alpha <= 100:
        raise ParameterError(f"alpha is {alpha}; it must be more than 0 and at most 100")
    seed = int(torch.randint(2**62, (), generator=generator))  # torch's own Beta takes no generator
    return float(np.random.default_rng(seed).beta(alpha, alpha))


def mix(batch: Batch, partner: Tensor, share: float, n_classes: int, bags: Collection[Modality] = ()) -> Batch:
    """Mix each sample with its partner.

    Only samples with the same modalities are mixed: nothing would stand beside what one of them lacks. Others stay as
    they are. Where there is time, the mixture lasts as long as the shorter of the two.

    Parameters
    ----------
    partner : (B,) int64, the row that each is mixed with.
    share : lambda in [0, 1], of the sample itself; 1 is the identity.

    Returns
    -------
    Batch : with `soft` labels (B, C); y is the class with the larger share.
    """
    if batch.y is None or not 0 <= share <= 1:
        raise ParameterError(f"share is {share}; it must lie between 0 and 1, and the batch must have labels")
    flags = torch.stack([batch.present[m] for m in sorted(batch.present)])  # (M, B)
    alike = (flags == flags[:, partner]).all(dim=0)
    rows = torch.where(alike, partner, torch.arange(len(partner)))
    other = take(batch._replace(mask={}), rows)  # without masks nothing is cut shorter
    x, mask = {}, {}
    for m, own in batch.x.items():
        if m in bags:  # two bags of words in one, their weights shared out
            x[m] = torch.cat([_weighed(own, share), _weighed(other.x[m], 1 - share)], dim=1)  # (B, 2 T, 2)
            mask[m] = torch.cat([batch.mask[m], batch.mask[m][rows]], dim=1)
            continue
        x[m] = share * own + (1 - share) * other.x[m]
        if m in batch.mask:
            mask[m] = batch.mask[m] & batch.mask[m][rows]
            x[m] = x[m] * mask[m].view(*mask[m].shape, *[1] * (own.ndim - 2))
    soft = share * F.one_hot(batch.y, n_classes) + (1 - share) * F.one_hot(batch.y[rows], n_classes)
    return batch._replace(x=x, mask=mask, y=soft.argmax(dim=1), soft=soft)


def bags_of(model: nn.Module) -> tuple[Modality, ...]:
    """Modalities that a model reads as bags of (index, weight) pairs.

    Raises
    ------
    ParameterError : it reads the indices of tokens, between which there is nothing.
    """
    found = []
    for m, encoder in zip(getattr(model, "modalities", ()), getattr(model, "encoders", ()), strict=True):
        if isinstance(getattr(encoder, "table", None), nn.Embedding):
            if not hasattr(encoder, "scale"):
                raise ParameterError(
                    f"{m} is a row of token numbers, and half of word 3 and half of word 5 is not word 4: "
                    "use NGrams with encoder 'bag', or leave mixup out"
                )
            found.append(m)
    return tuple(found)


def _weighed(x: Tensor, share: float) -> Tensor:
    """(B, T, 2) pairs with their weights multiplied."""
    return torch.stack([x[..., 0], share * x[..., 1]], dim=-1)
