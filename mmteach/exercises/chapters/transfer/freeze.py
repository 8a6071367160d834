"""What learns, how fast, and what stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from mmteach.exercises.chapters.transfer.watch import gradients, modes, rates, step
from mmteach.exercises.definition import Check, Exercise, Mistake


def my_freeze(parts: dict[str, nn.Module], rates: dict[str, float]) -> torch.optim.SGD:
    """{name: module}, {name: learning rate, 0 to freeze} -> an optimiser of the parts that learn."""
    groups = []
    for name, part in parts.items():
        learns = rates[name] > 0
        part.requires_grad_(learns)
        part.train(learns)
        if learns:
            groups.append({"params": list(part.parameters()), "lr": rates[name]})
    return torch.optim.SGD(groups)


def _groups(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> list[dict[str, Any]]:
    return [{"params": list(parts[m].parameters()), "lr": rate} for m, rate in rates.items() if rate > 0]


def _eval_alone(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    for m, part in parts.items():
        part.train(rates[m] > 0)
        if rates[m] > 0:
            part.requires_grad_(True)
    return torch.optim.SGD(_groups(parts, rates))


def _requires_grad_alone(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    for m, part in parts.items():
        part.requires_grad_(rates[m] > 0)
    return torch.optim.SGD(_groups(parts, rates))


def _all_in_training_mode(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    optimiser = my_freeze(dict(parts), dict(rates))
    for part in parts.values():
        part.train()
    return optimiser


def _all_in_evaluation_mode(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    optimiser = my_freeze(dict(parts), dict(rates))
    for part in parts.values():
        part.eval()
    return optimiser


def _frozen_in_the_optimiser(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    my_freeze(dict(parts), dict(rates))
    return torch.optim.SGD([{"params": list(part.parameters()), "lr": rates[m]} for m, part in parts.items()])


def _one_rate(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    my_freeze(dict(parts), dict(rates))
    learning = [p for part in parts.values() for p in part.parameters() if p.requires_grad]
    return torch.optim.SGD(learning, lr=max(rates.values()))


def _never_thawed(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    for m, part in parts.items():
        if not rates[m] > 0:
            part.eval().requires_grad_(False)
    return torch.optim.SGD(_groups(parts, rates))


def _head_forgotten(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    optimiser = my_freeze(dict(parts), dict(rates))
    of_head = {id(p) for p in parts["head"].parameters()}
    for group in optimiser.param_groups:
        group["params"] = [p for p in group["params"] if id(p) not in of_head]
    return optimiser


def _everything_frozen(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    optimiser = my_freeze(dict(parts), dict(rates))
    for part in parts.values():
        part.requires_grad_(False)
    return optimiser


def _the_wrong_way_round(parts: Mapping[str, nn.Module], rates: Mapping[str, float]) -> torch.optim.SGD:
    fastest = max(rates.values())
    return my_freeze(dict(parts), {m: 0.0 if rate > 0 else fastest for m, rate in rates.items()})


_CASES = [
    ("encoder fusion head", {"encoder": 0.0, "fusion": 0.01, "head": 0.1}),
    ("encoder* head", {"encoder": 0.05, "head": 0.5}),
    ("voice head", {"voice": 0.0, "head": 0.2}),
]


FREEZE = Exercise(
    id="transfer.freeze",
    title="What stays, and what learns how fast",
    minutes=20,
    task="""A network that has learnt a lot gets a new head, and few samples. What is there already should stay, or move
slowly. Write `my_freeze(parts, rates)`. `parts`, `{name: module}`, are the parts of a network in order; `rates`,
`{name: learning rate}`, says of each how fast it is to learn; 0 freezes it, and at least one is above 0.

- A part that is *frozen* asks for no gradients, is in evaluation mode (else batch normalisation would go on moving its
  running statistics, and dropout would silence some of what it says), and has no place in the optimiser.
- A part that *learns* asks for gradients and is in training mode, also where somebody had frozen it before.

