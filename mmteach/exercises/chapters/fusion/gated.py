"""A gate for every number says which of two modalities to believe."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


class MyGated(nn.Module):
    """Gated unit of two modalities: h = z * tanh(W_a a) + (1 - z) * tanh(W_b b), z = sigmoid(W_z [a; b])."""

    def __init__(self, dim_a: int, dim_b: int, dim: int) -> None:
        super().__init__()
        self.from_a = nn.Linear(dim_a, dim)
        self.from_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(dim_a + dim_b, dim)

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """(B, dim_a), (B, dim_b) -> (B, dim)."""
        z = torch.sigmoid(self.gate(torch.cat([a, b], dim=1)))
        return z * torch.tanh(self.from_a(a)) + (1 - z) * torch.tanh(self.from_b(b))


class _GateForAAlone(MyGated):
    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        z = torch.sigmoid(self.gate(torch.cat([a, b], dim=1)))
        return z * torch.tanh(self.from_a(a)) + torch.tanh(self.from_b(b))


class _Exchanged(MyGated):
    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        z = torch.sigmoid(self.gate(torch.cat([a, b], dim=1)))
        return (1 - z) * torch.tanh(self.from_a(a)) + z * torch.tanh(self.from_b(b))


class _NoSigmoid(MyGated):
    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        z = self.gate(torch.cat([a, b], dim=1))
        return z * torch.tanh(self.from_a(a)) + (1 - z) * torch.tanh(self.from_b(b))


class _NoTanh(MyGated):
    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        z = torch.sigmoid(self.gate(torch.cat([a, b], dim=1)))
        return z * self.from_a(a) + (1 - z) * self.from_b(b)


class _SoftmaxGate(MyGated):
    """The gates of one sample compete with each other instead of a with b."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        z = torch.softmax(self.gate(torch.cat([a, b], dim=1)), dim=1)
        return z * torch.tanh(self.from_a(a)) + (1 - z) * torch.tanh(self.from_b(b))


class _OneGate(MyGated):
    """One gate for the whole vector."""

    def __init__(self, dim_a: int, dim_b: int, dim: int) -> None:
        super().__init__(dim_a, dim_b, dim)
        self.gate = nn.Linear(dim_a + dim_b, 1)


class _TanhGate(MyGated):
    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        z = torch.tanh(self.gate(torch.cat([a, b], dim=1)))
        return z * torch.tanh(self.from_a(a)) + (1 - z) * torch.tanh(self.from_b(b))


def _fixed(answer: Answer, dim_a: int, dim_b: int, dim: int, gate: float | None) -> Any:
    """Make one whose parameters are known: drawn in their order; a gate without weights has `gate` as its bias."""
    module, drawn = answer(dim_a, dim_b, dim), torch.Generator().manual_seed(dim)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=drawn))
        if gate is not None:
            module.gate.weight.zero_()
            module.gate.bias.fill_(gate)
    return module


def _value(answer: Answer, a: Tensor, b: Tensor, dim: int, gate: float | None = None) -> Tensor:
    return _fixed(answer, a.shape[1], b.shape[1], dim, gate)(a, b)


def _untaught(answer: Answer, a: Tensor, b: Tensor, dim: int) -> dict[str, int]:
    """Count the numbers that a module has, and the parameters that no gradient reaches."""
    module = _fixed(answer, a.shape[1], b.shape[1], dim, None)
    module(a, b).square().sum().backward()
    numbers = sum(p.numel() for p in module.parameters())
    reached = [p.grad is not None and bool((p.grad != 0).any()) for p in module.parameters()]
    return {"numbers to learn": numbers, "parameters without gradient": reached.count(False)}


def _pair(rng: np.random.Generator, b: int, dim_a: int, dim_b: int, *more: Any) -> tuple:
    return (*(torch.from_numpy(rng.normal(size=(b, d)).astype(np.float32)) for d in (dim_a, dim_b)), *more)


