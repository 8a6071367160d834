"""`mmteach evaluate dictation`: strings of spoken digits, written down."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--data", help="Name of a set of spoken digits, or a path  [default: spoken_digits]")
@click.option("--protocol", help="folds<k> or published; speakers of a test are never in training.")
@click.option("--strings", type=click.IntRange(2, 10_000), default=100, show_default=True, help="Of each fold.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of weights, strings and pauses.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def dictation(data: str | None, protocol: str | None, strings: int, seed: int, as_json: bool, markdown: bool) -> None:
    """Train a recogniser by CTC, and count the errors of greedy reading, a beam, and a language model."""
    from mmteach import datasets
    from mmteach.cases.studies import dictation as case

    dataset = datasets.load(data or "spoken_digits")
    report = case.evaluate(dataset, protocol, seed, strings, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())
