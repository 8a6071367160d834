"""`mmteach evaluate imbalance`: rare classes, and what helps."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--data", help="Name of a set, or a path  [default: spoken_reviews, labelled by voice_mood]")
@click.option("--label", help="Predict this column of the set instead of its label, e.g. valence.")
@click.option("--ratio", type=float, default=50, show_default=True, help="Most frequent to rarest class in training.")
@click.option("--seeds", type=click.IntRange(2, 100), default=5, show_default=True, help="Runs of every remedy.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def imbalance(data: str | None, label: str | None, ratio: float, seeds: int, as_json: bool, markdown: bool) -> None:
    """Thin a training part to a long tail, and compare remedies beside plain cross-entropy."""
    from mmteach import datasets
    from mmteach.cases.studies import imbalance as case

    dataset = datasets.load(data or "spoken_reviews")
    asked = dataset.relabel(label) if label else case.usual(dataset)
    report = case.evaluate(asked, ratio, seeds, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())
