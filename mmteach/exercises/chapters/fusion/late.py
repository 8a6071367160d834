"""Every modality votes, and the votes become one."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_late(logits: dict[str, torch.Tensor], present: dict[str, torch.Tensor], rule: str) -> torch.Tensor:
    """{m: (B, C)} logits and {m: (B,)} bool -> (B, C) probabilities; the rule is "mean" or "product"."""
    votes = torch.stack([logits[m] for m in logits], dim=1)  # (B, M, C)
    here = torch.stack([present[m] for m in logits], dim=1)[:, :, None]  # (B, M, 1)
    if rule == "mean":
        probs = votes.softmax(dim=2).masked_fill(~here, 0.0)
        return probs.sum(dim=1) / here.sum(dim=1)
    log_probs = votes.log_softmax(dim=2).masked_fill(~here, 0.0)
    return log_probs.sum(dim=1).softmax(dim=1)


def _stacked(logits: dict[str, Tensor], present: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    return torch.stack(list(logits.values()), 1), torch.stack([present[m] for m in logits], 1)[..., None]


def _mean_of_logits(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    z, here = _stacked(logits, present)
    total = z.masked_fill(~here, 0.0).sum(1)
    return (total / here.sum(1) if rule == "mean" else total).softmax(1)


def _divides_by_all(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    if rule != "mean":
        return my_late(logits, present, rule)
    z, here = _stacked(logits, present)
    return z.softmax(2).masked_fill(~here, 0.0).mean(1)


def _everybody_votes(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    return my_late(logits, {m: torch.ones_like(p) for m, p in present.items()}, rule)


def _over_samples(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    z, here = _stacked(logits, present)
    if rule == "mean":
        return z.softmax(0).masked_fill(~here, 0.0).sum(1) / here.sum(1)
    return z.log_softmax(0).masked_fill(~here, 0.0).sum(1).softmax(0)


def _not_normalised(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    z, here = _stacked(logits, present)
    product = z.softmax(2).masked_fill(~here, 1.0).prod(1)
    return my_late(logits, present, rule) if rule == "mean" else product


def _too_small_for_a_float(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    product = _not_normalised(logits, present, rule)
    return product / product.sum(1, keepdim=True)


def _absent_vetoes(logits: dict[str, Tensor], present: dict[str, Tensor], rule: str) -> Tensor:
    z, here = _stacked(logits, present)
    if rule == "mean":
        return my_late(logits, present, rule)
    product = z.softmax(2).masked_fill(~here, 0.0).prod(1)
    return product / product.sum(1, keepdim=True)


def _made(
    rng: np.random.Generator,
    rule: str,
    b: int,
    n_classes: int,
    names: str,
    absent: float = 0,
    left: float = 0,
    alike: bool = False,
) -> tuple:
    """Draw votes of modalities with one-letter names; `left` stands where one is absent, or old numbers do.

    With `alike` those who are present agree: then it is all the same whether logits or probabilities are averaged.
    """
    logits = {m: torch.from_numpy(rng.normal(scale=2, size=(b, n_classes)).astype(np.float32)) for m in names}
    present = {m: torch.from_numpy(rng.random(b) >= absent) for m in names}
    present[names[0]][:] = True  # somebody is always there
    if absent:
        present[names[-1]][0] = False
    if alike:
        logits = {m: torch.where(present[m][:, None], logits[names[0]], z) for m, z in logits.items()}
    return {m: z.masked_fill(~present[m][:, None], left) if left else z for m, z in logits.items()}, present, rule


def _sure(rule: str, *votes: list[float]) -> tuple:
    """One sample; each modality's logits as they are given."""
    named = {f"m{i}": torch.tensor([vote]) for i, vote in enumerate(votes)}
    return named, {m: torch.ones(1, dtype=torch.bool) for m in named}, rule


