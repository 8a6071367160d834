"""What is looked at in parts that an answer has frozen: gradients, modes, rates, and what a step moves."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from mmteach.exercises.definition import Answer


class _Dropout(nn.Dropout):
    """Dropout that draws for itself: a lab that trains in the background draws from the common generator."""

    def __init__(self, p: float) -> None:
        super().__init__(p)
        self.generator = torch.Generator()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        kept = torch.rand(x.shape, generator=self.generator) >= self.p
        return x * kept / (1 - self.p)


def _made(words: str) -> nn.ModuleDict:
    """Small parts that follow each other, with normalisation and dropout, after a step of an earlier training.

    words : the names of the parts, with a star behind those that somebody has frozen before.
    """
    generator = torch.Generator().manual_seed(0)
    parts = nn.ModuleDict()
    for word in words.split():
        linear = nn.Linear(4, 4)
        for parameter in linear.parameters():
            parameter.data.uniform_(-0.5, 0.5, generator=generator)
        parts[word.strip("*")] = nn.Sequential(linear, nn.BatchNorm1d(4), _Dropout(0.4))
    _loss(parts).backward()
    for word in words.split():
        if word.endswith("*"):
            parts[word.strip("*")].eval().requires_grad_(False)
    return parts


def _loss(parts: nn.ModuleDict) -> torch.Tensor:
    h = torch.randn(6, 4, generator=torch.Generator().manual_seed(1))
    for part in parts.values():
        h = part(h)
    return F.cross_entropy(h, torch.arange(6) % 4)


def _prepared(answer: Answer, words: str, rates: dict[str, float]) -> tuple[nn.ModuleDict, Any]:
    parts = _made(words)
    return parts, answer({name: parts[name] for name in parts}, rates)


def gradients(answer: Answer, *inputs: Any) -> Any:
    """How many of the parameters of each part ask for a gradient."""
    parts, optimiser = _prepared(answer, *inputs)
    if not isinstance(optimiser, torch.optim.Optimizer):
        return optimiser
    return {name: sum(p.requires_grad for p in part.parameters()) for name, part in parts.items()}


def modes(answer: Answer, *inputs: Any) -> Any:
    """How many modules of each part are in training mode."""
    parts, optimiser = _prepared(answer, *inputs)
    if not isinstance(optimiser, torch.optim.Optimizer):
        return optimiser
    return {name: sum(m.training for m in part.modules()) for name, part in parts.items()}


def rates(answer: Answer, *inputs: Any) -> Any:
    """The learning rate of every parameter in the optimiser, or "not in it"."""
    parts, optimiser = _prepared(answer, *inputs)
    if not isinstance(optimiser, torch.optim.Optimizer):
        return optimiser
    rate = {id(p): float(group["lr"]) for group in optimiser.param_groups for p in group["params"]}
    return {name: [rate.get(id(p), "not in it") for p in part.parameters()] for name, part in parts.items()}


def step(answer: Answer, *inputs: Any) -> Any:
    """How far one step moves each part, its running statistics included."""
    parts, optimiser = _prepared(answer, *inputs)
    if not isinstance(optimiser, torch.optim.Optimizer):
        return optimiser
    before = {k: v.clone() for k, v in parts.state_dict().items()}
    for module in parts.modules():
        if isinstance(module, _Dropout):
            module.generator.manual_seed(2)
    loss = _loss(parts)
    if not loss.requires_grad:
        return "no part learns"
    loss.backward()
    optimiser.step()
    moved = dict.fromkeys(parts, 0.0)
    for key, value in parts.state_dict().items():
        moved[key.split(".")[0]] += float((value - before[key]).abs().sum())
    return moved
