"""`mmteach evaluate transfer`: does a teacher of another modality make a student better?"""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--data", help="Name of a set, or a path  [default: spoken_reviews]")
@click.option("--teacher", multiple=True, help="What the teacher sees; again for one that fuses  [default: face, text]")
@click.option("--student", help="What the student has  [default: audio]")
@click.option("--temperature", type=float, default=4, show_default=True, help="T of the soft targets.")
@click.option("--weight", type=float, default=0.5, show_default=True, help="Share of the soft targets in the loss.")
@click.option("--labelled", type=int, help="Training samples whose label may be used  [default: all]")
@click.option("--seeds", type=click.IntRange(2, 100), default=5, show_default=True, help="Runs of every student.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def transfer(
    data: str | None, teacher: tuple[str, ...], student: str | None, temperature: float, weight: float,
    labelled: int | None, seeds: int, as_json: bool, markdown: bool,
) -> None:  # fmt: skip
    """Train a student with and without a teacher, and with soft labels that know less."""
    from mmteach import datasets
    from mmteach.cases.studies import transfer as case

    dataset = datasets.load(data or "spoken_reviews")
    asked = case.usual(dataset, teacher, student)._replace(temperature=temperature, weight=weight, n_labelled=labelled)
    report = case.evaluate(dataset, asked, seeds, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())
