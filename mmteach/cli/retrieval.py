"""`mmteach evaluate retrieval`: pictures asked for sounds, and sounds for pictures."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--data", help="Spoken digits, as fsdd  [default: the English ones of spoken_digits]")
@click.option(
    "--alike",
    type=click.Choice(["wrong", "left out", "right"]),
    default="right",
    show_default=True,
    help="What other pairs of the same class count as in training.",
)
@click.option("--as-recorded", is_flag=True, help="Leave in a voice what is the speaker's own.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def retrieval(data: str | None, alike: str, as_recorded: bool, seed: int, as_json: bool, markdown: bool) -> None:
    """Train a shared space for pictures and voices, and search it for speakers never heard."""
    from mmteach.cases import digits
    from mmteach.cases.studies.cross_modal_report import retrieval_report

    def say(sentence: str) -> None:
        click.echo(sentence, err=True)

    pairs, planned = digits.paired(data, seed)
    tell = say if sys.stderr.isatty() else None
    report = retrieval_report(pairs, planned, alike, not as_recorded, seed=seed, progress=tell)
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())
