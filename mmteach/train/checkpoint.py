"""The state of a run after an epoch, as one file: whoever is interrupted goes on from there, as if nothing had been.

Tensors in safetensors, the rest JSON in its header; nothing is unpickled. The file is written beside the old one and
then takes its place in one step: killed at any moment, one whole checkpoint is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from mmteach.errors import ModelFileError
from mmteach.types import Batch

if TYPE_CHECKING:
    from mmteach.train.loop import Trainer

NAME = "checkpoint.safetensors"
_KEY = "mmteach"
_WRONG = (LookupError, TypeError, ValueError, RuntimeError, AttributeError)  # what a foreign file can make Python raise


def save_checkpoint(trainer: Trainer, folder: Path, drawn: Sequence[Tensor]) -> Path:
    """Write the state of a run; an older checkpoint in the folder is replaced.

    Parameters
    ----------
    drawn : state of torch's generator in each process, uint8; rank 0 first.
    """
    from safetensors.torch import save

    history, optimiser = trainer.history, trainer.optimiser.state_dict()["state"]
    tensors = {f"model/{k}": v for k, v in trainer.model.state_dict().items()}
    tensors |= {f"best/{k}": v for k, v in trainer._best_state.items()}
    tensors |= {
        f"optimiser/{i}/{name}": v for i, of in optimiser.items() for name, v in of.items() if isinstance(v, Tensor)
    }
    tensors |= {f"drawn/{rank}": state for rank, state in enumerate(drawn)}
    tensors["order"] = trainer.generator.get_state()
    tensors["history"] = torch.tensor([list(row) for row in history.epochs], dtype=torch.float64)  # NaN is no JSON
    tensors["best_loss"] = torch.tensor(trainer._best_loss, dtype=torch.float64)
    text = {
        "run": run_of(trainer), "steps": trainer._step, "best": history.best, "ended": history.ended,
        "learning_rate": trainer.learning_rate,
    }  # fmt: skip
    content = save({k: v.detach().cpu().contiguous().clone() for k, v in tensors.items()}, {_KEY: json.dumps(text)})
    return _replace(folder / NAME, content)


def _replace(file: Path, content: bytes) -> Path:
    """Write beside the file, make sure that it is on the disk, then exchange the two."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ModelFileError(f"{file} cannot be written ({error.strerror}): choose another folder") from error
    return file


def load_checkpoint(trainer: Trainer, folder: Path, rank: int = 0) -> bool:
    """Put a run where its checkpoint left off; False where there is none yet.

    Raises
    ------
    ModelFileError : the file is damaged, or of another run: other data, another recipe, another model.
    """
    from safetensors import SafetensorError, safe_open

    file = folder / NAME
    if not file.exists():
        return False
    try:
        with safe_open(file, "pt") as opened:
            text = json.loads(opened.metadata()[_KEY])
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118 - not a dict
        _require_same_run(text["run"], run_of(trainer), file)
        _put_back(trainer, text, tensors, rank)
    except (SafetensorError, OSError, *_WRONG) as error:
        raise ModelFileError(f"{file} is damaged ({str(error)[:200]}): delete it, and the run starts anew") from error
    return True


def _put_back(trainer: Trainer, text: Mapping[str, Any], tensors: Mapping[str, Tensor], rank: int) -> None:
    from mmteach.train.loop import Epoch, History

    rows = [Epoch(int(row[0]), *row[1:]) for row in tensors["history"].tolist()]
    trainer.model.load_state_dict(_part(tensors, "model/"))
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in _part(tensors, "optimiser/").items():
        i, name = key.split("/")
        state.setdefault(int(i), {})[name] = value
    trainer.optimiser.load_state_dict({**trainer.optimiser.state_dict(), "state": state})
    trainer.generator.set_state(tensors["order"])
    torch.set_rng_state(
        tensors.get(f"drawn/{rank}", tensors["drawn/0"])
    )  # a process more than there were: as the first
    trainer._best_state, trainer._best_loss = _part(tensors, "best/"), float(tensors["best_loss"])
    trainer.history = History(rows, int(text["best"]), str(text["ended"]))
    trainer._step, trainer.learning_rate = int(text["steps"]), float(text["learning_rate"])


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def run_of(trainer: Trainer) -> dict[str, Any]:
    """What a run is: its recipe, its data and the shape of its model, as JSON."""
    shapes = json.dumps({k: list(v.shape) for k, v in trainer.model.state_dict().items()})
    return {
        "recipe": asdict(trainer.recipe),
        "training part": digest(trainer.train),
        "validation part": "" if trainer.val is None else digest(trainer.val),
        "model": hashlib.sha256(shapes.encode()).hexdigest(),
    }


def digest(batch: Batch) -> str:
    """SHA-256 of names, numbers and labels of a batch."""
    sha = hashlib.sha256("\n".join(batch.ids).encode())
    for m in sorted(batch.x):
        sha.update(batch.x[m].cpu().contiguous().numpy().tobytes() + batch.present[m].cpu().numpy().tobytes())
    if batch.y is not None:
        sha.update(batch.y.cpu().numpy().tobytes())
    return sha.hexdigest()


def _require_same_run(found: Mapping[str, Any], wanted: Mapping[str, Any], file: Path) -> None:
    other = [key for key in wanted if found.get(key) != wanted[key]]
    if not other:
        return
    was, now = found.get("recipe", {}), wanted["recipe"]
    changed = [f"{key} was {was.get(key)!r}, now {now[key]!r}" for key in now if was.get(key) != now[key]]
    said = "; ".join(changed) if other[0] == "recipe" else f"another {other[0]}"
    raise ModelFileError(f"{file} is of another run ({said}): give this run a folder of its own, or delete the file")
