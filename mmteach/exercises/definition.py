"""What an exercise is: a task, the properties that prove an answer, and the mistakes it knows by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Answer: TypeAlias = Callable[..., Any]  # what a student passes in: a function, or a class
Cases: TypeAlias = Callable[[np.random.Generator], Sequence[tuple[Any, ...]]]


def call(answer: Answer, *inputs: Any) -> Any:
    """Observe a function in the plainest way: what it returns."""
    return answer(*inputs)


@dataclass(frozen=True)
class Check:
    """One property of a right answer.

    Parameters
    ----------
    proves : the property, a whole sentence.
    cases : makes the inputs, a tuple for each case, from a generator; another seed gives other inputs.
    points : what the property is worth.
    observe : (answer, *inputs) -> what is looked at; the reference's own observation is what is expected. By default
        what the answer returns. Numbers, arrays, tensors, strings and containers of these can be compared.
    held_back : looked at when an instructor grades, not when a student presses check.
    may_change : the task is to change its inputs in place, as an optimiser's step does.
    """

    proves: str
    cases: Cases
    points: int = 1
    observe: Callable[..., Any] = call
    held_back: bool = False
    may_change: bool = False


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that stands for a misunderstanding; it is recognised by how it behaves, never by its text.

    Parameters
    ----------
    name : a few words.
    says : what a student reads: what was mixed up, and which thought leads on.
    answer : the wrong answer itself.
    """

    name: str
    says: str
    answer: Answer


@dataclass(frozen=True)
class Exercise:
    """A task that is checked as it is written.

    Parameters
    ----------
    id : chapter.name, never changed once published.
    title : a few words.
    points, minutes : what it is worth, and how long it takes about; points are the sum of the public checks.
    task : what is to be written, in markdown.
    starter : the code cell as a student finds it; `...` stands where something is to be written.
    hints : from a nudge to nearly the answer.
    checks : the properties.
    mistakes : the misunderstandings known by name, three or more.
    reference : a right answer, of the name that the starter uses.
    reading : where to read on.
    version : counted up when an older right answer would no longer pass.
    tolerance : relative; numbers nearer than that count as equal.
    module : for a class of nn.Module: makes one with answer(*arguments) and the tensors to call it with. Proofs ask
        whether every parameter gets a gradient and whether its state can be saved and loaded.
    """

    id: str
    title: str
    minutes: int
    task: str
    starter: str
    hints: tuple[str, ...]
    checks: tuple[Check, ...]
    mistakes: tuple[Mistake, ...]
    reference: Answer
    reading: tuple[str, ...] = ()
    version: int = 1
    tolerance: float = 1e-4
    module: Callable[[Answer], tuple[Any, tuple[Any, ...]]] | None = None

    @property
    def points(self) -> int:
        """What a student can reach by pressing check."""
        return sum(check.points for check in self.public)

    @property
    def public(self) -> tuple[Check, ...]:
        """The checks that a student sees."""
        return tuple(check for check in self.checks if not check.held_back)

    @property
    def name(self) -> str:
        """The name that the answer has in the starter."""
        return self.reference.__name__

    @property
    def solution(self) -> str:
        """The source of the reference."""
        return inspect.getsource(self.reference)
