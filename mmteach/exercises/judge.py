"""From an answer to an outcome: what holds, what does not, and which misunderstanding it is."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from mmteach.exercises.definition import Check, Exercise, Mistake
from mmteach.exercises.explain import broken_sentence, evidence, generic_sentence
from mmteach.exercises.observe import SECONDS, Seen, inputs_of, observe
from mmteach.exercises.outcome import Outcome, Status, Verdict

_MOST_PRINTED = 2000  # characters of what an answer printed that are shown


def judge(
    exercise: Exercise, answer: Any, held_back: bool = False, number: int = 0, seconds: float = SECONDS
) -> Outcome:
    """Look at an answer and say how it stands.

    Parameters
    ----------
    answer : the student's function or class.
    held_back : look at the checks held back as well, as an instructor does.
    number : seed of the inputs.
    seconds : an answer may take so long altogether.
    """
    checks = exercise.checks if held_back else exercise.public
    if (wrong_kind := _wrong_kind(exercise, answer)) is not None:
        return _outcome(exercise, checks, Status.BROKEN, sentence=wrong_kind)
    try:
        wanted = expected(exercise, checks, number)
    except Exception as error:  # ours or the machine's: never counted as wrong
        said = (
            f"This exercise could not be set up here ({type(error).__name__}: {error}); it is not your answer's fault."
        )
        return _outcome(exercise, checks, Status.SETUP, sentence=f"{said} `mmteach doctor` checks the machine.")
    seen, printed = observe(answer, checks, number, seconds)
    return _told(exercise, checks, seen, wanted, number, seconds, printed[:_MOST_PRINTED])


@lru_cache(maxsize=64)
def expected(exercise: Exercise, checks: tuple[Check, ...], number: int = 0) -> list[list[Seen]]:
    """What the reference does.

    Refusing an input with a ValueError or TypeError may be right; whatever else it raises is our trouble.
    """
    seen, _ = observe(exercise.reference, checks, number, seconds=60)
    for case in (case for row in seen for case in row):
        if case.kind == "raised" and not isinstance(case.value, ValueError | TypeError):
            raise case.value
        if case.kind not in ("raised", "value", "nothing"):
            raise RuntimeError(f"the reference itself is {case.kind}")
    return seen


@lru_cache(maxsize=1024)
def wrongly(mistake: Mistake, checks: tuple[Check, ...], number: int = 0) -> list[list[Seen]]:
    """What an answer with this mistake does."""
    return observe(mistake.answer, checks, number)[0]


def _told(
    exercise: Exercise,
    checks: tuple[Check, ...],
    seen: list[list[Seen]],
    wanted: list[list[Seen]],
    number: int,
    seconds: float,
    printed: str,
) -> Outcome:
    right = [
        [s.same_as(w, exercise.tolerance) for s, w in zip(*rows, strict=True)]
        for rows in zip(seen, wanted, strict=True)
    ]
    verdicts = tuple(Verdict(c.proves, all(row), c.points, c.held_back) for c, row in zip(checks, right, strict=True))
    kinds = {s.kind for row in seen for s in row}
    if all(v.passed for v in verdicts):
        return _outcome(exercise, checks, Status.PASSED, verdicts, printed=printed)
    if kinds == {"unwritten"}:
        return _outcome(
            exercise, checks, Status.NOT_ATTEMPTED, sentence="Replace each `...` of the starter, then check again."
        )
    mistake = recognise(exercise, checks, seen, wanted, right, number)
    which, case = _telling_case(exercise, checks, wanted, right, mistake, number)
    first, inputs = seen[which][case], list(inputs_of(checks[which], number))[case]
    points = sum(v.points for v in verdicts if v.passed)
    status = (
        Status.PARTLY
        if points
        else Status.BROKEN
        if first.kind in ("raised", "endless") and not mistake
        else Status.INCORRECT
    )
    sentence = mistake.says if mistake else _unnamed(exercise, checks[which], first, inputs, seconds)
    lines = () if first.kind in ("endless", "unwritten") else evidence(exercise, inputs, first, wanted[which][case])
    return _outcome(exercise, checks, status, verdicts, sentence, mistake.name if mistake else None, lines, printed)


def _telling_case(
    exercise: Exercise,
    checks: tuple[Check, ...],
    wanted: list[list[Seen]],
    right: list[list[bool]],
    mistake: Mistake | None,
    number: int,
) -> tuple[int, int]:
    """The first case that went wrong, and wrong by the mistake where one was recognised."""
    wrong = [(i, j) for i, row in enumerate(right) for j, ok in enumerate(row) if not ok]
    if mistake:
        its = wrongly(mistake, checks, number)
        wrong = [(i, j) for i, j in wrong if not its[i][j].same_as(wanted[i][j], exercise.tolerance)]
    return wrong[0]


def _unnamed(exercise: Exercise, check: Check, first: Seen, inputs: Sequence[Any], seconds: float) -> str:
    """No misunderstanding was recognised: name the first property that fails."""
    if first.kind == "raised":
        return broken_sentence(first)
    return generic_sentence(exercise, first, inputs, seconds) or f"This does not hold yet: {check.proves}"


def recognise(
    exercise: Exercise,
    checks: tuple[Check, ...],
    seen: list[list[Seen]],
    wanted: list[list[Seen]],
    right: list[list[bool]],
    number: int = 0,
) -> Mistake | None:
    """Find the misunderstanding that explains what went wrong.

    A mistake is told by the cases in which it differs from the reference. It is recognised when the answer does the
    same as the mistake in all of those; of several the one that explains most, and at least half of what went wrong.
    """
    n_wrong, best, most = sum(not ok for row in right for ok in row), None, 0
    for mistake in exercise.mistakes:
        rows = zip(seen, wanted, wrongly(mistake, checks, number), strict=True)
        cases = [case for row in rows for case in zip(*row, strict=True)]
        telling = [(s, m) for s, w, m in cases if not m.same_as(w, exercise.tolerance)]
        if telling and all(s.same_as(m, exercise.tolerance) for s, m in telling) and len(telling) > most:
            best, most = mistake, len(telling)
    return best if 2 * most >= n_wrong else None


def _wrong_kind(exercise: Exercise, answer: Any) -> str | None:
    """A sentence where what was passed in cannot be an answer at all."""
    name, wants_class = exercise.name, inspect.isclass(exercise.reference)
    if wants_class and not inspect.isclass(answer):
        return f"A class was needed, {_kind(answer)} came: pass the class itself, check({name}), no brackets behind it."
    if not wants_class and (not callable(answer) or inspect.isclass(answer)):
        came = _kind(answer)
        return f"A function was needed, {came} came: pass the function itself, check({name}), no brackets behind it."
    return None


def _kind(answer: Any) -> str:
    if inspect.isclass(answer):
        return f"the class {answer.__name__}"
    return (
        "a function"
        if inspect.isroutine(answer)
        else "None"
        if answer is None
        else f"a value of type {type(answer).__name__}"
    )


def _outcome(
    exercise: Exercise,
    checks: Sequence[Check],
    status: Status,
    verdicts: tuple[Verdict, ...] = (),
    sentence: str = "",
    mistake: str | None = None,
    lines: tuple[str, ...] = (),
    printed: str = "",
) -> Outcome:
    points = sum(v.points for v in verdicts if v.passed)
    more = any(c.held_back for c in exercise.checks) and not any(c.held_back for c in checks)
    return Outcome(
        exercise.id, exercise.version, status, points, sum(c.points for c in checks), verdicts, sentence, mistake,
        lines, printed, more,
    )  # fmt: skip
