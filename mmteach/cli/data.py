"""`mmteach data ...`: list the sets, read a card, fetch one, check your own."""

from __future__ import annotations

import sys

import click


@click.group()
def data() -> None:
    """Data sets: list them, read a card, fetch one, check your own."""


@data.command("list")
def data_list() -> None:
    """List the sets and whether each is on this machine."""
    from mmteach import datasets

    rows = datasets.names_with_state()
    wide = max((len(name) for name, _, _ in rows), default=0)
    states = max((len(state) for _, state, _ in rows), default=0)
    for name, state, description in rows:
        click.echo(f"{name:<{wide}}  {state:<{states}}  {description}")


@data.command("card")
@click.argument("name")
def data_card(name: str) -> None:
    """Print how a set was made, and what it can and cannot teach."""
    from mmteach import datasets

    click.echo(datasets.card(name))


@data.command("get")
@click.argument("name")
def data_get(name: str) -> None:
    """Fetch a set from its publisher."""
    from mmteach import datasets

    click.echo(datasets.get(name, progress=sys.stderr.isatty()))


@data.command("check")
@click.argument("name_or_path")
def data_check(name_or_path: str) -> None:
    """Read every file of a set; list each bad one with its line."""
    from mmteach import datasets

    report = datasets.check(name_or_path)
    for problem in report.problems:
        click.echo(problem)
    click.echo(f"{report.n_ok} samples read well, {len(report.problems)} problems")
    if report.problems:
        raise SystemExit(1)
