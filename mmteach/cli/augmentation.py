"""`mmteach evaluate augmentation`: what changed copies of training samples are worth, by how many samples there are."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--data", help="Name of a set, or a path  [default: faces, asked for the expression]")
@click.option("--label", help="Predict this column of the set instead of its label, e.g. voice_mood.")
@click.option(
    "--seeds", type=click.IntRange(2, 100), default=5, show_default=True, help="Runs of every method and size."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def augmentation(data: str | None, label: str | None, seeds: int, as_json: bool, markdown: bool) -> None:
    """Learning curves: plain, augmented, mixup, and with augmentations that break the label."""
    from mmteach import datasets
    from mmteach.cases.studies import augmentation as case

    dataset = datasets.load(data or "faces")
    report = case.evaluate(dataset.relabel(label) if label else case.usual(dataset), seeds, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())
