"""Look at how an answer behaves on generated inputs."""

from __future__ import annotations

import copy
import functools
import inspect
import linecache
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check
from mmteach.exercises.isolation import Printed, in_time, isolated, seed
from mmteach.exercises.values import plain, same

SECONDS = 5.0  # an answer may take so long for all its cases together
_ENGINE = str(Path(__file__).resolve().parent)
_LIBRARIES = (sys.prefix, sys.base_prefix, str(Path(np.__file__).resolve().parents[1]), "<frozen")


@dataclass(frozen=True)
class Seen:
    """What was seen on one case.

    Parameters
    ----------
    kind : "value"; "nothing" (None came back); "printed" (None, and something was printed); "unwritten" (`...` is still
        there); "changed" (an input is no longer what it was); "raised"; "endless".
    value : what was observed, or what was raised.
    line : where in the student's own code it was raised.
    """

    kind: str
    value: Any = None
    line: str = field(default="", compare=False)

    def same_as(self, other: Seen, tolerance: float) -> bool:
        """Whether two answers did the same here."""
        if self.kind != other.kind:
            return False
        if self.kind == "raised":
            return type(self.value).__name__ == type(other.value).__name__
        return self.kind != "value" or same(self.value, other.value, tolerance)


def observe(
    answer: Answer, checks: Sequence[Check], number: int = 0, seconds: float = SECONDS
) -> tuple[list[list[Seen]], str]:
    """Watch an answer on every case of every check.

    Parameters
    ----------
    number : seed of the inputs.
    seconds : for all of it; once they are over every further case counts as endless.

    Returns
    -------
    seen : for each check, for each of its cases.
    printed : what the answer printed.
    """
    seen: list[list[Seen]] = []
    spied = answer if inspect.isclass(answer) else _noting_dots(answer)
    with isolated() as printed:

        def work() -> None:
            for check in checks:
                seen.append([])
                for inputs in inputs_of(check, number):
                    seen[-1].append(_watch(spied, check, inputs, printed))

        if not in_time(work, seconds):
            seen += [[] for _ in checks[len(seen) :]]
            for row, check in zip(seen, checks, strict=True):
                row += [Seen("endless")] * (len(list(inputs_of(check, number))) - len(row))
    return seen, printed.getvalue()


def inputs_of(check: Check, number: int = 0) -> Iterator[tuple[Any, ...]]:
    """The check's inputs, made afresh: what one answer changed another never sees."""
    return iter(check.cases(np.random.default_rng(number)))


def _watch(answer: Answer, check: Check, inputs: tuple[Any, ...], printed: Printed) -> Seen:
    before = None if check.may_change else copy.deepcopy(inputs)
    at = printed.tell()
    seed(0)
    try:
        value = check.observe(answer, *inputs)
        value = copy.deepcopy(value) if _may_alias(value) else value
    except NotImplementedError:
        return Seen("unwritten")
    except Exception as error:  # whatever a student's code raises
        return Seen("unwritten") if "ellipsis" in str(error) else Seen("raised", error, _line_of(error, answer))
    except (SystemExit, GeneratorExit) as error:
        return Seen("raised", error, _line_of(error, answer))
    if _has_ellipsis(value):
        return Seen("unwritten")
    if before is not None and (changed := _changed(before, inputs)) is not None:
        return Seen("changed", changed)
    if value is None:
        return Seen("printed" if printed.tell() > at else "nothing")
    return Seen("value", value)


def _noting_dots(answer: Answer) -> Answer:
    """The same function, that says so where it hands out the `...` of its starter."""

    @functools.wraps(answer)
    def noting(*inputs: Any, **named: Any) -> Any:
        value = answer(*inputs, **named)
        if _has_ellipsis(value):
            raise NotImplementedError
        return value

    return noting


def _may_alias(value: Any) -> bool:
    """An answer may hand out one of its inputs, or a view of it; what is kept must be the value of now."""
    return isinstance(value, np.ndarray | list | dict)


def _has_ellipsis(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_ellipsis(v) for v in value)
    return value is ... or (isinstance(value, dict) and any(_has_ellipsis(v) for v in value.values()))


def _changed(before: Sequence[Any], after: Sequence[Any]) -> int | None:
    """Which input is no longer what it was, if any."""
    return next((i for i, (a, b) in enumerate(zip(before, after, strict=True)) if not _kept(a, b)), None)


def _kept(a: Any, b: Any) -> bool:
    a, b = plain(a), plain(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return list(a) == list(b) and all(_kept(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_kept(x, y) for x, y in zip(a, b, strict=True))
    return not isinstance(a, np.ndarray | str) or same(a, b, 0)  # a generator or a module may have moved on


def _line_of(error: BaseException, answer: Answer) -> str:
    """The deepest line of the student's own code on the way to an error: "line 3: `return y / rms`"."""
    codes, found, trace = code_of(inspect.unwrap(answer)), "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        path = code.co_filename
        text = linecache.getline(path, trace.tb_lineno).strip()
        # Compiled libraries name files that are not here; a notebook's cell is known to linecache.
        if code in codes or (text and not path.startswith((_ENGINE, *_LIBRARIES))):
            found = f"line {trace.tb_lineno}, `{text}`" if text else f"line {trace.tb_lineno}"
        trace = trace.tb_next
    return found


def code_of(answer: Answer) -> set[types.CodeType]:
    """Code objects of a function, or of all functions of a class, with what they define inside."""
    members = [m for _, m in inspect.getmembers(answer)] if inspect.isclass(answer) else [answer]
    waiting = [m.__code__ for m in members if isinstance(m, types.FunctionType)]
    codes: set[types.CodeType] = set()
    while waiting:
        code = waiting.pop()
        codes.add(code)
        waiting += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return codes
