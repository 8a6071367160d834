"""When several processes pay: arithmetic, and a clock.

    torchrun --nproc-per-node 2 -m mmteach.train.speed --hidden 64 2048

trains perceptrons on made-up numbers and prints, for each, how long a step took and what of it was exchange.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from typing import Any

import torch
from torch import distributed

from mmteach.models import ModelSpec, build_model
from mmteach.train.loop import seed_everything
from mmteach.train.recipe import Recipe
from mmteach.train.scale import Machine, SharedTrainer
from mmteach.types import Batch

BYTES = 4  # of a gradient's number, float32


def exchange_seconds(n_bytes: float, world: int, bandwidth: float, latency: float) -> float:
    """How long it takes until every process has the mean of all gradients, by a ring all-reduce.

    The gradients are cut into `world` pieces, which go round the ring twice: once to be added up, once to be told. In
    each of the 2 (world - 1) turns a process sends one piece.

    Parameters
    ----------
    n_bytes : of all gradients; 4 for each learnt number.
    world : number of processes.
    bandwidth : between two of them, bytes per second.
    latency : seconds until a message begins to arrive.

    References
    ----------
    Patarasuk and Yuan 2009, Journal of Parallel and Distributed Computing 69(2), section 3.

    >>> round(exchange_seconds(400e6, 2, 1.25e9, 1e-4), 4)  # 100 million numbers over 10 Gbit/s
    0.3202
    """
    turns = 2 * (world - 1)
    return turns * (n_bytes / world / bandwidth + latency)


def step_seconds(compute: float, n_bytes: float, world: int, bandwidth: float, latency: float) -> float:
    """How long a step takes in `world` processes: its share of the computing, and the exchange.

    Parameters
    ----------
    compute : seconds that one process needs for the whole batch.
    """
    return compute / world + exchange_seconds(n_bytes, world, bandwidth, latency)


def speedup(compute: float, n_bytes: float, world: int, bandwidth: float, latency: float) -> float:
    """How many times faster than one process: at most `world`, and below 1 where the exchange eats the gain.

    >>> round(speedup(0.001, 1e5, 2, 1e9, 5e-4), 2)  # a small model: slower together
    0.62
    >>> round(speedup(1.0, 1e8, 2, 1e9, 5e-4), 2)
    1.66
    """
    return compute / step_seconds(compute, n_bytes, world, bandwidth, latency)


def pays_from(n_bytes: float, world: int, bandwidth: float, latency: float) -> float:
    """Seconds of computing a step from which `world` processes are faster than one."""
    return exchange_seconds(n_bytes, world, bandwidth, latency) * world / (world - 1)


def made_up(n: int, width: int = 64) -> Batch:
    """Draw n samples (n, width) of two classes: numbers without a meaning, to be computed with."""
    drawn = torch.Generator().manual_seed(0)
    y = torch.arange(n) % 2
    x = torch.randn((n, width), generator=drawn) + 0.3 * y[:, None]
    return Batch(tuple(map(str, range(n))), {"vector": x}, {}, {"vector": torch.ones(n, dtype=torch.bool)}, y)


def measure(machine: Machine, hidden: int, batch_size: int, n_steps: int = 5, epochs: int = 4) -> dict[str, Any]:
    """Train a perceptron for a few epochs; the first one warms up and does not count.

    Returns
    -------
    dict : "hidden", "parameters", "world", "threads"; "seconds", the median over epochs of a step's time; "losses",
        one for each epoch.
    """
    seed_everything(0)
    encoders = {"vector": {"name": "mlp", "hidden": hidden, "dim": hidden}}
    model = build_model(ModelSpec({"vector": (64,)}, 2, encoders, {"name": "late"}))
    recipe = Recipe(epochs=epochs, batch_size=batch_size)
    trainer = SharedTrainer(machine, model, made_up(n_steps * batch_size), None, recipe)
    rows = [trainer.epoch() for _ in range(epochs)]
    return {
        "hidden": hidden,
        "parameters": sum(p.numel() for p in model.parameters()),
        "world": machine.world,
        "threads": torch.get_num_threads(),
        "seconds": statistics.median(row.seconds for row in rows[1:]) / n_steps,
        "losses": [row.train_loss for row in rows],
    }


def clock_exchange(n_numbers: int, times: int = 9) -> float:
    """Median seconds to sum n float32 numbers over all processes; 1 number measures the latency."""
    x, seconds = torch.ones(n_numbers), []
    for _ in range(times):
        distributed.barrier()
        start = time.perf_counter()
        distributed.all_reduce(x)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for; the first process prints one JSON object a line."""
    parser = argparse.ArgumentParser(description="How long does a training step take?")
    parser.add_argument("--hidden", type=int, nargs="+", default=[64, 1024], help="widths of the perceptrons")
    parser.add_argument("--batch", type=int, default=256, help="samples of a step, of all processes together")
    parser.add_argument("--threads", type=int, nargs="+", default=[1], help="of each process")
    asked = parser.parse_args(arguments)
    machine = Machine.found("cpu")
    with machine.joined():
        for threads in asked.threads:
            torch.set_num_threads(threads)
            for hidden in asked.hidden:
                said = measure(machine, hidden, asked.batch)
                if machine.world > 1:
                    said |= {"latency": clock_exchange(1), "exchange": clock_exchange(said["parameters"])}
                if machine.first:
                    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
