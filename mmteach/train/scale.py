"""The same training on more than this: on a graphics card, in several processes, or over several days.

    torchrun --nproc-per-node 2 -m mmteach train sentiment --out mine.mmt --checkpoint run

starts two processes that share every batch. Each draws the same batch, computes its part of it, and torch's
DistributedDataParallel takes the mean of their gradients, so that all make the same step. As many processes as there
are, the numbers are those of one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, distributed, nn
from torch.distributed import PrefixStore
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from mmteach.batch import take
from mmteach.errors import ParameterError
from mmteach.train.checkpoint import load_checkpoint, save_checkpoint
from mmteach.train.loop import Augment, Epoch, History, Trainer, run_to_end
from mmteach.train.recipe import Recipe
from mmteach.train.shards import Share, look_at_all, look_at_own, sum_over_all
from mmteach.types import Batch, Modality, Output


@dataclass(frozen=True)
class Machine:
    """What a run runs on.

    Parameters
    ----------
    device : "cpu", "cuda", "mps", or "auto": a CUDA card where there is one, else the processor.
    mixed : compute in bfloat16 what bears it (weights stay float32); None does so on cards that can.
    checkpoint : folder that holds the state after the last epoch; where there is one, the run goes on from it.
    rank, world : number of this process, and how many there are.
    local_rank : number of this process on its own machine, which is that of its card.
    """

    device: str = "cpu"
    mixed: bool | None = None
    checkpoint: Path | None = None
    rank: int = 0
    world: int = 1
    local_rank: int = 0

    @classmethod
    def found(cls, device: str = "auto", checkpoint: Path | None = None) -> Machine:
        """Make one from what torchrun says in the environment; without torchrun there is one process."""
        rank, world, local_rank = (int(os.environ.get(k, d)) for k, d in _TORCHRUN.items())
        return cls(device, None, checkpoint, rank, world, local_rank)

    @property
    def first(self) -> bool:
        """Whether this process is the one that prints and saves."""
        return self.rank == 0

    @property
    def torch_device(self) -> torch.device:
        """The device itself."""
        return choose_device(self.device, self.local_rank)

    @contextlib.contextmanager
    def joined(self) -> Iterator[Machine]:
        """Meet the other processes, and part from them at the end; alone there is nobody to meet."""
        if self.world == 1:
            yield self
            return
        backend = "nccl" if self.torch_device.type == "cuda" else "gloo"
        # torchrun keeps its book of addresses over restarts: those of processes that are gone must not be found.
        book, rank, world = next(rendezvous("env://"))
        book = PrefixStore(f"start {os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", book)
        distributed.init_process_group(backend, store=book, rank=rank, world_size=world)
        try:
            yield self
        finally:
            distributed.destroy_process_group()


_TORCHRUN = {"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0"}


def choose_device(name: str = "auto", number: int = 0) -> torch.device:
    """Choose by name; "auto" is a CUDA card where there is one, else the processor.

    Apple's cards are used when asked for by "mps": the models of this course are too small to gain from them.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = "cuda" if there["cuda"] else "cpu"
    if name not in there:
        raise ParameterError(f"device is {name!r}; known are auto, {', '.join(there)}")
    if not there[name]:
        raise ParameterError(f"device is {name!r}, and this machine or this build of torch has none: take auto or cpu")
    return torch.device(name, number) if name == "cuda" else torch.device(name)


def fit_on(
    machine: Machine,
    model: nn.Module,
    train: Batch,
    val: Batch | None = None,
    recipe: Recipe | None = None,
    augment: Augment | None = None,
    progress: bool = False,
) -> History:
    """Train as `fit` does, on a machine; every process calls it with the same arguments."""
    trainer = SharedTrainer(machine, model, train, val, recipe or Recipe(), augment)
    return run_to_end(trainer, progress and machine.first)


