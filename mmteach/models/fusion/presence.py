"""Who is there: every fusion asks the same two questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from mmteach.errors import ParameterError
from mmteach.types import Modality


def flags(present: Mapping[Modality, Tensor], names: Sequence[Modality]) -> Tensor:
    """{m: (B,)} -> (B, M) bool, in the order of the names."""
    return torch.stack([present[m] for m in names], dim=1)


def only_present(
    parts: Mapping[Modality, Tensor], present: Mapping[Modality, Tensor], names: Sequence[Modality]
) -> list[Tensor]:
    """Zero the rows of absent samples.

    They are filled, not multiplied by 0: whatever stood there, even a NaN, is gone, and no gradient goes back.
    """
    return [parts[m].masked_fill(~present[m].view(-1, *[1] * (parts[m].ndim - 1)), 0.0) for m in names]


def require_share(name: str, value: float) -> None:
    """Look at a share that a saved description may hold."""
    if not (isinstance(value, int | float) and 0 <= value < 1):
        raise ParameterError(f"{name} is {value!r}; it is a share: give a number from 0 to below 1")


def require_whole(name: str, value: int, low: int, high: int) -> None:
    """Look at a count or a width that a saved description may hold."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ParameterError(f"{name} is {value!r}; it must be a whole number from {low} to {high}")
