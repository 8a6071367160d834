"""Hide whole modalities in training, so that a model learns to do without."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_modality_dropout(present: torch.Tensor, p: float, generator: torch.Generator) -> torch.Tensor:
    """(B, M) bool, who has which modality -> (B, M) bool, what is left of it."""
    kept = present & (torch.rand(present.shape, generator=generator) >= p)
    somebody = kept.any(dim=1, keepdim=True)  # (B, 1)
    return torch.where(somebody, kept, present)


def _drawn(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    return torch.rand(present.shape, generator=generator) >= p


def _p_is_kept(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    kept = present & ~_drawn(present, p, generator)
    return torch.where(kept.any(1, keepdim=True), kept, present)


def _nothing_left(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    return present & _drawn(present, p, generator)


def _whole_batch(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    kept = present & _drawn(present[:1], p, generator)
    return torch.where(kept.any(1, keepdim=True), kept, present)


def _whole_sample(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    kept = present & _drawn(present[:, :1], p, generator)
    return torch.where(kept.any(1, keepdim=True), kept, present)


def _absent_come_back(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    kept = _drawn(present, p, generator)
    return torch.where(kept.any(1, keepdim=True), kept, torch.ones_like(present))


def _given_what_was_never_there(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    kept = present & _drawn(present, p, generator)
    return torch.where(kept.any(1, keepdim=True), kept, torch.ones_like(present))


def _usual_dropout(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    return F.dropout(present.float(), p)


def _own_dice(present: Tensor, p: float, generator: torch.Generator) -> Tensor:
    kept = present & (torch.rand(present.shape) >= p)
    return torch.where(kept.any(1, keepdim=True), kept, present)


def _told(answer: Answer, present: Tensor, p: float, number: int) -> Any:
    """What can be said of flags dropped at random, whoever draws."""
    left = answer(present, p, torch.Generator().manual_seed(number))
    if not isinstance(left, Tensor) or left.shape != present.shape:
        return left
    there, had = left.bool(), present.sum(dim=1, keepdim=True)
    alike = (there[:-1] == there[1:]) | (present[:-1] != present[1:])  # neighbours who had the same
    if bool(alike.all()) and bool((had > 1).any()):
        return ["all samples lose the same"]
    by_chance, still = (1 - p) + p**had, there & present
    expected = (by_chance * present).sum(dim=0) / present.sum(dim=0)
    whole = ((1 - p) ** had + p**had).clamp(max=1)  # loses nothing, or would lose everything
    told = [
        (bool(((left != 0) & (left != 1)).any()), "there are other values than 0 and 1"),
        (
            not torch.equal(left, answer(present, p, torch.Generator().manual_seed(number))),
            "the same generator gave others",
        ),
        (not bool(there.any(dim=1).all()), "somebody has nothing left"),
        (bool((there & ~present).any()), "somebody got what was never there"),
    ]
    shares = zip(still.sum(dim=0) / present.sum(dim=0), expected, strict=True)
    often = [(f"modality {m} stays", _how(*pair)) for m, pair in enumerate(shares)]
    often.append(("samples lose nothing", _how((still == present).all(dim=1).float().mean(), whole.mean())))
    found = [text for no, text in told if no] + [f"{what} {how}" for what, how in often if how]
    return found or ["as asked"]


def _how(share: Tensor, expected: Tensor) -> str:
    if bool(expected.isnan()) or abs(float(share - expected)) < 0.04:  # of 4000 samples: five standard deviations
        return ""
    return "too seldom" if share < expected else "too often"


def _throws(answer: Answer, present: Tensor, p: float, number: int) -> Any:
    """Over 16 batches: do the samples of a batch differ, is anything dropped at all?"""
    all_left = [answer(present, p, torch.Generator().manual_seed(number + i)) for i in range(16)]
    if not all(isinstance(left, Tensor) and left.shape == present.shape for left in all_left):
        return all_left[0]
    return {
        "samples of a batch differ": any(len(left.unique(dim=0)) > 1 for left in all_left),
        "something is dropped": any(not bool(left.all()) for left in all_left),
    }


def _kept_as_it_was(answer: Answer, present: Tensor, p: float, number: int) -> Any:
    left = answer(present, p, torch.Generator().manual_seed(number))
    return left.float() if isinstance(left, Tensor) else left


def _everybody(b: int, m: int, p: float, number: int) -> tuple[Tensor, float, int]:
    return torch.ones(b, m, dtype=torch.bool), p, number


def _some(rng: np.random.Generator, b: int, *rows: str, p: float) -> tuple[Tensor, float, int]:
    """Repeat rows like "110" so that there are b of each."""
    flags = torch.tensor([[c == "1" for c in row] for row in rows])
    return flags.repeat_interleave(b, dim=0), p, int(rng.integers(1000))


MODALITY_DROPOUT = Exercise(
    id="imbalance.modality_dropout",
    title="Learn to do without",
    minutes=15,
    task="""A model that has always had the face relies on it, and is lost when it is missing. Modality dropout