Change the parts in place, and return a `torch.optim.SGD` of all parts that learn, each at its own rate, with nothing
else set.""",
    starter='''def my_freeze(parts, rates):
    """{name: module}, {name: learning rate, 0 to freeze} -> an optimiser of the parts that learn."""
    groups = []
    for name, part in parts.items():
        learns = rates[name] > 0
        ...
    return ...  # an optimiser of the groups
''',
    hints=(
        "Three things are to be said to each part: whether it asks for gradients, in which mode it is, whether the "
        "optimiser gets it. None of them implies another.",
        "`part.requires_grad_(learns)` is for all its parameters at once; `part.train(learns)` is evaluation mode "
        "where `learns` is False.",
        'An optimiser takes groups, each with its rate: `{"params": list(part.parameters()), "lr": rates[name]}`. '
        "Hand the list of groups to `torch.optim.SGD`.",
    ),
    checks=(
        Check("Gradients are asked for by what learns, and by nothing else.", lambda rng: _CASES, observe=gradients),
        Check("What is frozen is in evaluation mode, the rest in training mode.", lambda rng: _CASES, observe=modes),
        Check(
            "The optimiser holds what learns, each part at its own rate, and nothing else.",
            lambda rng: _CASES,
            points=2,
            observe=rates,
        ),
        Check(
            "A step moves what learns, and nothing of what is frozen.",
            lambda rng: _CASES,
            points=2,
            observe=step,
        ),
        Check(
            "It holds for parts that are frozen and thawed in turn.",
            lambda rng: [("a* b c* head", {"a": 0.001, "b": 0.0, "c": 0.01, "head": 1.0})],
            observe=step,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "freezing by eval() alone",
            "Evaluation mode changes how normalisation and dropout behave, and nothing else: gradients are still asked "
            "for and computed. Say both.",
            _eval_alone,
        ),
        Mistake(
            "no word about the mode",
            "No gradients, but the mode was never set: a frozen part that is in training mode goes on moving its "
            "running statistics, with the new samples, and a part that was frozen before stays in evaluation mode.",
            _requires_grad_alone,
        ),
        Mistake(
            "frozen parts in training mode",
            "What is frozen is in training mode: its batch normalisation moves with every batch, without any gradient, "
            "and its dropout silences some of what it says. What it has learnt is not left as it was.",
            _all_in_training_mode,
        ),
        Mistake(
            "the head in evaluation mode",
            "The whole network is in evaluation mode, what learns included: its normalisation never gets to know the "
            "new samples, and dropout does not protect it. Set the mode for each part.",
            _all_in_evaluation_mode,
        ),
        Mistake(
            "the optimiser gets what is frozen",
            "The optimiser holds parameters that are frozen. Old gradients, momentum or weight decay could move them "
            "after all. Give it the parts that learn.",
            _frozen_in_the_optimiser,
        ),
        Mistake(
            "one rate for all",
            "All that learns learns at the same rate. What has been learnt already should move more slowly than a new "
            "head: an optimiser takes groups, each with a rate of its own.",
            _one_rate,
        ),
        Mistake(
            "nothing is ever thawed",
            "Freezing works, thawing does not: a part that was frozen before stays frozen although it has a rate. Say "
            "it for the parts that learn as well.",
            _never_thawed,
        ),
        Mistake(
            "the head forgotten",
            "The head asks for gradients, but the optimiser does not hold it. It is the one part that knows nothing "
            "yet: it would stay random.",
            _head_forgotten,
        ),
        Mistake(
            "everything is frozen",
            "No part asks for gradients any more, not even what has a rate: nothing can learn. Freeze part by part.",
            _everything_frozen,
        ),
        Mistake(
            "the wrong way round",
            "What has a rate is frozen, and what has none learns. A rate of 0 means: stays as it is.",
            _the_wrong_way_round,
        ),
    ),
    reference=my_freeze,
    reading=("mmteach.train.finetune", "Howard, Ruder 2018, ACL, section 3.2: discriminative fine-tuning."),
)
