"""Prove that an exercise does what it promises, and try to get changed answers past it."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from mmteach.exercises.definition import Answer, Exercise
from mmteach.exercises.judge import judge
from mmteach.exercises.mutate import mutants
from mmteach.exercises.outcome import Outcome, Status
from mmteach.exercises.proof import Proof

FEWEST_MISTAKES = 3
LEAST_KILLED = 0.95
# What a notebook has imported before its first exercise.
PRELUDE = """import math
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
"""
_SEEDS = tuple(range(1, 9))  # further inputs, on which a mutant is asked whether it behaves otherwise at all
_MUTANT_SECONDS = 2.0


@dataclass(frozen=True)
class Proved:
    """What the proofs of one exercise found.

    Parameters
    ----------
    failures : a sentence for each promise that is not kept.
    n_mutants : changed references that behave otherwise on some input.
    survivors : those of them that pass every public check.
    """

    id: str
    failures: tuple[str, ...]
    n_mutants: int
    survivors: tuple[str, ...]

    @property
    def killed(self) -> float:
        """Share of the mutants that are not passed."""
        return 1 - len(self.survivors) / self.n_mutants if self.n_mutants else 1.0

    @property
    def ok(self) -> bool:
        """Whether every promise is kept."""
        return not self.failures and self.killed >= LEAST_KILLED


def proof_of(exercise: Exercise) -> Proof:
    """Find the proof that belongs to an exercise."""
    chapter = exercise.id.partition(".")[0]
    return importlib.import_module(f"mmteach.exercises.proofs.{chapter}").PROOFS[exercise.id]


def prove(exercise: Exercise, with_mutants: bool = True) -> Proved:
    """Run all proofs of one exercise."""
    failures = promises(exercise, proof_of(exercise))
    changed, survivors = sweep(exercise) if with_mutants else (0, [])
    return Proved(exercise.id, tuple(failures), changed, tuple(survivors))


def promises(exercise: Exercise, proof: Proof) -> list[str]:
    """A sentence for each promise that the exercise does not keep."""
    names = {m.name for m in exercise.mistakes}
    out = _form(exercise, proof, names)
    out += _expect(judge(exercise, started(exercise)), Status.NOT_ATTEMPTED, "the starter")
    for seed in (0, 1):
        out += _expect(judge(exercise, exercise.reference, True, seed), Status.PASSED, f"the reference (inputs {seed})")
        for answer in proof.right:
            out += _expect(judge(exercise, answer, True, seed), Status.PASSED, f"{answer.__name__} (inputs {seed})")
    for mistake in exercise.mistakes:
        for wrong in (mistake.answer, proof.variants.get(mistake.name)):
            if wrong is not None:
                outcome = judge(exercise, wrong)
                if outcome.mistake != mistake.name or outcome.status is Status.PASSED:
                    told = f"told was '{outcome.mistake}' ({outcome.status})"
                    out.append(f"{wrong.__name__} has the mistake '{mistake.name}', {told}")
    return out + (module_promises(exercise) if exercise.module else [])


def _form(exercise: Exercise, proof: Proof, names: set[str]) -> list[str]:
    """What must be there before anything is run."""
    told = [
        (len(names) >= FEWEST_MISTAKES, f"knows {len(names)} mistakes; {FEWEST_MISTAKES} are needed"),
        (len(names) == len(exercise.mistakes), "two mistakes have the same name"),
        (len({m.says for m in exercise.mistakes}) == len(names), "two mistakes have the same sentence"),
        (len(proof.right) >= 2, f"has {len(proof.right)} other right answers; two are needed"),
        (
            set(proof.variants) == names,
            f"variants are not those of its mistakes: {sorted(set(proof.variants) ^ names)}",
        ),
        (len(exercise.hints) >= 2, "has fewer than two hints"),
        (any(c.held_back for c in exercise.checks), "holds no check back"),
        (exercise.name in exercise.starter, f"the starter does not define {exercise.name}"),
    ]
    return [text for ok, text in told if not ok]


def started(exercise: Exercise) -> Answer:
    """The starter as it comes, run."""
    names: dict[str, Any] = {}
    exec(compile(PRELUDE + exercise.starter, f"<starter of {exercise.id}>", "exec"), names)  # our own text
    return names[exercise.name]


def _expect(outcome: Outcome, status: Status, who: str) -> list[str]:
    if outcome.status is status:
        return []
    failed = "; ".join(v.proves for v in outcome.verdicts if not v.passed)
    shown = " | ".join(outcome.evidence)
    return [f"{who} is {outcome.status}, not {status}: {outcome.sentence} {failed} {shown}".strip()]


def module_promises(exercise: Exercise) -> list[str]:
    """Every parameter of the reference gets a gradient, and its state comes back from a file."""
    import torch

    assert exercise.module is not None
    torch.manual_seed(0)
    module, inputs = exercise.module(exercise.reference)
    out = module(*inputs)
    total = sum(t.sum() for t in (out if isinstance(out, tuple) else [out]))
    (total * total).backward()
    dead = [n for n, p in module.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
    failures = [f"parameter {name} gets no gradient" for name in dead]
    if not list(module.parameters()):
        failures.append("has no parameters")
    torch.manual_seed(1)
    twin, _ = exercise.module(exercise.reference)
    twin.load_state_dict(module.state_dict())
    module.eval(), twin.eval()
    if not torch.allclose(_first(module(*inputs)), _first(twin(*inputs))):
        failures.append("its state does not come back")
    return failures


def _first(out: Any) -> Any:
    return out[0] if isinstance(out, tuple) else out


def sweep(exercise: Exercise) -> tuple[int, list[str]]:
    """Change the reference in every way: how many changes matter, and which of these pass the public checks.

    A change matters if on some input, of other seeds or of the checks held back, it does something else.
    """
    changed, survivors = 0, []
    for mutant in mutants(exercise.reference):
        outcome = judge(exercise, mutant.answer, seconds=_MUTANT_SECONDS)
        if outcome.status is not Status.PASSED:
            changed += 1
        elif _differs(exercise, mutant.answer):
            changed += 1
            survivors.append(mutant.what)
    return changed, survivors


def _differs(exercise: Exercise, answer: Answer) -> bool:
    return any(
        judge(exercise, answer, True, seed, _MUTANT_SECONDS).status is not Status.PASSED for seed in (0, *_SEEDS)
    )
