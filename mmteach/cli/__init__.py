"""The command line: `mmteach ...`, also as `jupyter mmteach ...`.

Each command imports what it needs inside its body, so that `mmteach --help` answers at once. An MmteachError
becomes one line on stderr and exit code 1; a mistake in the command itself exits with 2.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

import click

from mmteach import __version__
from mmteach.cli.augmentation import augmentation
from mmteach.cli.compression import compression, export
from mmteach.cli.data import data
from mmteach.cli.dictation import dictation
from mmteach.cli.exercises import exercises, progress
from mmteach.cli.imbalance import imbalance
from mmteach.cli.models import evaluate, predict, train
from mmteach.cli.multitask import multitask
from mmteach.cli.retrieval import retrieval
from mmteach.cli.studies import WithStudies
from mmteach.cli.transfer import transfer
from mmteach.errors import MmteachError

_COLOURS = {"ok": "green", "warn": "yellow", "problem": "red"}


class _Sentences(click.Group):
    """A group whose commands end in a sentence, never in a stack trace that is not a mistake of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what a learner can mend into one line."""
        try:
            return super().invoke(ctx)
        except MmteachError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
            ctx.exit(130)
        except OSError as error:
            if error.errno == errno.EPIPE:  # `mmteach data list | head`: click closes quietly
                raise
            where = f": {error.filename}" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{where}") from error


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mmteach")
def app() -> None:
    """Learn multimodal machine learning inside JupyterLab."""


@app.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("mmteach-course"),
    show_default=True,
    help="Your working folder; made where there is none. What you changed in it is never overwritten.",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of JupyterLab  [default: the first free from 8888]")
def lab(folder: Path, no_browser: bool, port: int | None) -> None:
    """Open the course in JupyterLab."""
    from mmteach.course.copies import hand_out
    from mmteach.course.launch import check_port, open_lab

    if port is not None:
        check_port(port)
    for sentence in hand_out(folder).sentences():
        click.echo(sentence, err=True)
    open_lab(folder, port=port, browser=not no_browser)
    click.echo(f"JupyterLab has stopped; your work is in {folder}.", err=True)


@app.command()
def doctor() -> None:
    """Check this machine: what works, what does not, and what to do about it."""
    from mmteach.course.doctor import examine

    states = []
    for finding in examine():
        states.append(finding.state)
        click.echo(f"{click.style(f'{finding.state:<8}', _COLOURS[finding.state])}{finding.name:<10}{finding.sentence}")
    if "problem" in states:
        raise SystemExit(1)


for command in (
    data,
    WithStudies(evaluate, (imbalance, retrieval, transfer, multitask, augmentation, compression, dictation)),
    train,
    predict,
    export,
    exercises,
    progress,
):
    app.add_command(command)


def main() -> None:
    """Run the command line."""
    as_jupyter = Path(sys.argv[0]).stem == "jupyter-mmteach"
    app(prog_name="jupyter mmteach" if as_jupyter else "mmteach")
