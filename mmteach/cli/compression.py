"""`mmteach evaluate compression`: smaller models; `mmteach export`: a model for programs that are not Python."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

FILE = click.Path(path_type=Path)


@click.command()
@click.option("--data", default="spoken_reviews", show_default=True, help="Name of a set, or a path.")
@click.option("--label", help="Predict this column of the set instead of its label, e.g. valence.")
@click.option("--share", type=float, default=0.5, show_default=True, help="Share of the weights to prune.")
@click.option("--protocol", help="What is tested on what: folds5, split, published.")
@click.option("--epochs", type=click.IntRange(1, 10_000), help="Passes over the training part.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def compression(
    data: str, label: str | None, share: float, protocol: str | None, epochs: int | None, seed: int, as_json: bool,
    markdown: bool,
) -> None:  # fmt: skip
    """Train a sentiment model, prune and quantise it, and measure size, accuracy, harm and latency."""
    from mmteach import datasets
    from mmteach.cases.studies import compression as case

    dataset = datasets.load(data)
    asked = dataset.relabel(label) if label else dataset
    report = case.evaluate(asked, share, protocol, epochs, seed, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())


@click.command()
@click.option("--model", type=FILE, required=True, help="A file from `mmteach train`.")
@click.option("--out", type=FILE, required=True, help="A new file, .onnx; never overwritten.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def export(model: Path, out: Path, as_json: bool) -> None:
    """Write the model of a pipeline as ONNX, and compare what the two say.

    Its inputs are features, not media: cleaning and features stay with mmteach.
    """
    from mmteach.cases.studies.exporting import export as write

    told = write(model, out)
    click.echo(json.dumps(told.to_json()) if as_json else told.to_text())