GATED = Exercise(
    id="fusion.gated",
    title="Whom to believe",
    minutes=15,
    task="""Write `forward` of `MyGated`, the gated unit of two modalities `a`, `(B, dim_a)`, and `b`, `(B, dim_b)`:

$$z = \\sigma(W_z [a; b]), \\qquad h = z \\odot \\tanh(W_a a) + (1 - z) \\odot \\tanh(W_b b)$$

Each of the `dim` numbers of `h` has a gate of its own, which looks at *both* modalities: 1 believes `a` alone, 0
believes `b` alone. The layers are there already, with their biases: `from_a` is $W_a$, `from_b` is $W_b$, `gate` is
$W_z$. Leave `__init__` as it is.""",
    starter='''class MyGated(nn.Module):
    """Gated unit of two modalities: h = z * tanh(W_a a) + (1 - z) * tanh(W_b b), z = sigmoid(W_z [a; b])."""

    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.from_a = nn.Linear(dim_a, dim)
        self.from_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(dim_a + dim_b, dim)

    def forward(self, a, b):
        """(B, dim_a), (B, dim_b) -> (B, dim)."""
        z = ...
        return ...
''',
    hints=(
        "`[a; b]` is one vector: `torch.cat([a, b], dim=1)`. The layer `gate` makes `dim` scores of it.",
        "`torch.sigmoid` turns a score into a number between 0 and 1, each by itself. `*` between tensors multiplies "
        "number by number, which is what the circle with the dot means.",
        "What `z` gives to `a` it takes from `b`: the two weights, `z` and `1 - z`, sum to 1.",
    ),
    checks=(
        Check(
            "It mixes both modalities as the equation says.",
            lambda rng: [_pair(rng, 4, 3, 2, 5), _pair(rng, 1, 2, 2, 3), _pair(rng, 3, 1, 4, 2)],
            observe=_value,
            points=2,
        ),
        Check(
            "A gate that knows nothing (all its weights 0) gives the plain mean.",
            lambda rng: [_pair(rng, 3, 4, 2, 3, 0.0)],
            observe=_value,
        ),
        Check(
            "A gate wide open believes `a` alone, one that is shut believes `b` alone.",
            lambda rng: [_pair(rng, 2, 3, 3, 4, 50.0), _pair(rng, 2, 3, 3, 4, -50.0)],
            observe=_value,
        ),
        Check(
            "Every parameter gets a gradient.",
            lambda rng: [_pair(rng, 6, 3, 2, 4)],
            observe=_untaught,
        ),
        Check(
            "It holds for wide embeddings.",
            lambda rng: [_pair(rng, 33, 17, 40, 24), _pair(rng, 1, 1, 1, 1)],
            observe=_value,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "the gate holds back one side only",
            "`a` goes through the gate, `b` is added in full whatever the gate says. What is given to one must be "
            "taken from the other, or the unit never chooses.",
            _GateForAAlone,
        ),
        Mistake(
            "z and 1 - z exchanged",
            "The gate is there, but it opens for the wrong side: at z = 1 the equation believes `a`. Training would "
            "learn around it, but whoever reads the gates to explain a prediction would blame the wrong modality.",
            _Exchanged,
        ),
        Mistake(
            "no sigmoid",
            "The gate is a raw score: it can be 7, or -3, and then it multiplies and subtracts instead of choosing. "
            "Bring it between 0 and 1 first.",
            _NoSigmoid,
        ),
        Mistake(
            "no tanh",
            "The gate is right, but it mixes unbounded numbers: a modality with large values wins even behind a "
            "nearly shut gate. Tanh brings both sides to the same range, so that the gate alone decides.",
            _NoTanh,
        ),
        Mistake(
            "softmax over the wrong axis",
            "The gates of a sample sum to 1 over its numbers, so they compete with each other. The competitors are "
            "the two modalities: each number has its own gate, and a sigmoid is the softmax between two.",
            _SoftmaxGate,
        ),
        Mistake(
            "one gate for everything",
            "One and the same gate multiplies all numbers of a sample. Perhaps the voice tells the mood and the face "
            "the age: each number needs a gate of its own.",
            _OneGate,
        ),
        Mistake(
            "tanh as the gate",
            "Tanh runs from -1 to 1. A gate of -1 turns a modality's sign round, and gives the other the weight 2; a "
            "share lies between 0 and 1.",
            _TanhGate,
        ),
    ),
    reference=MyGated,
    reading=(
        "mmteach.models.GatedFusion",
        "Arevalo, Solorio, Montes-y-Gomez, Gonzalez 2017, ICLR workshop, equations 1-4.",
    ),
    module=lambda cls: (cls(3, 2, 4), (torch.ones(5, 3), torch.ones(5, 2))),
)
