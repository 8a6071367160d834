"""Changes of a reference, and whether the sweep notices what gets past the checks."""

import dataclasses

from mmteach.exercises.definition import Check
from mmteach.exercises.mutate import mutants
from mmteach.exercises.prove import sweep


def area(width, height=2):
    """Docstring."""
    if width < 0:
        return 0
    total = width * height
    total += 1
    return total if width else -1


def test_operators_constants_lines_and_branches_are_changed():
    found = [m.what for m in mutants(area)]
    text = "\n".join(found)
    for part in (
        "Lt becomes LtE", "Mult becomes Div", "0 becomes 1", "Add becomes Sub", "dropped `total += 1`",
        "the branches of if-else exchanged", "USub dropped", "dropped `return",
    ):  # fmt: skip
        assert part in text
    assert len(found) == len(set(found))
    assert "Docstring" not in text


def test_each_mutant_is_one_change_and_runs():
    outcomes = []
    for mutant in mutants(area):
        try:
            outcomes.append([mutant.answer(w, h) for w, h in ((3, 4), (-1, 1), (0, 5))])
        except Exception as error:
            outcomes.append(error)
    assert area(3, 4) == 13
    assert sum(outcome != [13, 0, -1] for outcome in outcomes) >= len(outcomes) * 0.7


def test_a_class_can_be_changed():
    class Scale:
        """A class."""

        def __init__(self, by):
            self.by = by

        def __call__(self, x):
            return x * self.by

    # its source is indented: it stands inside a function
    assert any("Mult becomes Div" in m.what for m in mutants(Scale))


def test_the_sweep_finds_what_gets_past_weak_checks(mean):
    n, survivors = sweep(mean)
    assert n >= 3
    assert survivors == []
    weak = dataclasses.replace(mean, checks=(Check("One.", lambda rng: [([5.0],)]), mean.checks[1], mean.checks[2]))
    n, survivors = sweep(weak)
    assert any("Div becomes Mult" in s for s in survivors)
