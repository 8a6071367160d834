"""transfer.freeze, written otherwise."""

from __future__ import annotations

import torch
from torch import nn

from mmteach.exercises.proof import Proof


def _parameter_by_parameter(parts, rates):
    groups = []
    for name in rates:
        for parameter in parts[name].parameters():
            parameter.requires_grad = bool(rates[name])
            if rates[name]:
                groups.append({"params": [parameter], "lr": rates[name]})
        (parts[name].train if rates[name] else parts[name].eval)()
    return torch.optim.SGD(groups, lr=0.1)


def _group_by_group(parts, rates):
    whole = nn.ModuleList(parts.values()).train().requires_grad_(True)
    for i, name in enumerate(parts):
        if rates[name] == 0:
            whole[i].eval()
            for p in whole[i].parameters():
                p.requires_grad_(False)
    learning = [m for m in parts if rates[m] != 0]
    optimiser = torch.optim.SGD(parts[learning[0]].parameters(), lr=rates[learning[0]])
    for m in learning[1:]:
        optimiser.add_param_group({"params": list(parts[m].parameters()), "lr": rates[m]})
    return optimiser


def _optimiser(parts, rates, names):
    return torch.optim.SGD([{"params": [*parts[m].parameters()], "lr": rates[m]} for m in names])


def _say(parts, rates, gradients=True, modes=True):
    for m in parts:
        if gradients:
            for p in parts[m].parameters():
                p.requires_grad = rates[m] != 0
        if modes:
            parts[m].train(rates[m] != 0)
    return [m for m in parts if rates[m] != 0]


def _no_flags(parts, rates):
    learning = _say(parts, rates, gradients=False)
    for m in learning:
        for p in parts[m].parameters():
            p.requires_grad = True
    return _optimiser(parts, rates, learning)


def _no_modes(parts, rates):
    return _optimiser(parts, rates, _say(parts, rates, modes=False))


def _train(parts, rates):
    learning = _say(parts, rates, modes=False)
    nn.ModuleDict(parts).train()
    return _optimiser(parts, rates, learning)


def _eval(parts, rates):
    learning = _say(parts, rates, modes=False)
    nn.ModuleDict(parts).eval()
    return _optimiser(parts, rates, learning)


def _all_parts(parts, rates):
    _say(parts, rates)
    return _optimiser(parts, rates, parts)


def _fastest(parts, rates):
    learning = _say(parts, rates)
    fastest = sorted(rates.values())[-1]
    return torch.optim.SGD([p for m in learning for p in parts[m].parameters()], fastest)


def _only_off(parts, rates):
    frozen = [m for m in parts if rates[m] == 0]
    for m in frozen:
        parts[m].eval()
        for p in parts[m].parameters():
            p.requires_grad = False
    return _optimiser(parts, rates, [m for m in parts if m not in frozen])


def _no_head(parts, rates):
    learning = [m for m in _say(parts, rates) if m != "head"]
    nothing = [{"params": [nn.Parameter(torch.zeros(1))], "lr": 0.1}]
    return _optimiser(parts, rates, learning) if learning else torch.optim.SGD(nothing)


def _all_off(parts, rates):
    learning = _say(parts, rates)
    nn.ModuleDict(parts).requires_grad_(False)
    return _optimiser(parts, rates, learning)


def _turned(parts, rates):
    turned = {m: 0 if rates[m] else max(rates.values()) for m in parts}
    return _optimiser(parts, turned, _say(parts, turned))


FREEZE = Proof(
    right=(_parameter_by_parameter, _group_by_group),
    variants={
        "freezing by eval() alone": _no_flags,
        "no word about the mode": _no_modes,
        "frozen parts in training mode": _train,
        "the head in evaluation mode": _eval,
        "the optimiser gets what is frozen": _all_parts,
        "one rate for all": _fastest,
        "nothing is ever thawed": _only_off,
        "the head forgotten": _no_head,
        "everything is frozen": _all_off,
        "the wrong way round": _turned,
    },
)
