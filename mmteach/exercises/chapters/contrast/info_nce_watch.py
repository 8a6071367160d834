"""What is looked at in a loss of pairs, and the pairs it is tried on."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Answer


def gradient(answer: Answer, a: Tensor, b: Tensor, log_scale: Tensor) -> object:
    """What the loss would change both sides and the scale by."""
    given = [t.clone().requires_grad_() for t in (a, b, log_scale)]
    try:
        value = answer(*given)
    except RuntimeError as error:
        if "requires grad" in str(error):  # torch refuses to make numpy of it, for the same reason
            return "no gradient comes back"
        raise
    if isinstance(value, float | np.floating) or (isinstance(value, Tensor) and not value.requires_grad):
        return "no gradient comes back"
    if not isinstance(value, Tensor):
        return value
    value.sum().backward()
    return {name: t.grad for name, t in zip(("a", "b", "scale"), given, strict=True)}


def drawn(rng: np.random.Generator, n: int, e: int, log_scale: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
    """N pairs that resemble each other somewhat, of any length."""
    a = rng.normal(size=(n, e))
    b = a + rng.normal(size=(n, e))
    a, b = (x * rng.uniform(0.3, 3, size=(n, 1)) for x in (a, b))
    return torch.tensor(a).float(), torch.tensor(b).float(), torch.tensor(log_scale)


def alike(n: int, e: int) -> tuple[Tensor, Tensor, Tensor]:
    """All the same: nobody can tell who belongs to whom."""
    return torch.full((n, e), 0.5), torch.full((n, e), 2.0), torch.tensor(2.6593)
