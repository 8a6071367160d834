"""`mmteach evaluate NAME` where what is compared is no case but a study, with options of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click


class WithStudies(click.Command):
    """The command `evaluate`, which hands over where its first argument names a study.

    Parameters
    ----------
    cases : the command for all other arguments.
    studies : by the names they have.
    """

    def __init__(self, cases: click.Command, studies: Sequence[click.Command]) -> None:
        self.studies = {str(study.name): study for study in studies}
        helps = "; ".join(f"mmteach evaluate {name} --help" for name in self.studies)
        super().__init__(
            cases.name, callback=cases.callback, params=cases.params, help=cases.help,
            epilog=f"Studies have options of their own: {helps}",
        )  # fmt: skip

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        """Hand over, or go on as before."""
        study = self.studies.get(args[0]) if args else None
        if study is None:
            return super().make_context(info_name, args, *rest, **extra)
        return study.make_context(f"{info_name} {study.name}", args[1:], *rest, **extra)
