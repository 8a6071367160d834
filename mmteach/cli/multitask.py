"""`mmteach evaluate multitask`: two tasks on one body, beside each alone."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option(
    "--data",
    default="faces",
    show_default=True,
    help="faces (identity, expression) or spoken_reviews (mood, conflict).",
)
@click.option("--seeds", type=click.IntRange(3, 100), default=5, show_default=True, help="Runs of every model.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def multitask(data: str, seeds: int, as_json: bool, markdown: bool) -> None:
    """Ask a set two things at once, and compare with a model of the same size for each."""
    from mmteach import datasets
    from mmteach.cases.studies import multitask as case

    report = case.evaluate(datasets.load(data), seeds, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())
