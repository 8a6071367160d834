"""The command line: `mmteach ...`, also as `jupyter mmteach ...`.

Each command imports what it needs inside its body, so that `mmteach --help` answers at once. An MmteachError
becomes one line on stderr and exit code 1; a mistake in the command itself exits with 2.
"""

from __future__ import annotations

import errno
import json
import sys
from pathlib import Path
from typing import Any

import click

from mmteach import __version__
from mmteach.errors import MmteachError

_COLOURS = {"ok": "green", "warn": "yellow", "problem": "red"}


class _Sentences(click.Group):
    """A group whose commands end in a sentence, never in a stack trace that is not a mistake of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what a learner can mend into one line."""
        try:
            return super().invoke(ctx)
        except MmteachError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
            ctx.exit(130)
        except OSError as error:
            if error.errno == errno.EPIPE:  # `mmteach data list | head`: click closes quietly
                raise
            where = f": {error.filename}" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{where}") from error


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mmteach")
def app() -> None:
    """Learn multimodal machine learning inside JupyterLab."""


@app.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("mmteach-course"),
    show_default=True,
    help="Your working folder; made where there is none. What you changed in it is never overwritten.",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of JupyterLab  [default: the first free from 8888]")
def lab(folder: Path, no_browser: bool, port: int | None) -> None:
    """Open the course in JupyterLab."""
    from mmteach.course.copies import hand_out
    from mmteach.course.launch import check_port, open_lab

    if port is not None:
        check_port(port)
    for sentence in hand_out(folder).sentences():
        click.echo(sentence, err=True)
    open_lab(folder, port=port, browser=not no_browser)
    click.echo(f"JupyterLab has stopped; your work is in {folder}.", err=True)


@app.command()
def doctor() -> None:
    """Check this machine: what works, what does not, and what to do about it."""
    from mmteach.course.doctor import examine

    states = []
    for finding in examine():
        states.append(finding.state)
        click.echo(f"{click.style(f'{finding.state:<8}', _COLOURS[finding.state])}{finding.name:<10}{finding.sentence}")
    if "problem" in states:
        raise SystemExit(1)


@app.group()
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


DATA = click.option("--data", "data", default="faces", show_default=True, help="Name of a set, or a path.")
SEED = click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
EPOCHS = click.option("--epochs", type=click.IntRange(1, 10_000), help="Passes over the training part.")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; progress on stderr.")
LABEL = click.option("--label", help="Predict this column of the set instead of its label, e.g. expression.")


@app.command()
@click.argument("case", type=click.Choice(["faces"]))
@DATA
@LABEL
@click.option("--task", type=click.Choice(["identify", "verify"]), default="identify", show_default=True)
@click.option("--protocol", help="What is tested on what: first5, random5, heldout10, folds5, split.")
@click.option("--pairs", type=click.Path(path_type=Path), help="CSV with id_a,id_b,same,fold, for verification.")
@click.option("--normalise-by-group", is_flag=True, help="Standardise features within each group, without labels.")
@EPOCHS
@SEED
@JSON
@click.option("--classic", is_flag=True, help="Also the nearest neighbour by each feature, without a network.")
@click.option("--markdown", is_flag=True, help="The rows as a table for a card.")
def evaluate(
    case: str, data: str, label: str | None, task: str, protocol: str | None, pairs: Path | None,
    normalise_by_group: bool, epochs: int | None, seed: int, as_json: bool, classic: bool, markdown: bool,
) -> None:  # fmt: skip
    """Compare the majority, each modality by itself and all together."""
    from mmteach.cases import faces

    dataset, progress = _load(data, label), sys.stderr.isatty()
    report = faces.evaluate(dataset, task, protocol, pairs, normalise_by_group, epochs, seed, classic, progress)
    if as_json:
        click.echo(json.dumps(report.to_json()))
    else:
        click.echo(report.to_markdown() if markdown else report.to_text())


@app.command()
@click.argument("case", type=click.Choice(["faces"]))
@DATA
@LABEL
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file; never overwritten.")
@EPOCHS
@SEED
def train(case: str, data: str, label: str | None, out: Path, epochs: int | None, seed: int) -> None:
    """Train a model on a whole set and save it; Ctrl-C keeps the best so far."""
    from mmteach.cases import faces

    if out.exists():
        raise click.ClickException(f"{out} exists, and a trained model is never overwritten: choose another name")
    made, history = faces.train(_load(data, label), epochs, seed, progress=sys.stderr.isatty())
    made.save(out)
    last = history.epochs[-1]
    said = f"{len(made.classes)} classes, {len(history.epochs)} epochs, training accuracy {last.train_accuracy:.3f}"
    click.echo(f"{out}: {said} (seen pictures: no measure of new ones)")


@app.command()
@click.option("--model", type=click.Path(path_type=Path), required=True, help="A file from `mmteach train`.")
@click.option("--image", type=click.Path(path_type=Path), help="A photo.")
@click.option("--landmarks", type=click.Path(path_type=Path), help="A .npy file with points (L, 2).")
@JSON
def predict(model: Path, image: Path | None, landmarks: Path | None, as_json: bool) -> None:
    """Say who or what it is, how sure that is, and what each modality contributed."""
    from mmteach.datasets import Row
    from mmteach.pipeline import Pipeline

    given = {name: path for name, path in (("image", image), ("landmarks", landmarks)) if path is not None}
    if not given:
        raise click.UsageError("give at least one file: --image F or --landmarks F")
    pipeline = Pipeline.load(model)
    answer = pipeline.predict([Row(id=str(next(iter(given.values()))), media=given).read()])[0]
    probs = sorted(zip(pipeline.classes, answer.probs.tolist(), strict=True), key=lambda pair: -pair[1])
    if as_json:
        found = {"label": answer.label, "probabilities": dict(probs), "contributions": dict(answer.contributions)}
        click.echo(json.dumps({"id": answer.id, **found}))
        return
    click.echo(f"{answer.label}  {probs[0][1]:.3f}   next: " + ", ".join(f"{c} {p:.3f}" for c, p in probs[1:4]))
    for name, value in answer.contributions.items():
        click.echo(f"  {name:<12}{value:+.3f}")


def _load(data: str, label: str | None) -> Any:
    from mmteach import datasets

    dataset = datasets.load(data)
    return dataset if label is None else dataset.relabel(label)


def main() -> None:
    """Run the command line."""
    as_jupyter = Path(sys.argv[0]).stem == "jupyter-mmteach"
    app(prog_name="jupyter mmteach" if as_jupyter else "mmteach")
