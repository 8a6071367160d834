"""`mmteach evaluate`, `train` and `predict`: the cases."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mmteach.cli.scale import on_machine

if TYPE_CHECKING:
    from mmteach.train import Machine
    from mmteach.types import Sample


class Case(NamedTuple):
    """What the commands must know of a case; the rest stands in its module in `mmteach.cases`.

    Parameters
    ----------
    data : the set that is taken where none is named, as arguments of `datasets.load`.
    own : options of `evaluate` that it takes beyond those of every case; each goes to an argument of the same name.
    """

    data: tuple[str, dict[str, Any]]
    own: tuple[str, ...] = ()


CASES = {
    "faces": Case(("faces", {}), ("normalise_by_group", "task", "pairs", "classic")),
    "sentiment": Case(("spoken_reviews", {}), ("normalise_by_group", "fusion", "drop_modality", "unimodal", "missing")),
    "digits": Case(("spoken_digits", {"language": "en"})),
    "commands": Case(("commands", {})),
    "images": Case(("digit_images", {}), ("examples",)),
}
EVERY_CASE = ("protocol", "epochs", "seed")


def _shares(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    """Read NAME=SHARE, as often as it was given."""
    return dict(_share(option) for option in given)


def _numbers(ctx: click.Context, param: click.Parameter, given: str | None) -> tuple[int, ...] | None:
    """Read N,N,..."""
    try:
        return None if given is None else tuple(int(word) for word in given.split(","))
    except ValueError:
        raise click.UsageError(f"--examples is {given!r}; it needs whole numbers, as in --examples 2,5,20") from None


CASE = click.argument("case", type=click.Choice(list(CASES)))
DATA = click.option("--data", help="Name of a set, or a path; text+speech sets compose one: sst2+ravdess.")
SEED = click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
EPOCHS = click.option("--epochs", type=click.IntRange(1, 10_000), help="Passes over the training part.")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
LABEL = click.option("--label", help="Predict this column of the set instead of its label, e.g. expression.")
FILE = click.Path(path_type=Path)


@click.command()
@CASE
@DATA
@LABEL
@click.option("--protocol", help="What is tested on what: first5, random5, heldout10, folds5, split, published.")
@click.option("--normalise-by-group", is_flag=True, help="Standardise features within each group, without labels.")
@EPOCHS
@SEED
@JSON
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
@click.option("--task", type=click.Choice(["identify", "verify"]), help="Faces: who is it, or are these two the same?")
@click.option("--pairs", type=FILE, help="Faces: CSV with id_a,id_b,same,fold, for verification.")
@click.option("--classic", is_flag=True, help="Faces: also the nearest neighbour by each feature, without a network.")
@click.option("--fusion", help="Sentiment: how modalities become one: product (usual), concat, gated, ...")
@click.option("--drop-modality", type=click.FloatRange(0, 0.9), help="Sentiment: hide this share in training.")
@click.option("--unimodal", type=click.FloatRange(0, 100), help="Sentiment: weight of each modality's own loss.")
@click.option(
    "--missing", multiple=True, metavar="NAME=SHARE", callback=_shares,
    help="Sentiment: also test with less, as in audio=0.5.",
)  # fmt: skip
@click.option(
    "--examples", metavar="N,N", callback=_numbers, help="Images: also train on so few of each class, as in 2,5,20."
)
def evaluate(case: str, data: str | None, label: str | None, as_json: bool, markdown: bool, **options: Any) -> None:
    """Compare the majority, each modality by itself and all together."""
    given = {name: value for name, value in options.items() if not (value is None or value is False or value == {})}
    _require_own(case, given)
    dataset = _load(case, data, label)
    report = _module(case).evaluate(dataset, progress=sys.stderr.isatty(), **given)
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())


def _require_own(case: str, given: Iterable[str]) -> None:
    """Refuse what another case takes and this one does not."""
    for name in given:
        if name not in (*EVERY_CASE, *CASES[case].own):
            homes = [other for other, known in CASES.items() if name in known.own]
            whose = f"{homes[0]} alone" if len(homes) == 1 else " and ".join(homes)
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} is for {whose}; {case} has no such choice: leave it out")


def _module(case: str) -> Any:
    """Import the case, which brings torch with it."""
    return importlib.import_module(f"mmteach.cases.{case}")


@click.command()
@CASE
@DATA
@LABEL
@click.option("--out", type=FILE, required=True, help="A new file; never overwritten.")
@EPOCHS
@SEED
@on_machine
def train(
    case: str, data: str | None, label: str | None, out: Path, epochs: int | None, seed: int, machine: Machine | None
) -> None:
    """Train a model on a whole set and save it; Ctrl-C keeps the best so far.

    Several processes share the work, with the same result: torchrun --nproc-per-node 2 -m mmteach train ...
    """
    if out.exists():
        raise click.ClickException(f"{out} exists, and a trained model is never overwritten: choose another name")
    dataset = _load(case, data, label)
    on = {} if machine is None else {"machine": machine}
    made, history = _module(case).train(dataset, epochs, seed, progress=sys.stderr.isatty(), **on)
    if machine is not None and not machine.first:
        return  # one of the processes speaks for all
    made.save(out)
    last = history.epochs[-1]
    said = f"{len(made.classes)} classes, {len(history.epochs)} epochs, training accuracy {last.train_accuracy:.3f}"
    click.echo(f"{out}: {said} (on samples it has seen: no measure of new ones)")


@click.command()
@click.option("--model", type=FILE, required=True, help="A file from `mmteach train`.")
@click.option("--image", type=FILE, help="A photo.")
@click.option("--landmarks", type=FILE, help="A .npy file with points (L, 2).")
@click.option("--audio", type=FILE, help="A recording.")
@click.option("--text", help="A text, in quotes.")
@click.option("--vector", "vectors", multiple=True, metavar="NAME=FILE", help="A .npy file (D,), as in face=au.npy.")
@JSON
def predict(
    model: Path, image: Path | None, landmarks: Path | None, audio: Path | None, text: str | None,
    vectors: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Say who or what it is, how sure that is, and what each modality contributed."""
    from mmteach.pipeline import Pipeline

    files = {"image": image, "landmarks": landmarks, "audio": audio, **dict(_named(v) for v in vectors)}
    given = {name: path for name, path in files.items() if path is not None}
    if not given and text is None:
        raise click.UsageError("give at least one: --image F, --landmarks F, --audio F, --text T or --vector NAME=F")
    pipeline = Pipeline.load(model)
    sample, known = _read(given, text), {branch.source for branch in pipeline.branches.values()}
    for name in sorted(set(sample.media) - known):
        click.echo(f"{model} knows no {name}, only {', '.join(sorted(known))}: it was left out", err=True)
    answer = pipeline.predict([sample])[0]
    probs = sorted(zip(pipeline.classes, answer.probs.tolist(), strict=True), key=lambda pair: -pair[1])
    if as_json:
        found = {"label": answer.label, "probabilities": dict(probs), "contributions": dict(answer.contributions)}
        click.echo(json.dumps({"id": answer.id, **found}))
        return
    click.echo(f"{answer.label}  {probs[0][1]:.3f}   next: " + ", ".join(f"{c} {p:.3f}" for c, p in probs[1:4]))
    for name, value in answer.contributions.items():
        click.echo(f"  {name:<12}{value:+.3f}")


