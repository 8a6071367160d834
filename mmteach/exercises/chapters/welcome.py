"""Exercises of chapter 0: a first function, a first check."""

from __future__ import annotations

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_share(n_right: int, n: int) -> float:
    """Share of right answers, between 0 and 1."""
    return n_right / n if n else 0.0


def _returns_nothing(n_right: int, n: int) -> None:
    n_right / n if n else 0.0


def _prints(n_right: int, n: int) -> None:
    print(n_right / n if n else 0.0)


def _upside_down(n_right: int, n: int) -> float:
    return n / n_right if n_right else 0.0


def _percent(n_right: int, n: int) -> float:
    return 100 * n_right / n if n else 0.0


def _whole_numbers(n_right: int, n: int) -> int:
    return n_right // n if n else 0


FIRST = Exercise(
    id="welcome.first",
    title="A first function",
    minutes=5,
    task="""Write `my_share(n_right, n)`: the share of right answers, a number between 0 and 1. Seven right answers of
ten give `0.7`. Where nothing was asked (`n` is 0) the share is `0.0`.""",
    starter='''def my_share(n_right, n):
    """Share of right answers, between 0 and 1."""
    return ...
''',
    hints=(
        "A share is a part divided by the whole.",
        "Dividing by 0 raises an error: look at `n` first.",
        "`return a if condition else b` chooses between two values in one line.",
    ),
    checks=(
        Check(
            "It gives the share of right answers.",
            lambda rng: [(7, 10), (1, 4), (3, 3), (0, 5), (int(rng.integers(1, 50)), 60)],
        ),
        Check("Where nothing was asked, the share is 0.", lambda rng: [(0, 0)]),
        Check(
            "It holds for large numbers too.",
            lambda rng: [(int(k), 10**6) for k in rng.integers(1, 10**6, 3)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "returns None instead of the value",
            "The share is computed, but not handed back: the function returns None. Put `return` in front of it.",
            _returns_nothing,
        ),
        Mistake(
            "prints instead of returns",
            "The share is printed, and None is returned. `print` shows a value to people; only `return` hands it to "
            "the code that called the function.",
            _prints,
        ),
        Mistake(
            "upside down",
            "That is the whole divided by the part. A share cannot be more than 1.",
            _upside_down,
        ),
        Mistake(
            "percent",
            "That is a percentage: 100 times too much. A share lies between 0 and 1.",
            _percent,
        ),
        Mistake(
            "whole-number division",
            "`//` drops everything behind the point, so nearly every share becomes 0. `/` keeps it.",
            _whole_numbers,
        ),
    ),
    reference=my_share,
    reading=("The Python tutorial, section 4.8: defining functions.",),
)

EXERCISES = (FIRST,)
