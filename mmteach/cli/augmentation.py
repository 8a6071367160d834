"""`mmteach evaluate augmentation`: what changed copies of training samples are worth, by how many samples there are."""

from __future__ import annotations

import json
import sys
from typing import Any

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
    from mmteach.cases import augmentation as case

    dataset = datasets.load(data or "faces")
    report = case.evaluate(dataset.relabel(label) if label else case.usual(dataset), seeds, sys.stderr.isatty())
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())


class WithAugmentation(click.Command):
    """The command `evaluate`, in which `augmentation` has options of its own."""

    def __init__(self, others: click.Command) -> None:
        also = "mmteach evaluate augmentation --help"
        super().__init__(
            others.name, callback=others.callback, params=others.params, help=others.help,
            epilog=f"{others.epilog}; {also}" if others.epilog else also,
        )  # fmt: skip
        self.others = others

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        """Hand over to `augmentation` where the first argument names it; help to this command; the rest as before."""
        if args[:1] == ["augmentation"]:
            return augmentation.make_context(f"{info_name} augmentation", args[1:], *rest, **extra)
        if not args or args[0] in ("-h", "--help"):
            return super().make_context(info_name, args, *rest, **extra)
        return self.others.make_context(info_name, args, *rest, **extra)


def with_augmentation(command: click.Command) -> click.Command:
    """Return `evaluate` with one more case."""
    return WithAugmentation(command)
