"""What came of a check, as data; `display` turns it into text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How an answer stands."""

    NOT_ATTEMPTED = "not attempted"
    PASSED = "passed"
    PARTLY = "partly"
    INCORRECT = "incorrect"
    BROKEN = "broken"
    SETUP = "set-up problem"

    @property
    def is_try(self) -> bool:
        """Whether it counts as a try: a set-up problem is never the student's."""
        return self in (Status.PASSED, Status.PARTLY, Status.INCORRECT, Status.BROKEN)


@dataclass(frozen=True)
class Verdict:
    """One property, and whether it holds."""

    proves: str
    passed: bool
    points: int
    held_back: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a check.

    Parameters
    ----------
    id, version : of the exercise.
    points, out_of : reached and possible.
    verdicts : one for each property that was looked at.
    sentence : what to do with it, in a learner's words.
    mistake : name of the misunderstanding, where one was recognised.
    evidence : lines that show it: the inputs, what came, what was needed.
    printed : what the answer printed; it changes nothing.
    more_held_back : an instructor will look at more than these properties.
    note : what else there is to tell, as that progress could not be saved.
    """

    id: str
    version: int
    status: Status
    points: int
    out_of: int
    verdicts: tuple[Verdict, ...] = ()
    sentence: str = ""
    mistake: str | None = None
    evidence: tuple[str, ...] = ()
    printed: str = ""
    more_held_back: bool = False
    note: str = ""

    def _repr_html_(self) -> str:
        from mmteach.exercises.display import outcome_html

        return outcome_html(self)

    def __str__(self) -> str:
        from mmteach.exercises.display import outcome_text

        return outcome_text(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))