class SharedTrainer(Trainer):
    """A Trainer whose batches are shared out, whose model may lie on a card, and whose state is kept.

    Parameters
    ----------
    machine : what it runs on; with several processes, inside `machine.joined()`.
    """

    def __init__(
        self, machine: Machine, model: nn.Module, train: Batch, val: Batch | None, recipe: Recipe,
        augment: Augment | None = None,
    ) -> None:  # fmt: skip
        self.machine, self.device = machine, machine.torch_device
        _require_shareable(recipe, machine, self.device)
        super().__init__(model.to(self.device), train, val, recipe, augment)
        self.val = None if self.val is None else on_device(self.val, self.device)
        for name in ("weight", "counts"):
            value = getattr(self.objective, name)
            setattr(self.objective, name, None if value is None else value.to(self.device))
        self.share = Share(machine.rank, machine.world)
        if machine.checkpoint is not None:
            load_checkpoint(self, machine.checkpoint, machine.rank)
        self._shared: nn.Module = _WithLoss(self)
        if machine.world > 1:
            everybody = all(bool(p.all()) for p in train.present.values()) and not recipe.drop_modality
            look_at_all(model, self.share, norms=everybody)
            self._shared = DistributedDataParallel(
                self._shared, find_unused_parameters=not everybody or self._leaves_some_out()
            )

    def answer(self, batch: Batch, progress: float) -> tuple[Batch, Output, Tensor]:
        """Compute this process's part; going back from its loss, the gradients of all processes are averaged."""
        part = on_device(self.share.of(batch), self.device)
        with self._precision():
            loss, logits = self._shared(part, batch, progress)
        return part, Output(logits, {}, {}, logits), loss

    def part_of_loss(self, output: Output, part: Batch, batch: Batch, progress: float) -> Tensor:
        """Loss of a part, weighed so that the processes' mean is the loss of the whole batch."""
        joint, own = self.objective.parts(output, part, progress)
        return self.balance.total(*self.share.weigh(joint, own, part, batch, output.unimodal))

    def _learn(self, batch: Batch) -> tuple[float, int]:
        loss, n_right = super()._learn(batch)
        return loss, 0 if self.share.whole and not self.machine.first else n_right  # what all did counts once

    def together(self, total: float, right: int) -> tuple[float, int]:
        """Add up what the processes saw: once an epoch, not once a step, since each exchange costs time."""
        if self.machine.world == 1:
            return total, right
        sums = sum_over_all(torch.tensor([total, right], dtype=torch.float64, device=self.device))
        return float(sums[0]) / self.machine.world, int(sums[1])

    def measure(self, batch: Batch | None) -> tuple[float, float]:
        """Loss and accuracy without learning; the first process's word holds, so that all stop at the same epoch."""
        with self._precision():
            measured = torch.tensor(super().measure(batch), dtype=torch.float64, device=self.device)
        if self.machine.world > 1:
            distributed.broadcast(measured, 0)
        return float(measured[0]), float(measured[1])

    def epoch(self) -> Epoch:
        """Train on every sample once, and keep the state."""
        row = super().epoch()
        folder = self.machine.checkpoint
        if folder is not None:
            drawn = self._drawn_by_all()
            if self.machine.first:
                save_checkpoint(self, folder, drawn)
        return row

    def finish(self) -> History:
        """Put the best epoch's weights back, and the model back to the processor."""
        history = super().finish()
        look_at_own(self.model)
        self.model.to("cpu")
        return history

    def _precision(self) -> torch.autocast:
        wanted = self.machine.mixed
        if wanted is None:
            wanted = self.device.type == "cuda" and torch.cuda.is_bf16_supported()
        return torch.autocast(self.device.type, torch.bfloat16, enabled=wanted)

    def _drawn_by_all(self) -> list[Tensor]:
        """State of torch's generator in each process."""
        own = torch.get_rng_state()
        if self.machine.world == 1:
            return [own]
        states = [torch.empty_like(own, device=self.device) for _ in range(self.machine.world)]
        distributed.all_gather(states, own.to(self.device))
        return [state.cpu() for state in states]

    def _leaves_some_out(self) -> bool:
        """Whether the loss leaves parameters out, for whose gradients nobody must wait; a few samples tell."""
        few = on_device(take(self.train, torch.arange(min(4, len(self.train.ids)))), self.device)
        self.model.eval()  # no statistics are moved, nothing is drawn
        self.balance.total(*self.objective.parts(self.model(few), few)).backward()
        left_out = any(p.requires_grad and p.grad is None for p in self.model.parameters())
        self.optimiser.zero_grad(set_to_none=True)
        return left_out


class _WithLoss(nn.Module):
    """Model and loss in one call, as DistributedDataParallel wants it: gradients must flow from what comes out."""

    def __init__(self, trainer: SharedTrainer) -> None:
        super().__init__()
        self.model, self.loss = trainer.model, trainer.part_of_loss

    def forward(self, part: Batch, batch: Batch, progress: float) -> tuple[Tensor, Tensor]:
        """A process's part, the whole batch, the share of the run so far -> loss, logits (b, C)."""
        output = self.model(part)
        return self.loss(output, part, batch, progress), output.logits.detach()


def on_device(batch: Batch, device: torch.device) -> Batch:
    """Return the batch with its tensors on a device; on the processor it is what it was."""

    def moved(tensors: Mapping[Modality, Tensor]) -> dict[Modality, Tensor]:
        return {m: t.to(device) for m, t in tensors.items()}

    y = None if batch.y is None else batch.y.to(device)
    return Batch(batch.ids, moved(batch.x), moved(batch.mask), moved(batch.present), y)


def _require_shareable(recipe: Recipe, machine: Machine, device: torch.device) -> None:
    """Some choices look at a whole batch at once, in one place, on the processor."""
    shared = machine.world > 1 or device.type != "cpu"
    if shared and recipe.balance != "none":
        raise ParameterError(
            f"balance is {recipe.balance!r}, which looks at whole batches on one processor: train with one process "
            "and device cpu"
        )
    if machine.world > 1 and recipe.loss == "triplet":
        raise ParameterError(
            "loss is 'triplet', which compares all samples of a batch, and a process sees a part of it: "
            "train with one process, or take arcface"
        )
