"""Pairs find each other: the loss that puts two modalities into one space."""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.exercises.chapters.contrast import info_nce_watch as watch
from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_info_nce(a: torch.Tensor, b: torch.Tensor, log_scale: torch.Tensor) -> torch.Tensor:
    """(N, E), (N, E), log of the scale -> one number, the mean surprise at the true partner, both ways."""
    a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
    scale = torch.exp(torch.clamp(log_scale, max=math.log(100)))
    scores = scale * (a @ b.T)  # (N, N)
    partner = torch.arange(len(a))
    return (F.cross_entropy(scores, partner) + F.cross_entropy(scores.T, partner)) / 2


def _within_the_limit(mistake: Answer) -> Answer:
    """Make the mistake where the scale is not limited: whoever makes it may forget the limit beside, or may not."""

    @functools.wraps(mistake)
    def answer(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
        return my_info_nce(a, b, log_scale) if float(log_scale) > math.log(100) else mistake(a, b, log_scale)

    return answer


def _scores(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return log_scale.exp() * F.normalize(a, dim=1) @ F.normalize(b, dim=1).T


def _both(scores: Tensor) -> Tensor:
    partner = torch.arange(len(scores))
    return (F.cross_entropy(scores, partner) + F.cross_entropy(scores.T, partner)) / 2


@_within_the_limit
def _only_a_asks(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return F.cross_entropy(_scores(a, b, log_scale), torch.arange(len(a)))


@_within_the_limit
def _only_b_asks(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return F.cross_entropy(_scores(b, a, log_scale), torch.arange(len(a)))


@_within_the_limit
def _whole_table(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    scores = _scores(a, b, log_scale)
    return -scores.flatten().log_softmax(0).view_as(scores).diagonal().mean()


@_within_the_limit
def _no_normalisation(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return _both(log_scale.exp() * a @ b.T)


@_within_the_limit
def _normalised_over_the_batch(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return _both(log_scale.exp() * F.normalize(a, dim=0) @ F.normalize(b, dim=0).T)


@_within_the_limit
def _divided_by_the_scale(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return _both(_scores(a, b, -log_scale))


@_within_the_limit
def _log_as_scale(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return _both(log_scale * F.normalize(a, dim=1) @ F.normalize(b, dim=1).T)


@_within_the_limit
def _added(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return 2 * _both(_scores(a, b, log_scale))


@_within_the_limit
def _first_is_partner(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    scores, first = _scores(a, b, log_scale), torch.zeros(len(a), dtype=torch.long)
    return (F.cross_entropy(scores, first) + F.cross_entropy(scores.T, first)) / 2


@_within_the_limit
def _partner_not_in_the_sum(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    scores = _scores(a, b, log_scale)
    others = scores.masked_fill(torch.eye(len(a), dtype=torch.bool), -torch.inf)
    return (others.logsumexp(0) + others.logsumexp(1)).mean() / 2 - scores.diagonal().mean()


def _no_limit(a: Tensor, b: Tensor, log_scale: Tensor) -> Tensor:
    return _both(_scores(a, b, log_scale))


def _plain_number(a: Tensor, b: Tensor, log_scale: Tensor) -> float:
    return my_info_nce(a, b, log_scale).item()


INFO_NCE = Exercise(
    id="contrast.info_nce",
    title="Find your partner",
    minutes=20,
    task="""Row i of `a`, `(N, E)`, is the embedding of a picture, row i of `b`, `(N, E)`, that of the sound that
belongs to it. Write `my_info_nce(a, b, log_scale)`, the symmetric contrastive loss (InfoNCE, as in CLIP):

$$S = s \\cdot \\hat A \\hat B^\\top, \\qquad L = \\tfrac12 \\left( \\mathrm{CE}(S) + \\mathrm{CE}(S^\\top) \\right)$$

- each row of $\\hat A$ and $\\hat B$ has length 1, so $\\hat A \\hat B^\\top$ holds the cosines of every picture with
  every sound;
- CE is the mean cross-entropy of the rows: row i should choose column i. So pictures look for their sounds, and with
  $S^\\top$ sounds for their pictures;
- the scale $s$ is 1 over the temperature. What comes in is its *logarithm*, a tensor with one number, which is learnt
  too; $s$ is at most 100.

Return a tensor with one number, through which gradients flow to all three.""",
    starter='''def my_info_nce(a, b, log_scale):
    """(N, E), (N, E), log of the scale -> one number, the mean surprise at the true partner, both ways."""
    scale = ...
    scores = ...  # (N, N)
    return ...
''',
    hints=(
        "`F.normalize(a, dim=1)` brings each row to length 1; `a @ b.T` then holds all cosines at once.",
        "`torch.exp(log_scale)` is the scale; `torch.clamp(..., max=...)` limits it without breaking the gradient.",
        "`F.cross_entropy(scores, y)` wants the number of the right column of each row: 0 for the first row, 1 for "
        "the second, and so on, `torch.arange(len(a))`.",
        "The other way round is the same with `scores.T`. Take the mean of the two.",
    ),
    checks=(
        Check(
            "Where nothing tells the pairs apart, each costs log N.",
            lambda rng: [watch.alike(2, 3), watch.alike(5, 4)],
        ),
        Check(
            "Each looks for its own partner among all of the other side, both ways.",
            lambda rng: [
                watch.drawn(rng, 3, 4),
                watch.drawn(rng, 5, 2, 2.6593),
                watch.drawn(rng, 4, 7, 0.5),
                watch.drawn(rng, 6, 3, -0.7),
            ],
            points=3,
        ),
        Check("A single pair has nothing to be mistaken for.", lambda rng: [watch.drawn(rng, 1, 3, 2.0)]),
        Check(
            "The scale is 100 at most.",
            lambda rng: [watch.drawn(rng, 4, 3, 6.0), watch.drawn(rng, 3, 5, 4.7)],
        ),
        Check(
            "A gradient reaches both sides and the scale.",
            lambda rng: [watch.drawn(rng, 3, 4, 1.5), watch.drawn(rng, 5, 3)],
            points=2,
            observe=watch.gradient,
        ),
        Check(
            "It holds for a large batch.",
            lambda rng: [watch.drawn(rng, 64, 16, 3.0), watch.drawn(rng, 33, 2, 4.0), watch.drawn(rng, 20, 40, 9.0)],
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "only a asks",
            "Pictures look for their sounds, but no sound for its picture. A sound that all pictures are near to "
            "would never be told so. What does the table look like from the other side?",
            _only_a_asks,
        ),
        Mistake(
            "softmax over the wrong axis",
            "The softmax runs down the columns only: sounds look for their pictures, and no picture for its sound. "
            "Rows are one question, columns the other; the loss asks both.",
            _only_b_asks,
        ),
        Mistake(
            "softmax over the whole table",
            "All N times N cosines compete in one softmax: now pairs compete with other *pairs*, and even N perfect "
            "ones cost log N. Each row is a question by itself, with a probability of 1 to give away.",
            _whole_table,
        ),
        Mistake(
            "no normalisation",
            "The vectors keep their lengths. Then the loss can be made small by growing long instead of by turning "
            "the right way, and a long vector wins every comparison. Cosines compare directions.",
            _no_normalisation,
        ),
        Mistake(
            "normalised over the batch",
            "Each *column* was brought to length 1: what an embedding is worth now depends on who else is in the "
            "batch. A cosine needs each vector, a row, at length 1.",
            _normalised_over_the_batch,
        ),
        Mistake(
            "multiplied by the temperature",
            "The cosines are divided by the scale. It is 1 over the temperature, so they are to be multiplied: "
            "cosines lie within -1 and 1, and without a factor the softmax could never be sure of anything.",
            _divided_by_the_scale,
        ),
        Mistake(
            "the log taken for the scale",
            "The logarithm itself was used as the scale. It is learnt as a logarithm so that the scale is always "
            "positive and steps are relative; before use it is to be turned back.",
            _log_as_scale,
        ),
        Mistake(
            "added, not averaged",
            "Twice too large: both ways were added. Pairs that cannot be told apart should cost log N, which is what "
            "a guess among N costs.",
            _added,
        ),
        Mistake(
            "the first is everybody's partner",
            "Every row is taught to choose the first column. Row i of one side belongs to row i of the other: in the "
            "table the pairs stand on the diagonal.",
            _first_is_partner,
        ),
        Mistake(
            "the partner is not in the sum",
            "The sum below runs over the wrong answers alone. Then it is no probability: with good pairs the loss "
            "falls below 0 without end. The right answer is one of the N to choose from.",
            _partner_not_in_the_sum,
        ),
        Mistake(
            "no limit",
            "Right, up to a scale of 100. Beyond it tiny differences of cosines decide everything, and training "
            "becomes unstable: that is why the scale is limited.",
            _no_limit,
        ),
        Mistake(
            "a number without a way back",
            "The value is right, but it is cut off from what it was computed from: no encoder would learn of it. "
            "`.item()`, `float()`, `.detach()` and numpy end the path of the gradient.",
            _plain_number,
        ),
    ),
    reference=my_info_nce,
    reading=(
        "show_source(mmteach.train.info_nce)",
        "Radford and others 2021 (CLIP), ICML, figure 3.",
        "van den Oord, Li, Vinyals 2018. Representation learning with contrastive predictive coding.",
    ),
)
