"""Small exercises to try the engine on, and progress of a test's own."""

import pytest

from mmteach.exercises.definition import Check, Exercise, Mistake
from mmteach.exercises.progress import Progress


def my_mean(values):
    """Mean of a list; 0 of an empty one."""
    return sum(values) / len(values) if values else 0.0


def _sum(values):
    return sum(values)


def _middle(values):
    return sorted(values)[len(values) // 2] if values else 0.0


def _crashes_when_empty(values):
    return sum(values) / len(values)


@pytest.fixture
def mean():
    return Exercise(
        id="toy.mean",
        title="Mean",
        minutes=1,
        task="The mean; of nothing 0.",
        starter="def my_mean(values):\n    return ...\n",
        hints=("Add, then divide.", "Look at an empty list first."),
        checks=(
            Check("It is the mean.", lambda rng: [([1.0, 2.0, 6.0],), (list(rng.normal(size=4)),)], points=2),
            Check("The mean of nothing is 0.", lambda rng: [([],)]),
            Check("It holds for many numbers.", lambda rng: [(list(rng.normal(size=100)),)], held_back=True),
        ),
        mistakes=(
            Mistake("sum", "That is the sum.", _sum),
            Mistake("median", "That is the median.", _middle),
            Mistake("empty", "It divides by 0.", _crashes_when_empty),
        ),
        reference=my_mean,
        reading=("A book.",),
    )


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "progress.sqlite")
