"""`mmteach exercises ...` and `mmteach progress ...`."""

from __future__ import annotations

import time
from pathlib import Path

import click


@click.group()
def exercises() -> None:
    """Exercises: list them, and prove that each keeps its promises."""


@exercises.command("list")
def exercises_list() -> None:
    """List the exercises: id, points, minutes, number of mistakes known by name."""
    from mmteach.exercises.registry import all_exercises

    found = all_exercises()
    click.echo(f"{'id':<32}{'points':>7}{'minutes':>9}{'mistakes':>10}  title")
    for e in found:
        click.echo(f"{e.id:<32}{e.points:>7}{e.minutes:>9}{len(e.mistakes):>10}  {e.title}")
    points, minutes, mistakes = (
        sum(v) for v in zip(*((e.points, e.minutes, len(e.mistakes)) for e in found), strict=True)
    )
    click.echo(f"{len(found)} exercises, {points} points, {minutes} minutes, {mistakes} mistakes known by name")


@exercises.command("prove")
@click.argument("ids", nargs=-1)
def exercises_prove(ids: tuple[str, ...]) -> None:
    """Run all proofs and the sweep of mutants; of some exercises, or of all."""
    from mmteach.exercises.prove import prove
    from mmteach.exercises.registry import all_exercises, find

    start, results = time.perf_counter(), []
    for exercise in [find(id) for id in ids] or all_exercises():
        begin, found = time.perf_counter(), prove(exercise)
        results.append(found)
        word = click.style("ok", fg="green") if found.ok else click.style("FAILS", fg="red")
        shown = f"{found.n_mutants - len(found.survivors)} of {found.n_mutants} mutants not passed"
        click.echo(
            f"{found.id:<32}{word:<6} {len(exercise.mistakes)} mistakes, {shown}, {time.perf_counter() - begin:.1f} s"
        )
        for failure in found.failures:
            click.echo(f"    {failure}")
    click.echo("\nSurvivors: changes of the reference that do something else on some input, and pass the public checks")
    for found in results:
        for what in found.survivors:
            click.echo(f"    {found.id:<32}{what}")
    n, alive = sum(r.n_mutants for r in results), sum(len(r.survivors) for r in results)
    bad = [r.id for r in results if not r.ok]
    share = f" ({(n - alive) / n:.1%})" if n else ""
    click.echo(
        f"{len(results)} exercises, {len(results) - len(bad)} proved; {n - alive} of {n} mutants not passed{share}; "
        f"{time.perf_counter() - start:.0f} s"
    )
    if bad:
        raise SystemExit(1)


@exercises.command("solve")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def exercises_solve(folder: Path) -> None:
    """Write copies of the notebooks, with the solutions filled in, into a new folder."""
    from mmteach.course.chapters import chapters
    from mmteach.errors import DataError
    from mmteach.exercises.notebook import solved

    if folder.exists() and any(folder.iterdir()):
        raise DataError(f"{folder} is not empty, and nothing in it is overwritten: choose a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    found = chapters()
    for chapter in found:
        solved(chapter.path, folder / chapter.path.name)
    click.echo(f"{len(found)} notebooks, solved, in {folder}")


@click.group(invoke_without_command=True)
@click.pass_context
def progress(ctx: click.Context) -> None:
    """What you have done in the exercises; it is kept on this machine alone."""
    if ctx.invoked_subcommand is None:
        from mmteach.exercises.practice import progress_lines
        from mmteach.exercises.progress import Progress

        book = Progress()
        for line in progress_lines(book):
            click.echo(line)
        if book.sentence:
            click.echo(book.sentence, err=True)


@progress.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def progress_export(file: Path) -> None:
    """Write it all to a JSON file, to carry it to another machine."""
    from mmteach.errors import DataError
    from mmteach.exercises.progress import Progress

    try:
        n = Progress().export(file)
    except FileExistsError as error:
        raise DataError(f"{file} is there already, and is not overwritten: choose another name") from error
    click.echo(f"{n} events written to {file}")


@progress.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def progress_import(file: Path) -> None:
    """Add what an exported file holds; what is here already stays, and nothing counts twice."""
    from mmteach.exercises.progress import Progress

    click.echo(f"{Progress().bring(file)} new events from {file}")


@progress.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def progress_reset(yes: bool) -> None:
    """Begin anew; a copy of what there was is kept."""
    from mmteach.exercises.progress import Progress

    book = Progress()
    n = len(book.events())
    if not n:
        click.echo("There is no progress yet: nothing to reset.")
        return
    if not yes:
        click.confirm(f"Set aside {n} events and begin anew?", abort=True)
    click.echo(f"Begun anew; what there was is kept in {book.reset()}")
