"""Merge what repeats, then drop the blanks."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_collapse(path: list, blank: int) -> list:
    """Collapse one symbol a step, a list of T whole numbers -> the string, a list."""
    string = []
    before = None
    for symbol in path:
        if symbol != before and symbol != blank:
            string.append(symbol)
        before = symbol
    return string


def _blanks_first(path: list, blank: int) -> list:
    kept = [s for s in path if s != blank]
    return [s for i, s in enumerate(kept) if i == 0 or s != kept[i - 1]]


def _repeats_kept(path: list, blank: int) -> list:
    return [s for s in path if s != blank]


def _unique(path: list, blank: int) -> list:
    return list(dict.fromkeys(s for s in path if s != blank))


def _blanks_kept(path: list, blank: int) -> list:
    return [s for i, s in enumerate(path) if i == 0 or s != path[i - 1]]


def _blank_is_zero(path: list, blank: int) -> list:
    return my_collapse(path, 0)


def _blank_is_largest(path: list, blank: int) -> list:
    return my_collapse(path, max(path, default=0))


def _lone_symbols(path: list, blank: int) -> list:
    return [s for i, s in enumerate(path) if s != blank and i > 0 and s == path[i - 1]]


def _first_lost(path: list, blank: int) -> list:
    return [path[i] for i in range(1, len(path)) if path[i] != path[i - 1] and path[i] != blank]


def _string(answer: Answer, path: list, blank: int) -> Any:
    told = answer(path, blank)
    return [int(s) for s in told] if isinstance(told, list | tuple | np.ndarray) else told


def _drawn(rng: np.random.Generator, n: int, n_symbols: int, blank: int) -> tuple[list[int], int]:
    """Draw a path in which symbols stay for a while, and come again with and without a blank between."""
    path: list[int] = []
    while len(path) < n:
        symbol = blank if rng.random() < 0.4 else int(rng.integers(n_symbols))
        path += [symbol] * int(rng.integers(1, 4))
    return path[:n], blank


COLLAPSE = Exercise(
    id="language.ctc_collapse",
    title="From steps to a string",
    minutes=10,
    task="""In every step the network names a symbol, or the *blank*: "nothing new". A digit that lasts for five steps
is named up to five times, and was said once. Write `my_collapse(path, blank)`, which turns a path into the string that
it stands for:

- first, neighbours that are equal become one;
- then the blanks are dropped.

So a blank between two equal symbols keeps them apart: with blank 0, `[0, 3, 3, 0, 3, 5, 5, 0]` is `[3, 3, 5]`.
`path` is a list of T whole numbers, `blank` the number of the blank, *not always 0*. Return a list; a path without
steps, or of blanks alone, is `[]`.""",
    starter='''def my_collapse(path, blank):
    """One symbol a step, a list of T whole numbers -> the string, a list."""
    string = []
    ...
    return ...
''',
    hints=(
        "Go through the path by hand, with a finger on the step before: when is a symbol written down?",
        "A symbol is written down if it is not the blank and is another than in the step before. That step may well "
        "have been a blank.",
        "Keep `before`, at first `None`. In each step: if the symbol differs from `before` and from `blank`, append "
        "it; then, in any case, it becomes `before`.",
    ),
    checks=(
        Check(
            "A symbol that stays for several steps is written once.",
            lambda rng: [([2, 2, 2], 0), ([1, 1, 3, 3, 3, 2], 0), ([4, 4, 1, 1, 4, 4], 0), ([7], 0)],
            observe=_string,
        ),
        Check(
            "A blank between two equal symbols keeps them apart.",
            lambda rng: [([0, 3, 3, 0, 3, 5, 5, 0], 0), ([2, 0, 2, 0, 0, 2], 0), _drawn(rng, 12, 3, 0)],
            points=2,
            observe=_string,
        ),
        Check(
            "The blank may be any symbol.",
            lambda rng: [([0, 0, 3, 0, 1, 4], 3), _drawn(rng, 14, 5, 2), _drawn(rng, 12, 4, 4), ([1, 0, 1], 1)],
            observe=_string,
        ),
        Check(
            "Blanks alone, or no steps, are an empty string.",
            lambda rng: [([0, 0, 0], 0), ([], 0), ([2], 2), ([0, 5], 5)],
            observe=_string,
        ),
        Check(
            "It holds for long paths.",
            lambda rng: [_drawn(rng, 200, 11, 0), _drawn(rng, 150, 3, 1), _drawn(rng, 90, 30, 29)],
            observe=_string,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "blanks dropped first",
            "The blanks go first, and with them the only sign that a digit was said twice: 3, blank, 3 becomes 3, 3 "
            "and then 3. In which order do the two steps keep a double digit?",
            _blanks_first,
        ),
        Mistake(
            "repeats not merged",
            "The blanks are gone, but a digit that lasts for five steps is written five times. Neighbours that are "
            "equal were one sound.",
            _repeats_kept,
        ),
        Mistake(
            "every symbol once in the whole string",
            "Each symbol comes once in the whole string: that is what `set`, `unique` and `dict.fromkeys` do. 4, 1, 4 "
            "has two fours. Compare with the *neighbour* only.",
            _unique,
        ),
        Mistake(
            "blanks kept",
            "Neighbours are merged, and the blanks are still in the string. They have done their work; drop them last.",
            _blanks_kept,
        ),
        Mistake(
            "the blank is always 0",
            "Symbol 0 is dropped whatever `blank` says. PyTorch puts the blank at 0 by default, other programs put it "
            "last: use the number that came.",
            _blank_is_zero,
        ),
        Mistake(
            "the blank is always the last symbol",
            "The largest number is taken for the blank. Some programs put it there, PyTorch by default at 0: use the "
            "number that came.",
            _blank_is_largest,
        ),
        Mistake(
            "written at the repeat",
            "A symbol is written when it is *equal* to the one before, so what lasts for one step is lost, and what "
            "lasts long comes too often. Write it when something new begins.",
            _lone_symbols,
        ),
        Mistake(
            "the first step is lost",
            "Only steps that have one before are looked at, so what is said in the very first step is lost.",
            _first_lost,
        ),
    ),
    reference=my_collapse,
    reading=("mmteach.infer.decode.collapse", "Graves, Fernandez, Gomez, Schmidhuber 2006, ICML, section 3.1."),
)