LATE = Exercise(
    id="fusion.late",
    title="Everyone votes",
    minutes=15,
    task="""Write `my_late(logits, present, rule)`: each modality has voted by itself, `logits[m]` is `(B, C)`;
`present[m]`, `(B,)` bool, says which samples have it. Return probabilities `(B, C)` in which every row sums to 1.

- `rule == "mean"`: the mean of the modalities' *probabilities*, over those that are present.
- `rule == "product"`: the product of the probabilities of those present, normalised again:
  $p \\propto \\prod_m p_m = \\exp \\sum_m \\log p_m$, which is the softmax of the summed $\\log p_m$.

Every sample has at least one modality. Votes of absent ones may hold anything, even NaN. Modalities may be very sure of
themselves (logits of 200) and contradict each other: the result must still be numbers.""",
    starter='''def my_late(logits, present, rule):
    """{m: (B, C)} logits and {m: (B,)} bool -> (B, C) probabilities; the rule is "mean" or "product"."""
    votes = torch.stack([logits[m] for m in logits], dim=1)  # (B, M, C)
    here = torch.stack([present[m] for m in logits], dim=1)[:, :, None]  # (B, M, 1) bool
    if rule == "mean":
        return ...
    return ...
''',
    hints=(
        "In `votes` the axes are sample, modality, class. Which one does a softmax run along, and which one is summed?",
        "What may be added by somebody who is absent? To a sum of probabilities 0; to a product 1, and log 1 is 0. "
        "`masked_fill(~here, 0.0)` puts it there.",
        "The mean divides by the number of those present, `here.sum(dim=1)`. The product: `log_softmax` over the "
        "classes, fill, sum over the modalities, and one more `softmax` over the classes.",
    ),
    checks=(
        Check(
            "The mean rule gives the mean of the probabilities.",
            lambda rng: [
                _made(rng, "mean", 4, 3, "ab"),
                _made(rng, "mean", 1, 5, "abc"),
                _made(rng, "mean", 3, 2, "a"),
            ],
        ),
        Check(
            "The product rule gives the product of the probabilities, normalised.",
            lambda rng: [_made(rng, "product", 4, 3, "ab"), _made(rng, "product", 2, 4, "abc")],
            points=2,
        ),
        Check(
            "Absent modalities have no vote, and do not count in the mean.",
            lambda rng: [
                _made(rng, "mean", 5, 3, "abc", absent=0.5, alike=True),
                _made(rng, "product", 5, 3, "abc", absent=0.5),
                _made(rng, "mean", 1, 2, "ab", absent=0.9, left=float("nan")),
                _made(rng, "product", 3, 2, "ab", absent=0.9, left=float("nan")),
            ],
            points=2,
        ),
        Check(
            "Two very sure votes that contradict each other end in a draw, not in NaN.",
            lambda rng: [
                _sure("product", [200.0, 0.0], [0.0, 200.0]),
                _sure("product", [150.0, 0.0, 0.0], [0.0, 150.0, 0.0], [-150.0, 0.0, 3.0]),
                _sure("mean", [200.0, 0.0], [0.0, 200.0]),
            ],
        ),
        Check(
            "It holds for many modalities and classes.",
            lambda rng: [
                _made(rng, rule, 12, 9, "abcdefg", absent=0.6, left=left)
                for rule in ("mean", "product")
                for left in (0.0, float("inf"))
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "mean of logits",
            "Logits were averaged, and one softmax taken at the end. Then who shouts loudest decides: a modality "
            "with logits of 20 outweighs one with logits of 2, even if both are just sure. Each vote becomes "
            "probabilities first.",
            _mean_of_logits,
        ),
        Mistake(
            "divides by all",
            "The mean divides by the number of all modalities, those absent too, so that a row sums to less than 1. "
            "Divide by how many have voted in this very sample.",
            _divides_by_all,
        ),
        Mistake(
            "presence ignored",
            "Modalities that are absent vote as well: what stands in their place is a left-over. Who is not "
            "`present` must add nothing.",
            _everybody_votes,
        ),
        Mistake(
            "softmax over the samples",
            "The softmax runs along the samples: each class's column sums to 1 instead of each sample's row, and "
            "what a sample gets depends on who else is in the batch. Its `dim` must be the axis of the classes.",
            _over_samples,
        ),
        Mistake(
            "not normalised",
            "The product is right, but a product of shares is small: the row no longer sums to 1. Scale it so that "
            "it does.",
            _not_normalised,
        ),
        Mistake(
            "too small for a float",
            "Right on paper, but probabilities of very sure votes are multiplied until they are smaller than any "
            "float, and 0 / 0 is NaN. Sums of logarithms do not run out: stay with log p, and let the last softmax "
            "go back.",
            _too_small_for_a_float,
        ),
        Mistake(
            "an absent modality vetoes",
            "An absent modality got probability 0 for every class, and a product with 0 is 0: it votes against "
            "everything. Who is absent should change nothing; which number changes nothing in a product?",
            _absent_vetoes,
        ),
    ),
    reference=my_late,
    reading=("mmteach.models.LateFusion", "Kittler, Hatef, Duin, Matas 1998, IEEE TPAMI 20(3), sections 2 and 3."),
)
