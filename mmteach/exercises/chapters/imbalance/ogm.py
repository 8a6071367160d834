"""Slow down the modality that is ahead."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_ogm(logits: dict[str, torch.Tensor], y: torch.Tensor, alpha: float) -> dict[str, float]:
    """{m: (B, C)} each modality's own logits, (B,) classes -> {m: factor of its encoder's gradient}."""
    score = {m: z.softmax(dim=1)[torch.arange(len(y)), y].mean().item() for m, z in logits.items()}
    factors = {}
    for m in score:
        others = [score[other] for other in score if other != m]
        rho = score[m] / (sum(others) / len(others))
        factors[m] = 1 - math.tanh(alpha * rho) if rho > 1 else 1.0
    return factors


def _scores(logits: dict[str, Tensor], y: Tensor) -> dict[str, float]:
    return {m: float(z.softmax(1).gather(1, y[:, None]).mean()) for m, z in logits.items()}


def _ratios(score: dict[str, float]) -> dict[str, float]:
    """Each score divided by the mean of the others."""
    total, n = sum(score.values()), len(score) - 1
    return {m: s * n / (total - s) for m, s in score.items()}


def _factors(ratios: dict[str, float], alpha: float) -> dict[str, float]:
    return {m: 1 - math.tanh(alpha * rho) if rho > 1 + 1e-9 else 1.0 for m, rho in ratios.items()}


def _upside_down(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    return _factors({m: 1 / rho for m, rho in _ratios(_scores(logits, y)).items()}, alpha)


def _who_is_behind(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    ratios = _ratios(_scores(logits, y))
    return {m: 1 - math.tanh(alpha * rho) if rho < 1 - 1e-9 else 1.0 for m, rho in ratios.items()}


def _everybody(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    return {m: 1 - math.tanh(alpha * rho) for m, rho in _ratios(_scores(logits, y)).items()}


def _tanh_alone(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    ratios = _ratios(_scores(logits, y))
    return {m: math.tanh(alpha * rho) if rho > 1 + 1e-9 else 1.0 for m, rho in ratios.items()}


def _alpha_outside(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    ratios = _ratios(_scores(logits, y))
    return {m: 1 - alpha * math.tanh(rho) if rho > 1 + 1e-9 else 1.0 for m, rho in ratios.items()}


def _itself_among_the_others(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    score = _scores(logits, y)
    mean = sum(score.values()) / len(score)
    return _factors({m: s / mean for m, s in score.items()}, alpha)


def _largest_probability(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    return _factors(_ratios({m: float(z.softmax(1).amax(1).mean()) for m, z in logits.items()}), alpha)


def _right_answers(logits: dict[str, Tensor], y: Tensor, alpha: float) -> dict[str, float]:
    return _factors(_ratios({m: float((z.argmax(1) == y).float().mean()) for m, z in logits.items()}), alpha)


def _given(alpha: float, **p: list[float]) -> tuple[dict[str, Tensor], Tensor, float]:
    """Two classes, of which 0 is true: each modality's probabilities of it."""
    rows = {m: torch.tensor(shares) for m, shares in p.items()}
    first = next(iter(rows.values()))
    return (
        {m: torch.stack([r, 1 - r], 1).log() for m, r in rows.items()},
        torch.zeros(len(first), dtype=torch.long),
        alpha,
    )


def _drawn(rng: np.random.Generator, n: int, n_classes: int, alpha: float, /, **ahead: float) -> tuple:
    """Draw logits; how far each modality is ahead is added to its true class. The first sample is easy for all."""
    y = torch.from_numpy(rng.integers(0, n_classes, n))
    logits = {m: torch.from_numpy(rng.normal(size=(n, n_classes)).astype(np.float32)) for m in ahead}
    for m, z in logits.items():
        z[torch.arange(n), y] += ahead[m]
        z[0, y[0]] += 6
    return logits, y, alpha


