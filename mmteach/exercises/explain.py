"""Plain sentences for what a student's code did: an exception, an endless loop, a value of the wrong shape."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from mmteach.exercises.definition import Exercise
from mmteach.exercises.observe import Seen
from mmteach.exercises.values import plain, show

_PLAIN = {
    NameError: "a name is used that is not known there",
    UnboundLocalError: "a variable is used before it gets a value",
    ZeroDivisionError: "something is divided by zero",
    IndexError: "an index lies outside",
    KeyError: "a key is looked up that is not there",
    AttributeError: "something is asked for what it does not have",
    RecursionError: "the function calls itself without end",
    TypeError: "values of kinds that do not fit are combined",
    ValueError: "a value or shape does not fit",
    SystemExit: "exit() was called",
    ImportError: "a library could not be imported",
    MemoryError: "more memory was asked for than there is",
}


def broken_sentence(seen: Seen) -> str:
    """One sentence for an exception, with the student's line."""
    error = seen.value
    meaning = next((text for kind, text in _PLAIN.items() if type(error) is kind), None)
    meaning = meaning or next((text for kind, text in _PLAIN.items() if isinstance(error, kind)), "an error was raised")
    said = " ".join(str(error).split())[:300]
    where = f"In {seen.line}, " if seen.line else "When it was called, or what it returned was used, "
    return f"{where}{meaning}: {type(error).__name__}{f': {said}' if said else ''}."


def generic_sentence(exercise: Exercise, seen: Seen, inputs: Sequence[Any], seconds: float) -> str:
    """A sentence for what can go wrong in any exercise; empty where it is none of that."""
    if seen.kind == "endless":
        told = f"It was stopped: after {seconds:g} s it had not come to an end."
        return f"{told} Is there a loop whose condition never changes?"
    if seen.kind == "nothing":
        return "It returned None. A function gives back what stands behind `return`."
    if seen.kind == "printed":
        return "It printed something and returned None. Printing shows a value to people; `return` hands it on."
    if seen.kind == "changed":
        name = _names(exercise, inputs)[seen.value]
        return f"It changed its argument {name} in place; whoever called it still needs that. Work on a copy."
    if seen.kind == "unwritten":
        return "In some cases a `...` of the starter is still reached: replace it, too."
    return ""


def evidence(exercise: Exercise, inputs: Sequence[Any], seen: Seen, wanted: Seen) -> tuple[str, ...]:
    """Lines that show a failing case: the inputs, what came and what was needed."""
    given = "; ".join(f"{n} = {show(v)}" for n, v in zip(_names(exercise, inputs), inputs, strict=True))
    return (f"given: {given}", f"yours: {_told(seen)}", f"needed: {_told(wanted)}", *_difference(seen, wanted))


def _told(seen: Seen) -> str:
    if seen.kind == "raised":
        return f"an error, {type(seen.value).__name__}"
    return show(seen.value) if seen.kind == "value" else "None"


def _difference(seen: Seen, wanted: Seen) -> tuple[str, ...]:
    """A further line where not the numbers but their arrangement differs."""
    a, b = (plain(s.value) if s.kind == "value" else None for s in (seen, wanted))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape != b.shape:
        return (f"the shape is {a.shape}, needed was {b.shape}",)
    return ()


def _names(exercise: Exercise, inputs: Sequence[Any]) -> list[str]:
    """Names of the inputs, as the reference has them; a class's inputs have no common names."""
    names = [] if inspect.isclass(exercise.reference) else list(inspect.signature(exercise.reference).parameters)
    return (
        names
        if len(names) == len(inputs)
        else (names[: len(inputs)] + [f"input {i + 1}" for i in range(len(names), len(inputs))])
    )