def _named(option: str) -> tuple[str, Path]:
    name, sign, path = option.partition("=")
    if not (name and sign and path):
        raise click.UsageError(f"--vector is {option!r}; it needs NAME=FILE, as in --vector face=au.npy")
    return name, Path(path)


def _share(option: str) -> tuple[str, float]:
    name, _, share = option.partition("=")
    try:
        return name, float(share)
    except ValueError:
        raise click.UsageError(f"--missing is {option!r}; it needs NAME=SHARE, as in --missing audio=0.5") from None


def _read(files: dict[str, Path], text: str | None) -> Sample:
    """Read what was given into one sample, and look whether text and recording say anything at all."""
    from mmteach.cases import sentiment
    from mmteach.datasets import read_media
    from mmteach.types import Sample, Waveform

    media: dict[str, Any] = {name: read_media(name, path) for name, path in files.items()}
    if text is not None or "audio" in media:
        heard = media.get("audio")
        media |= sentiment.sample(text, heard if isinstance(heard, Waveform) else None).media
    return Sample(str(next(iter(files.values()), "text")), media)


def _load(case: str, data: str | None, label: str | None) -> Any:
    from mmteach import datasets

    usual, options = CASES[case].data
    dataset = datasets.load(data) if data else datasets.load(usual, **options)
    return dataset if label is None else dataset.relabel(label)
