"""Every exercise keeps its promises; and the proofs notice one that does not."""

import dataclasses

import pytest

from mmteach.exercises.definition import Mistake
from mmteach.exercises.proof import Proof
from mmteach.exercises.prove import LEAST_KILLED, promises, proof_of, prove, sweep
from mmteach.exercises.registry import CHAPTERS, all_exercises, of_chapter

EXERCISES = all_exercises()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_promises(exercise):
    assert promises(exercise, proof_of(exercise)) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_mutants(exercise):
    n, survivors = sweep(exercise)
    assert n > 0
    assert 1 - len(survivors) / n >= LEAST_KILLED, survivors


def test_ids_are_unique_and_belong_to_their_chapter():
    assert len({e.id for e in EXERCISES}) == len(EXERCISES)
    assert all(e.id.partition(".")[0] == chapter for chapter in CHAPTERS for e in of_chapter(chapter))


@pytest.fixture
def good(mean):
    def middle(things):
        return sorted(things)[len(things) // 2] if things else 0.0

    proof = Proof(
        right=(lambda v: sum(v) / max(1, len(v)), lambda v: sum(x / len(v) for x in v)),
        variants={"sum": lambda v: sum(v[::-1]), "median": middle, "empty": lambda v: sum(v) / len(v)},
    )
    return mean, proof


def test_a_good_exercise_is_proved(good):
    assert promises(*good) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda e, p: (dataclasses.replace(e, starter="def my_mean(v):\n    return 0.0\n"), p),
            "the starter is partly",
        ),
        (lambda e, p: (e, dataclasses.replace(p, right=(*p.right, sum))), "sum (inputs 0) is partly"),
        (lambda e, p: (e, dataclasses.replace(p, right=p.right[:1])), "1 other right answers"),
        (lambda e, p: (dataclasses.replace(e, mistakes=e.mistakes[:2]), p), "knows 2 mistakes"),
        (lambda e, p: (dataclasses.replace(e, checks=e.checks[:2]), p), "holds no check back"),
        (lambda e, p: (e, dataclasses.replace(p, variants={**p.variants, "sum": max})), "max has the mistake 'sum'"),
        (
            lambda e, p: (dataclasses.replace(e, mistakes=(*e.mistakes[1:], Mistake("sum", "x", e.reference))), p),
            "my_mean has the mistake 'sum', told was 'None' (passed)",
        ),
    ],
)
def test_a_broken_promise_is_told(good, change, told):
    assert any(told in failure for failure in promises(*change(*good)))


def test_a_module_whose_parameters_learn_nothing_is_told(good):
    import torch
    from torch import nn

    class Idle(nn.Module):
        """One parameter is never used."""

        def __init__(self):
            super().__init__()
            self.used, self.idle = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, x):
            return self.used(x)

    from mmteach.exercises.prove import module_promises

    e = dataclasses.replace(good[0], reference=Idle, module=lambda cls: (cls(), (torch.ones(3, 2),)))
    assert module_promises(e) == ["parameter idle.weight gets no gradient", "parameter idle.bias gets no gradient"]


def test_the_whole_of_one_exercise():
    found = prove(EXERCISES[0])
    assert found.ok
    assert found.killed == 1
