"""The loop for several tasks at once: one batch, one step, every task's loss and gradient noted on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn

from mmteach.batch import minibatches
from mmteach.errors import ParameterError
from mmteach.train.loop import make_optimiser
from mmteach.train.multitask import UNKNOWN, UncertaintyWeights, agreement, pcgrad, task_gradients, task_losses
from mmteach.train.recipe import Recipe, schedule_factor
from mmteach.train.sampling import class_counts, inverse_weights, per_sample
from mmteach.types import Batch

METHODS = ("fixed", "uncertainty", "pcgrad")
_FASTER = 10  # a log variance has further to go than a weight, and nothing to be careful about


class Weighing(NamedTuple):
    """How several losses become one step.

    Parameters
    ----------
    method : "fixed" (the losses times their weights), "uncertainty" (the weights are learnt) or "pcgrad" (the
        gradients of the body are projected first).
    weights : (T,) of the tasks, for "fixed"; without them every task weighs 1. A task of weight 0 teaches nothing.
    """

    method: str = "fixed"
    weights: tuple[float, ...] = ()


class Multitask(Protocol):
    """What `fit_tasks` needs to know of a model: see models.MultitaskModel."""

    tasks: tuple[str, ...]
    heads: nn.ModuleList

    def shared(self) -> list[nn.Parameter]:
        """Parameters that every task pulls at."""

    def __call__(self, batch: Batch) -> dict[str, Tensor]:
        """Batch of B -> {task: (B, C)}."""


@dataclass
class TaskHistory:
    """What happened, step by step.

    losses : each (T,); cosines : `agreement` of the tasks' gradients on the body; s : each (T,), empty unless learnt.
    """

    tasks: tuple[str, ...]
    losses: list[list[float]] = field(default_factory=list)
    cosines: list[float] = field(default_factory=list)
    s: list[list[float]] = field(default_factory=list)


class TaskTrainer:
    """Trains all tasks of a model at once, a step at a time.

    Parameters
    ----------
    model : changed in place.
    y : {task: (N,)} class indices of the training part, UNKNOWN where there is none. In every task each class counts
        the same, however many samples it has: else a loss would be small merely because one class is frequent.
    recipe : its learning rate, schedule, optimiser, weight decay and seed are used.
    n_steps : of the whole run, for the schedule.
    """

    def __init__(self, model: Multitask, y: Mapping[str, Tensor], how: Weighing, recipe: Recipe, n_steps: int) -> None:
        _check(model, y, how)
        self.model, self.y, self.how, self.recipe, self.n_steps = model, y, how, recipe, n_steps
        self.history = TaskHistory(model.tasks)
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.class_weights = {task: _balancing(y[task]) for task in model.tasks}
        self.weights = torch.tensor(how.weights or (1.0,) * len(model.tasks))
        self.optimiser = make_optimiser(model, recipe)  # type: ignore[arg-type]
        self.uncertainty = UncertaintyWeights(len(model.tasks))
        self.own = list(model.heads.parameters())
        if how.method == "uncertainty":
            self.optimiser.add_param_group({"params": [self.uncertainty.s], "weight_decay": 0.0, "faster": _FASTER})
            self.own.append(self.uncertainty.s)

    def step(self, batch: Batch, rows: Tensor) -> None:
        """Go one step down; rows : (B,) which samples of the training part the batch holds."""
        losses = task_losses(self.model(batch), {t: self.y[t][rows] for t in self.model.tasks}, self.class_weights)
        shared = self.model.shared()
        gradients = task_gradients(losses, shared)  # (T, P)
        self._note(losses, gradients)
        learnt = self.how.method == "uncertainty"
        weights = torch.exp(-self.uncertainty.s.detach()) if learnt else self.weights
        pulled = weights[:, None] * gradients
        if self.how.method == "pcgrad":
            pulled = pcgrad(pulled, self.generator)
        self.optimiser.zero_grad(set_to_none=True)
        write_gradient(shared, pulled.sum(dim=0))
        total = self.uncertainty(losses) if learnt else (weights * losses).sum()
        total.backward(inputs=self.own)  # nobody else pulls at a head, and the body has its gradient already
        self._set_learning_rate()
        self.optimiser.step()

    def _set_learning_rate(self) -> None:
        progress = (len(self.history.losses) - 1) / max(1, self.n_steps - 1)
        for group in self.optimiser.param_groups:
            factor = schedule_factor(self.recipe.schedule, progress) * group.get("faster", 1)
            group["lr"] = self.recipe.learning_rate * factor

    def _note(self, losses: Tensor, gradients: Tensor) -> None:
        values = losses.tolist()
        if not all(map(math.isfinite, values)):
            raise ParameterError(f"a loss became {values} at step {len(self.history.losses) + 1}: lower learning_rate")
        self.history.losses.append(values)
        self.history.cosines.append(agreement(gradients))
        if self.how.method == "uncertainty":
            self.history.s.append(self.uncertainty.s.tolist())


def fit_tasks(
    model: nn.Module, train: Batch, y: Mapping[str, Tensor], how: Weighing | None = None, recipe: Recipe | None = None
) -> TaskHistory:
    """Train to the end of the recipe's epochs; nothing is chosen, so no validation part is needed.

    Parameters
    ----------
    model : models.MultitaskModel or its like.
    train : the whole training part as one Batch; its own y is not used.
    y : {task: (N,)}, as in TaskTrainer.
    """
    recipe = recipe or Recipe()
    numbered = train._replace(y=torch.arange(len(train.ids)))  # so that each batch knows which rows it holds
    per_epoch = sum(1 for _ in minibatches(numbered, recipe.batch_size, torch.Generator()))
    trainer = TaskTrainer(model, y, how or Weighing(), recipe, recipe.epochs * per_epoch)  # type: ignore[arg-type]
    model.train()
    for _ in range(recipe.epochs):
        for batch in minibatches(numbered, recipe.batch_size, trainer.generator):
            assert batch.y is not None
            trainer.step(batch, batch.y)
    model.eval()
    return trainer.history


def write_gradient(parameters: Sequence[nn.Parameter], flat: Tensor) -> None:
    """Give each parameter its part of one long gradient (P,)."""
    for p, part in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
        p.grad = part.reshape(p.shape).clone()


def _balancing(y: Tensor) -> Tensor:
    """Weight of each class among the labelled samples, (C,)."""
    known = y[y != UNKNOWN]
    counts = class_counts(known, int(known.max()) + 1)
    return per_sample(inverse_weights(counts), counts)


def _check(model: Multitask, y: Mapping[str, Tensor], how: Weighing) -> None:
    if how.method not in METHODS:
        raise ParameterError(f"method is {how.method!r}; known are {', '.join(METHODS)}")
    if how.weights and (len(how.weights) != len(model.tasks) or min(how.weights) < 0 or not any(how.weights)):
        raise ParameterError(f"weights are {how.weights}; {len(model.tasks)} tasks need as many, 0 or more, not all 0")
    for task in model.tasks:
        if task not in y or not bool((y[task] != UNKNOWN).any()):
            raise ParameterError(f"task {task!r} has no labelled sample: label some, or leave the task out")
