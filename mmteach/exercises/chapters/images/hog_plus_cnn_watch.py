"""What is looked at in a network that reads a picture's pixels and its designed features: logits, gradients, a file."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from mmteach.exercises.definition import Answer

SIDE = 3  # pixels of a picture
_MOST = 1e4  # a logit beyond it counts as this: how far a division by nearly nothing explodes says nothing


class Numbers(NamedTuple):
    """How many there are: E of the embedding, D features, N training pictures, B asked, C classes."""

    e: int
    d: int
    n: int
    b: int
    c: int


Case: TypeAlias = "tuple[Tensor, Tensor, Tensor, int, int]"  # pictures, hog, hog_train, E, C


def drawn(rng: np.random.Generator, *numbers: int) -> Case:
    """Draw pictures and features, each feature with a place and a width of its own; those asked lie aside."""
    count = Numbers(*numbers)
    place, width = rng.normal(0, 3, count.d), rng.uniform(0.1, 4, count.d)
    train = place + width * rng.normal(size=(count.n, count.d))
    asked = place + 0.5 * width + width * rng.normal(size=(count.b, count.d))
    pictures = rng.normal(size=(count.b, 1, SIDE, SIDE))
    return (*(torch.from_numpy(a.astype(np.float32)) for a in (pictures, asked, train)), count.e, count.c)  # type: ignore[return-value]


def with_constant(rng: np.random.Generator, *numbers: int) -> Case:
    """Let the last feature be 2 in all of training; of those asked every other one has 2 there as well."""
    pictures, hog, train, e, c = drawn(rng, *numbers)
    train[:, -1] = 2
    hog[::2, -1] = 2
    return pictures, hog, train, e, c


def built(answer: Answer, train: Tensor, e: int, c: int) -> Any:
    """Make one with a small network; all linear layers get known numbers, in the order in which they were made."""
    cnn = nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, e), nn.Tanh())
    module, numbers = answer(cnn, e, train.clone(), c), torch.Generator().manual_seed(e)
    for part in module.modules():
        if isinstance(part, nn.Linear):
            for parameter in part.parameters():
                parameter.data = torch.randn(parameter.shape, generator=numbers)
    return module


def logits(answer: Answer, pictures: Tensor, hog: Tensor, train: Tensor, e: int, c: int) -> Any:
    """All pictures in one batch."""
    return built(answer, train, e, c)(pictures, hog)


def in_pairs(answer: Answer, pictures: Tensor, hog: Tensor, train: Tensor, e: int, c: int) -> Any:
    """Each picture beside the one that follows."""
    module = built(answer, train, e, c)
    return [module(pictures[i : i + 2], hog[i : i + 2]).detach() for i in range(len(hog) - 1)]


def bounded(answer: Answer, *case: Any) -> Any:
    """Logits, those that explode cut off."""
    out = logits(answer, *case)
    return out.clamp(-_MOST, _MOST) if isinstance(out, Tensor) else out


def learning(answer: Answer, pictures: Tensor, hog: Tensor, train: Tensor, e: int, c: int) -> dict[str, int]:
    """Count what an optimiser would be given, and how much of the network a gradient reaches."""
    module = built(answer, train, e, c)
    module(pictures, hog).square().sum().backward()
    asked = [p for p in module.parameters() if p.requires_grad]
    own = [p for p in module.cnn.parameters() if p.grad is not None and bool(p.grad.any())]
    return {"numbers to learn": sum(p.numel() for p in asked), "parts of the network with a gradient": len(own)}


def from_a_file(answer: Answer, pictures: Tensor, hog: Tensor, train: Tensor, e: int, c: int) -> Any:
    """Save, load into a second one that was made with other training pictures, and ask that."""
    state = built(answer, train, e, c).state_dict()
    second = built(answer, 3 * train + 1, e, c)
    second.load_state_dict(state)
    return second(pictures, hog)
