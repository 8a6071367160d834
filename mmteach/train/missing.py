"""Missing modalities: hidden at random in training, so that a model learns to do without; hidden in a test."""

from __future__ import annotations

import torch

from mmteach.errors import ParameterError
from mmteach.types import Batch, Modality


def drop_modalities(batch: Batch, p: float, generator: torch.Generator) -> Batch:
    """Hide each modality of each sample with probability p; who would lose all keeps all.

    References
    ----------
    Neverova et al. 2015 (ModDrop), IEEE TPAMI 38(8).
    """
    names = sorted(batch.present)
    before = torch.stack([batch.present[m] for m in names])  # (M, B)
    after = before & (torch.rand(before.shape, generator=generator) >= p)
    after = torch.where(after.any(dim=0, keepdim=True), after, before)
    return batch._replace(present=dict(zip(names, after, strict=True)))


def hide_modality(batch: Batch, modality: Modality, share: float, generator: torch.Generator) -> Batch:
    """Take a modality from a share of the samples, for good; who has nothing else keeps it.

    Parameters
    ----------
    share : of all samples, [0, 1]; the same generator hides the same ones.

    Raises
    ------
    ParameterError : the modality is unknown, or the share lies outside.
    """
    if modality not in batch.present or not 0 <= share <= 1:
        known = ", ".join(sorted(batch.present))
        raise ParameterError(f"cannot hide a share of {share} of {modality!r}: known are {known}, a share is 0 to 1")
    chosen = torch.zeros(len(batch.ids), dtype=torch.bool)
    chosen[torch.randperm(len(batch.ids), generator=generator)[: round(share * len(batch.ids))]] = True
    others = torch.stack([p for m, p in batch.present.items() if m != modality] or [torch.zeros_like(chosen)])
    kept = batch.present[modality] & ~(chosen & others.any(dim=0))
    shape = (-1, *[1] * (batch.x[modality].ndim - 1))
    x = torch.where(kept.view(shape), batch.x[modality], torch.zeros_like(batch.x[modality]))
    return batch._replace(present={**batch.present, modality: kept}, x={**batch.x, modality: x})
