"""An exercise in somebody's hands: check, hints, solution, and what was done before."""

from __future__ import annotations

import time
from dataclasses import replace
from html import escape
from typing import Any

from mmteach.exercises import display
from mmteach.exercises.definition import Answer, Exercise
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Outcome, Status
from mmteach.exercises.progress import Event, Progress, State
from mmteach.exercises.registry import CHAPTERS, find, of_chapter

TRIES = 3  # after so many the solution may be read without having passed


class Said:
    """A sentence or a piece of code, as text in a terminal and as a card in a notebook."""

    def __init__(self, title: str, text: str = "", code: str = "", colour: str = "--jp-info-color1, #0097a7") -> None:
        self.title, self.text, self.code, self.colour = title, text, code, colour

    def __repr__(self) -> str:
        return "\n".join(part for part in (self.title, self.text, self.code) if part)

    def _repr_html_(self) -> str:
        inside = f"<strong>{escape(self.title)}</strong>"
        inside += f'<p style="margin:4px 0">{display.marked(self.text)}</p>' if self.text else ""
        inside += display.listing(self.code) if self.code else ""
        return display.card(inside, self.colour, self.title)


class Practice:
    """An exercise as a student works on it.

    Parameters
    ----------
    exercise : which.
    progress : where it is written down; by default in Jupyter's data folder.
    """

    def __init__(self, exercise: Exercise, progress: Progress | None = None) -> None:
        self.exercise, self.progress = exercise, progress or Progress()
        self.outcome: Outcome | None = None
        self._hints = 0  # shown by this object: counts where nothing can be saved
        self._passed: Any = None  # the last answer that passed

    def check(self, answer: Any) -> Outcome:
        """Look at an answer: pass the function (or class) itself.

        Returns
        -------
        Outcome : shows itself in a notebook; `.status`, `.points`, `.mistake` are there for code.
        """
        outcome = judge(self.exercise, answer)
        self._passed = answer if outcome.status is Status.PASSED else None
        self.progress.add_outcome(outcome)
        self.outcome = replace(outcome, note=self.progress.sentence)
        self.progress.sentence = ""
        return self.outcome

    def hint(self) -> Said:
        """Show the next hint, also of those read in an earlier kernel; after the last one it begins again."""
        hints = self.exercise.hints
        read = max(self._hints, self.state.hints)
        number, self._hints = read % len(hints), read + 1
        self._note("hint", str(number + 1))
        return Said(f"Hint {number + 1} of {len(hints)}", hints[number])

    def solution(self, anyway: bool = False) -> Said:
        """Show the solution: after passing, after three tries, or on demand.

        Parameters
        ----------
        anyway : you have thought about it and want to see it now.
        """
        state = self.state
        if state.status != Status.PASSED and state.tries < TRIES and not anyway:
            left = TRIES - state.tries
            tries = f"{left} more tr{'y' if left == 1 else 'ies'}"
            return Said(
                "Not yet", f"It is shown once you have passed, or after {tries}. `ex.hint()` has a hint; "
                "`ex.solution(anyway=True)` shows it now.",
            )  # fmt: skip
        self._note("solution")
        reading = " ".join(self.exercise.reading)
        return Said("One solution", f"Read on: {reading}" if reading else "", self.exercise.solution)

    def mine_or_reference(self, answer: Any) -> Answer:
        """Return your answer if it passes, else the reference: what follows in the notebook runs in any case."""
        if answer is self._passed and answer is not None:
            return answer
        if judge(self.exercise, answer).status is Status.PASSED:
            return answer
        print(f"Until {self.exercise.name} passes, what follows uses a reference in its place.")
        return self.exercise.reference

    @property
    def state(self) -> State:
        """What was done before, here or in another notebook."""
        return self.progress.state(self.exercise.id, self.exercise.version)

    def _note(self, kind: str, detail: str = "") -> None:
        self.progress.add(Event(time.time(), self.exercise.id, self.exercise.version, kind, detail=detail))

    def __repr__(self) -> str:
        e = self.exercise
        return f"{e.id}: {e.title} ({e.points} points, about {e.minutes} minutes); {state_text(e, self.state)}"

    def _repr_html_(self) -> str:
        return Said(f"{self.exercise.id}: {self.exercise.title}", state_text(self.exercise, self.state))._repr_html_()


def exercise(id: str) -> Practice:
    """Take up an exercise.

    Raises
    ------
    ParameterError : there is none of that name.
    """
    return Practice(find(id))


class Overview:
    """Table of a chapter's exercises and how each stands."""

    def __init__(self, chapter: str, progress: Progress | None = None) -> None:
        self.progress = progress or Progress()
        self.rows = [(e, self.progress.state(e.id, e.version)) for e in of_chapter(chapter)]

    def __repr__(self) -> str:
        return "\n".join(f"{e.id:<32} {state_text(e, state)}" for e, state in self.rows)

    def _repr_html_(self) -> str:
        return display.overview_html([(e.id, e.title, e.minutes, state_text(e, s), s.status) for e, s in self.rows])


def overview(chapter: str) -> Overview:
    """Show a chapter's exercises and what was passed, here or when the notebook was last open."""
    return Overview(chapter)


def progress_lines(progress: Progress) -> list[str]:
    """What was done, a line for each exercise begun, and the sum; of the course's present exercises."""
    lines, points, possible, passed, n = [], 0, 0, 0, 0
    states = progress.states()
    for chapter in CHAPTERS:
        for e in of_chapter(chapter):
            state = states.get((e.id, e.version), State())
            n, points, possible = n + 1, points + state.points, possible + e.points
            passed += state.status == Status.PASSED
            if state.status != "untouched":
                lines.append(f"{e.id:<32}{state_text(e, state)}")
    return [*lines, f"{passed} of {n} exercises passed, {points} of {possible} points"]


def state_text(exercise: Exercise, state: State) -> str:
    """How an exercise stands, in a few words."""
    if state.status == "untouched":
        return f"not begun, {exercise.points} points"
    tries = f"{state.tries} tr{'y' if state.tries == 1 else 'ies'}"
    return f"{state.status}, {state.points} of {exercise.points} points, {tries}"