OGM = Exercise(
    id="imbalance.ogm",
    title="Slow down who is ahead",
    minutes=20,
    task="""The modality that learns faster makes the joint loss small, and the slower one is never asked for
anything. OGM lets the encoder that is ahead take smaller steps. Write `my_ogm(logits, y, alpha)`: `logits[m]`, `(B,
C)`, is what modality m says by itself; `y`, `(B,)`, are the true classes. Return for each modality the factor by
which its encoder's gradient is multiplied:

- its score $s_m$ is the mean probability that it gives the true class;
- $\\rho_m$ is $s_m$ divided by the mean score of the *other* modalities, two or more in all;
- the factor is $k_m = 1 - \\tanh(\\alpha \\rho_m)$ where $\\rho_m > 1$, and 1 elsewhere.

With scores of 0.6 and 0.4 and $\\alpha = 0.8$ the one ahead has $\\rho = 1.5$ and $k = 0.1663$, the other keeps 1.""",
    starter='''def my_ogm(logits, y, alpha):
    """{m: (B, C)} each modality's own logits, (B,) classes -> {m: factor of its encoder's gradient}."""
    score = {m: ... for m in logits}
    factors = {}
    for m in score:
        others = [score[other] for other in score if other != m]
        factors[m] = ...
    return factors
''',
    hints=(
        "Do it on paper for scores of 0.6 and 0.4. Who is to be slowed down, and who is to stay as he is?",
        "`z.softmax(dim=1)[torch.arange(len(y)), y]` is each sample's probability of its true class; "
        "`.mean().item()` makes one number of it.",
        "`rho = score[m] / (sum(others) / len(others))`, then `a if rho > 1 else b`. `math.tanh` is the hyperbolic "
        "tangent.",
    ),
    checks=(
        Check(
            "Who is ahead gets 1 - tanh(alpha rho), the other one 1.",
            lambda rng: [
                _given(0.8, audio=[0.9, 0.3, 0.8, 0.4], text=[0.6, 0.2, 0.45, 0.35]),
                _drawn(rng, 5, 3, 0.3, face=0.0, voice=3.0),
                _drawn(rng, 4, 2, 0.5, face=2.5, voice=0.0),
            ],
            points=2,
        ),
        Check(
            "With three modalities each is compared with the mean of the others.",
            lambda rng: [
                _drawn(rng, 6, 4, 0.2, audio=3.0, image=0.5, text=-1.0),
                _drawn(rng, 5, 3, 0.4, audio=-1.0, image=3.0, text=3.0),
            ],
            points=2,
        ),
        Check(
            "Where nobody is ahead, nobody is slowed down.",
            lambda rng: [_given(0.8, a=[0.75, 0.5], b=[0.75, 0.5]), _given(0.5, a=[0.75], b=[0.75], c=[0.75])],
        ),
        Check(
            "It holds for four modalities.",
            lambda rng: [_drawn(rng, 30, 7, 0.6, a=1.0, b=4.0, c=0.0, d=2.0), _drawn(rng, 9, 2, 1.5, a=0.0, b=0.4)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "rho upside down",
            "The weaker modality is slowed down: the mean of the others is divided by its own score, and that is "
            "large for who is behind. It would fall behind still further. rho is above 1 for the one that is ahead.",
            _upside_down,
        ),
        Mistake(
            "who is behind is slowed down",
            "rho is right, but it is the weaker side, with rho below 1, whose gradient is scaled. The strong one has "
            "had its turn: it is the one to take smaller steps.",
            _who_is_behind,
        ),
        Mistake(
            "everybody is slowed down",
            "All modalities get a smaller factor. Then only the learning rate has become smaller: who is not ahead "
            "keeps the gradient as it is, 1.",
            _everybody,
        ),
        Mistake(
            "tanh without 1 -",
            "The further a modality is ahead, the larger its factor is here, and with it its steps. tanh says how "
            "much to take away from 1.",
            _tanh_alone,
        ),
        Mistake(
            "alpha outside the tanh",
            "alpha is multiplied with the tanh instead of with rho. It says how sensitive the brake is to being "
            "ahead, and belongs inside; outside it only limits how far it can brake.",
            _alpha_outside,
        ),
        Mistake(
            "itself among the others",
            "Compared with the mean of *all* modalities, its own score included: somebody far ahead pulls that mean "
            "up, and looks less far ahead than he is. Leave the modality itself out.",
            _itself_among_the_others,
        ),
        Mistake(
            "the largest probability",
            "The score is how sure a modality is, right or wrong: one that is always very sure and always wrong "
            "would be called ahead. Ask for the probability of the true class.",
            _largest_probability,
        ),
        Mistake(
            "counted right answers",
            "The score is the share of right answers. That jumps, since a batch has few samples, and may be 0, by "
            "which nothing can be divided; asked is the mean probability of the true class.",
            _right_answers,
        ),
    ),
    reference=my_ogm,
    reading=("mmteach.train.balance.modulation", "Peng, Wei, Deng, Wang, Hu 2022, CVPR, equations 8 to 10."),
)
