"""Options of `mmteach train` for more than one process on one processor; torchrun says the rest."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_OPTIONS = (
    click.option(
        "--device", default="cpu", show_default=True, help="cpu, cuda, mps, or auto: a card where there is one."
    ),
    click.option(
        "--checkpoint",
        type=click.Path(path_type=Path, file_okay=False),
        help="A folder for the state after each epoch; where it holds one, training goes on from there.",
    ),
    click.option(
        "--cluster", metavar="ADDRESS", help="Let this Dask cluster compute features, as in tcp://10.0.0.1:8786."
    ),
)


def on_machine(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options and, as `machine`, what they say and torchrun does; None is one process on the CPU."""

    @functools.wraps(command)
    def run(*args: Any, device: str, checkpoint: Path | None, cluster: str | None, **kwargs: Any) -> None:
        from mmteach.train import Machine, choose_device

        before = os.environ.get("MMTEACH_CLUSTER", "")
        machine = Machine.found(device, checkpoint)
        plain = machine.world == 1 and checkpoint is None and choose_device(device).type == "cpu"
        os.environ["MMTEACH_CLUSTER"] = cluster or before
        try:
            with machine.joined():
                command(*args, machine=None if plain else machine, **kwargs)
        finally:
            os.environ["MMTEACH_CLUSTER"] = before

    return functools.reduce(lambda made, option: option(made), reversed(_OPTIONS), run)
