"""The training loop: batches, gradients, a schedule, early stopping on validation, and a history of it all."""

from __future__ import annotations

import copy
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from mmteach.batch import minibatches
from mmteach.errors import ParameterError
from mmteach.train.balance import BALANCES
from mmteach.train.finetune import train_mode
from mmteach.train.missing import drop_modalities
from mmteach.train.mixup import bags_of, mixup
from mmteach.train.objective import Objective
from mmteach.train.recipe import Recipe, schedule_factor
from mmteach.train.sampling import smote, training_batches
from mmteach.types import Batch, Output

Augment = Callable[[Batch, torch.Generator], Batch]


class Epoch(NamedTuple):
    """One row of the history; validation columns are NaN where there is no validation part."""

    number: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    seconds: float


@dataclass
class History:
    """What happened: the epochs, which of them was kept, and why training ended."""

    epochs: list[Epoch] = field(default_factory=list)
    best: int = 0
    ended: str = "running"  # finished | early | stopped

    def column(self, name: str) -> np.ndarray:
        """Return one column, (n_epochs,) float64, for example "val_loss"."""
        return np.array([getattr(epoch, name) for epoch in self.epochs], dtype=np.float64)


def seed_everything(seed: int) -> torch.Generator:
    """Seed Python, numpy and torch, and return a generator for the order of samples."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - libraries beneath us draw from the global one
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


class Trainer:
    """Trains a model epoch by epoch, so that somebody can look, pause, or change the learning rate in between.

    Parameters
    ----------
    model : called as model(batch) -> Output; changed in place.
    train : the whole training part as one Batch with y.
    val : the validation part, or None. Only it decides when to stop and which epoch to keep.
    recipe : the choices.
    augment : changes a training batch before each step.
    """

    def __init__(
        self, model: nn.Module, train: Batch, val: Batch | None, recipe: Recipe, augment: Augment | None = None
    ) -> None:
        self.model, self.recipe, self.augment = model, recipe, augment
        self.train = smote(train, seed=recipe.seed) if recipe.sampler == "smote" else train
        self.val = val if val is not None and val.ids else None
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.optimiser = make_optimiser(model, recipe)
        self.votes = getattr(getattr(model, "fusion", None), "joins", "") == "logits"
        self.objective = Objective(recipe, self.train, self.votes)
        self.bags = bags_of(model) if recipe.mixup else ()
        self.n_classes = 0 if train.y is None else int(train.y.max()) + 1
        self.balance = BALANCES[recipe.balance](recipe)
        self.learning_rate = recipe.learning_rate  # may be changed between epochs
        self.history = History()
        self._step, self._n_steps = 0, recipe.epochs * len(_sizes(len(self.train.ids), recipe.batch_size))
        self._best_loss, self._best_state = math.inf, copy.deepcopy(model.state_dict())

    @property
    def done(self) -> bool:
        """Whether the epochs are used up or patience is."""
        return self.history.ended != "running"

    def epoch(self) -> Epoch:
        """Train on every sample once, then look at the validation part."""
        start, total, right = time.perf_counter(), 0.0, 0
        train_mode(self.model)
        n_seen = 0
        for batch in training_batches(self.train, self.recipe.batch_size, self.generator, self.recipe.sampler):
            loss, n_right = self._learn(batch)
            n_seen += len(batch.ids)
            total, right = total + loss * len(batch.ids), right + n_right
        total, right = self.together(total, right)
        self.balance.after_epoch(len(self.history.epochs) + 1, self)
        val_loss, val_accuracy = self.measure(self.val)
        row = Epoch(
            len(self.history.epochs) + 1, total / n_seen, right / n_seen, val_loss, val_accuracy,
            max(group["lr"] for group in self.optimiser.param_groups), time.perf_counter() - start,
        )  # fmt: skip
        self._record(row)
        return row

    def _learn(self, batch: Batch) -> tuple[float, int]:
        """One step down the gradient."""
        progress = self._step / max(1, self._n_steps - 1)
        factor = schedule_factor(self.recipe.schedule, progress)
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate * factor * group.get("rate", 1.0)
        if self.augment is not None:
            batch = self.augment(batch, self.generator)
        if self.recipe.mixup:
            batch = mixup(batch, self.recipe.mixup, self.generator, self.n_classes, self.bags)
        if self.recipe.drop_modality:
            batch = drop_modalities(batch, self.recipe.drop_modality, self.generator)
        self.optimiser.zero_grad(set_to_none=True)
        batch, output, loss = self.answer(batch, progress)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise ParameterError(
                f"the loss became {value} in epoch {len(self.history.epochs) + 1} at learning rate "
                f"{self.learning_rate:g}: lower the learning rate and start again"
            )
        loss.backward()
        self.balance.change_gradients(self.model, output, batch, self.generator)
        self.optimiser.step()
        self._step += 1
        assert batch.y is not None
        return value, int((output.logits.detach().argmax(dim=1) == batch.y).sum())

    def answer(self, batch: Batch, progress: float) -> tuple[Batch, Output, torch.Tensor]:
        """What is computed of a batch, what the model says of it, and its loss; `train.scale` shares it out here."""
        output = self.model(batch)
        return batch, output, self.balance.total(*self.objective.parts(output, batch, progress))

    def together(self, total: float, right: int) -> tuple[float, int]:
        """Summed loss and right answers of an epoch; several processes add theirs up here."""
        return total, right

    @torch.inference_mode()
    def measure(self, batch: Batch | None) -> tuple[float, float]:
        """Loss and accuracy without learning; NaN without a batch."""
        if batch is None or not batch.ids:
            return math.nan, math.nan
        self.model.eval()
        total, right, weight = 0.0, 0, self.objective.judging_weight(batch)
        for part in minibatches(batch, 256):
            output = self.model(part)
            total += float(self.objective.judge(output, part, weight)) * len(part.ids)
            right += int((output.logits.argmax(dim=1) == part.y).sum())
        return total / len(batch.ids), right / len(batch.ids)

    def _record(self, row: Epoch) -> None:
        history = self.history
        history.epochs.append(row)
        if self.val is None:
            history.best = row.number  # without validation nothing is chosen: the last epoch stays
        elif row.val_loss < self._best_loss:
            self._best_loss, self._best_state = row.val_loss, copy.deepcopy(self.model.state_dict())
            history.best = row.number
        patience = self.recipe.patience
        if row.number >= self.recipe.epochs:
            history.ended = "finished"
        elif patience is not None and self.val is not None and row.number - history.best >= patience:
            history.ended = "early"

    def finish(self) -> History:
        """Put the best epoch's weights back into the model (with no validation part: keep the last)."""
        if self.history.ended == "running":
            self.history.ended = "stopped"
        if math.isfinite(self._best_loss):
            self.model.load_state_dict(self._best_state)
        self.model.eval()
        return self.history