hides a *whole* modality now and then while training, so that the other one is asked as well. Write
`my_modality_dropout(present, p, generator)`: `present`, `(B, M)` bool, says which of the M modalities each sample
has. Return flags of the same shape:

- each modality of each sample is dropped by itself, with probability p, 0 <= p < 1;
- what a sample never had does not come back;
- a sample that would lose everything keeps *all that it had*: nobody can learn from nothing. Every sample has at
  least one;
- whatever is random comes from the torch generator: `torch.rand(shape, generator=generator)`.""",
    starter='''def my_modality_dropout(present, p, generator):
    """(B, M) bool, who has which modality -> (B, M) bool, what is left of it."""
    kept = ...
    somebody = ...  # (B, 1), whether anything is left
    return ...
''',
    hints=(
        "`torch.rand(...)` draws numbers from 0 to below 1: a number is at least p with the probability 1 - p.",
        "Flags are combined with `&`: what was there *and* was not dropped.",
        "`kept.any(dim=1, keepdim=True)` says for each sample whether anything is left; `torch.where(condition, a, "
        "b)` takes a where it is true, b elsewhere.",
    ),
    checks=(
        Check(
            "Each modality of each sample is dropped with probability p.",
            lambda rng: [_everybody(4000, 3, 0.2, 1), _everybody(4000, 2, 0.3, 2), _everybody(4000, 4, 0.6, 3)],
            observe=_told,
            points=2,
        ),
        Check(
            "Each sample, and each of its modalities, has a throw of its own.",
            lambda rng: [_everybody(6, 3, 0.5, 10), _everybody(5, 2, 0.3, 50)],
            observe=_throws,
        ),
        Check(
            "What a sample never had stays away, and nobody is left with nothing.",
            lambda rng: [
                _some(rng, 2000, "110", "101", p=0.3),
                _some(rng, 4000, "011", p=0.7),
                _some(rng, 100, "1000", "0100", "0001", p=0.9),
            ],
            observe=_told,
            points=2,
        ),
        Check(
            "With p = 0 nothing is changed.",
            lambda rng: [_some(rng, 2, "110", "001", "111", p=0.0), _everybody(1, 1, 0.0, 0)],
            observe=_kept_as_it_was,
        ),
        Check(
            "It holds for five modalities.",
            lambda rng: [_some(rng, 4000, "11111", p=0.25), _some(rng, 3000, "10000", "00101", p=0.8)],
            observe=_told,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "p is the share that stays",
            "With p = 0.2 a fifth of the modalities is kept here, and four fifths are dropped: p is the probability "
            "of being dropped.",
            _p_is_kept,
        ),
        Mistake(
            "nothing left",
            "Nearly. But some samples lose everything, and a model is asked to name a class without having been "
            "shown anything. It can only learn to guess there: give those back what they had.",
            _nothing_left,
        ),
        Mistake(
            "one throw for the whole batch",
            "All samples of the batch lose the same modalities: the dice are thrown once, not for each sample. The "
            "gradient of such a batch pulls everything to one side; draw `(B, M)` numbers.",
            _whole_batch,
        ),
        Mistake(
            "one throw for the whole sample",
            "The modalities of a sample are dropped all together or not at all, and since nobody may lose "
            "everything, nothing is dropped in the end. Each modality has a throw of its own.",
            _whole_sample,
        ),
        Mistake(
            "the absent come back",
            "The new flags do not look at the old ones: a modality that a sample never had is called present, and "
            "the model reads what stands in its place. Who is to be present must have been so before.",
            _absent_come_back,
        ),
        Mistake(
            "given what was never there",
            "Nearly. Samples that lose everything get *all* modalities, those too that they never had. Give back "
            "what was there before.",
            _given_what_was_never_there,
        ),
        Mistake(
            "dropout of numbers",
            "That is the usual dropout: it drops numbers and scales up what is left, 1 becomes 1 / (1 - p). Flags "
            "are no numbers to be scaled; and it may leave somebody with nothing.",
            _usual_dropout,
        ),
        Mistake(
            "dice of its own",
            "The dropping is right, but `generator` is not used: the same generator gives other flags each time, and "
            "nobody can repeat the run.",
            _own_dice,
        ),
    ),
    reference=my_modality_dropout,
    reading=("mmteach.train.drop_modalities", "Neverova, Wolf, Taylor, Nebout 2016, IEEE TPAMI 38(8), ModDrop."),
)
