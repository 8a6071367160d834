"""Fine-tuning: which parts of a trained model go on learning, and how fast.

A part that is frozen must stay as it is in three ways: no gradient, no place in the optimiser, and no training mode, in
which batch normalisation would move its running statistics and dropout silence some of what it says.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from mmteach.errors import ParameterError


def freeze(model: nn.Module, *parts: str) -> None:
    """Take parts out of learning; the loop then leaves them in evaluation mode too.

    Parameters
    ----------
    parts : names of submodules as in `named_modules`, such as "encoders", "encoders.0" or "fusion". Of a
        MultimodalModel the encoders stand in the order of `model.modalities`.

    >>> model = nn.ModuleDict({"encoder": nn.Linear(3, 2), "head": nn.Linear(2, 2)})
    >>> freeze(model, "encoder")
    >>> [name for name, p in model.named_parameters() if p.requires_grad]
    ['head.weight', 'head.bias']
    """
    for part in parts:
        part_of(model, part).requires_grad_(False)


def thaw(model: nn.Module, *parts: str) -> None:
    """Let parts learn again."""
    for part in parts:
        part_of(model, part).requires_grad_(True)


def slow_down(model: nn.Module, rates: Mapping[str, float]) -> None:
    """Give parts a learning rate of their own, as a share of the run's: 0.1 for what has been learnt already.

    Parameters
    ----------
    rates : {name of the part: share of the learning rate, above 0}; of two names that hold the same parameter the
        later one counts. Parts that are not named learn at the run's own rate.

    References
    ----------
    Howard, Ruder 2018, ACL, section 3.2 (discriminative fine-tuning).
    """
    for part, rate in rates.items():
        if not 0 < rate <= 100:
            raise ParameterError(f"{part} is to learn at {rate} of the rate: choose above 0, or freeze it")
        for parameter in part_of(model, part).parameters():
            parameter.rate = rate  # type: ignore[attr-defined]  # read by `train.loop.make_optimiser`


def train_mode(model: nn.Module) -> None:
    """Training mode for what learns; parts whose parameters are all frozen stay in evaluation mode."""
    model.train()
    for module in model.modules():
        of_module = list(module.parameters())
        if of_module and not any(p.requires_grad for p in of_module):
            module.eval()


def part_of(model: nn.Module, name: str) -> nn.Module:
    """Find a submodule by its name.

    Raises
    ------
    ParameterError : there is none, or it holds nothing that could learn.
    """
    modules = dict(model.named_modules())
    if name not in modules or not any(True for _ in modules[name].parameters()):
        known = ", ".join(n for n, _ in model.named_children())
        raise ParameterError(f"the model has no part {name!r} with parameters; its parts are {known}")
    return modules[name]
