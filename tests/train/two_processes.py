"""What the tests of `train.scale` start under torchrun: a small training run, whose end is written to a folder.

    torchrun --nproc-per-node 2 tests/train/two_processes.py FOLDER [die]

With "die", the second process kills itself once, in the middle of the third epoch.
"""

import json
import os
import signal
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from mmteach.models import ModelSpec, build_model
from mmteach.train import Recipe, fit, seed_everything
from mmteach.train.scale import Machine, fit_on
from mmteach.types import Batch

RECIPE = Recipe(epochs=6, batch_size=16, learning_rate=0.01, class_weights="inverse")  # 45 samples: 16, 16 and 13


def parts():
    """A training and a validation part of two modalities; what is 1 also lies elsewhere."""

    def part(n, seed):
        drawn = torch.Generator().manual_seed(seed)
        y = (torch.arange(n) % 3 == 0).long()
        x = {m: torch.randn((n, 3), generator=drawn) + y[:, None] for m in ("audio", "text")}
        return Batch(tuple(map(str, range(n))), x, {}, {m: torch.ones(n, dtype=torch.bool) for m in x}, y)

    return part(45, 0), part(20, 1)


def model():
    """Layers that draw (dropout), look at the whole batch (normalisation), and learn."""
    seed_everything(3)
    encoders = {m: {"name": "mlp", "dim": 4, "hidden": 8, "dropout": 0.3} for m in ("audio", "text")}
    return build_model(ModelSpec({"audio": (3,), "text": (3,)}, 2, encoders, {"name": "late"}))


def noisy(batch, generator):
    """An augmentation that draws for the whole batch."""
    return batch._replace(x={m: x + 0.1 * torch.randn(x.shape, generator=generator) for m, x in batch.x.items()})


def alone(recipe=RECIPE):
    """One process and the whole of each batch: model and history."""
    made = model()
    return made, fit(made, *parts(), recipe, noisy)


def main(folder, die):
    steps = []

    def augment(batch, generator):
        steps.append(1)
        if die and len(steps) == 8 and os.environ["RANK"] == "1" and os.environ["TORCHELASTIC_RESTART_COUNT"] == "0":
            os.kill(os.getpid(), signal.SIGKILL)
        return noisy(batch, generator)

    made, machine = model(), Machine.found("cpu", folder / "run" if die else None)
    with machine.joined():
        history = fit_on(machine, made, *parts(), RECIPE, augment)
    if machine.first:
        save_file(made.state_dict(), folder / "model.safetensors")
        said = {"epochs": [list(row) for row in history.epochs], "steps": len(steps)}
        (folder / "history.json").write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]), "die" in sys.argv[2:])