def make_optimiser(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Make the recipe's optimiser.

    Adam divides each gradient by its usual size (plus eps), so a number that is seldom asked for moves as far as one
    that is asked for all the time. Where that is not wanted, a parameter has an `adam_eps` of its own: far below it,
    steps follow the gradient (see `models.BagEncoder`).

    What is frozen is left out, and a part may have a learning rate of its own (see `train.finetune`).
    """
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for parameter in model.parameters():
        if parameter.requires_grad:
            eps = getattr(parameter, "adam_eps", 1e-8) if recipe.optimiser == "adamw" else 0.0
            groups.setdefault((eps, getattr(parameter, "rate", 1.0)), []).append(parameter)
    if not groups:
        raise ParameterError("every part of the model is frozen, so nothing can be learnt: thaw one, such as the head")
    if recipe.optimiser == "sgd":
        plain = [{"params": parameters, "rate": rate} for (_, rate), parameters in groups.items()]
        return torch.optim.SGD(plain, recipe.learning_rate, 0.9, weight_decay=recipe.weight_decay)
    chosen = [{"params": parameters, "eps": eps, "rate": rate} for (eps, rate), parameters in groups.items()]
    return torch.optim.AdamW(chosen, recipe.learning_rate, weight_decay=recipe.weight_decay)


def fit(
    model: nn.Module,
    train: Batch,
    val: Batch | None = None,
    recipe: Recipe | None = None,
    augment: Augment | None = None,
    progress: bool = False,
) -> History:
    """Train to the end, to early stopping, or until Ctrl-C; the best model so far is kept in each case."""
    return run_to_end(Trainer(model, train, val, recipe or Recipe(), augment), progress)


def run_to_end(trainer: Trainer, progress: bool = False) -> History:
    """Train on from where the trainer is, as `fit` does."""
    from tqdm.auto import tqdm

    epochs, done = trainer.recipe.epochs, len(trainer.history.epochs)
    with tqdm(total=epochs, initial=done, desc="training", unit="epoch", disable=not progress, leave=False) as bar:
        try:
            while not trainer.done:
                row = trainer.epoch()
                bar.update()
                bar.set_postfix(loss=f"{row.train_loss:.3f}", val=f"{row.val_accuracy:.3f}")
        except KeyboardInterrupt:
            pass  # what was learnt so far is worth keeping: finish() marks the run as stopped
    return trainer.finish()


def _sizes(n: int, size: int) -> list[int]:
    """Sizes of the training batches that `minibatches` yields in random order."""
    sizes = [size] * (n // size) + ([n % size] if n % size else [])
    return sizes[:-1] if n > 1 and sizes[-1] == 1 else sizes
