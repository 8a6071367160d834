"""Mix the samples of a batch with each other: all modalities and the label in the same proportion."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.chapters.augment import mixup_watch as watch
from mmteach.exercises.definition import Check, Exercise, Mistake


def my_mixup(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    """{m: (B, ...)} modalities, (B, C) one-hot labels -> both, mixed in one proportion with one order of partners."""
    share = rng.beta(alpha, alpha)
    partner = rng.permutation(len(y))
    mixed = {m: share * values + (1 - share) * values[partner] for m, values in x.items()}
    return mixed, share * y + (1 - share) * y[partner]


def _between(values: np.ndarray, share: Any, partner: np.ndarray) -> np.ndarray:
    return share * values + (1 - share) * values[partner]


def _label_not_mixed(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    share, partner = rng.beta(alpha, alpha), rng.permutation(len(y))
    return {m: _between(v, share, partner) for m, v in x.items()}, y


def _share_for_each_modality(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    partner = rng.permutation(len(y))
    mixed = {m: _between(v, rng.beta(alpha, alpha), partner) for m, v in x.items()}
    return mixed, _between(y, rng.beta(alpha, alpha), partner)


def _order_for_each_modality(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    share = rng.beta(alpha, alpha)
    mixed = {m: _between(v, share, rng.permutation(len(y))) for m, v in x.items()}
    return mixed, _between(y, share, rng.permutation(len(y)))


def _order_for_the_label(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    share, partner = rng.beta(alpha, alpha), rng.permutation(len(y))
    return {m: _between(v, share, partner) for m, v in x.items()}, _between(y, share, rng.permutation(len(y)))


def _share_outside(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    share, partner = rng.normal(0, 3), rng.permutation(len(y))
    return {m: _between(v, share, partner) for m, v in x.items()}, _between(y, share, partner)


def _does_not_add_up(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    share, partner = rng.beta(alpha, alpha), rng.permutation(len(y))
    return {m: share * (v + v[partner]) for m, v in x.items()}, share * (y + y[partner])


def _evenly_drawn(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    share, partner = rng.random(), rng.permutation(len(y))
    return {m: _between(v, share, partner) for m, v in x.items()}, _between(y, share, partner)


def _always_half(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    partner = rng.permutation(len(y))
    return {m: _between(v, 0.5, partner) for m, v in x.items()}, _between(y, 0.5, partner)


def _own_dice(x: dict, y: np.ndarray, alpha: float, rng: np.random.Generator) -> tuple:
    return my_mixup(x, y, alpha, np.random.default_rng())


MIXUP = Exercise(
    id="augment.mixup",
    title="Between two samples",
    minutes=15,
    task=r"""Mixup trains on what lies between two samples. Write `my_mixup(x, y, alpha, rng)` for a batch of B samples
with several modalities: `x[m]`, `(B, ...)`, is modality m, `y`, `(B, C)`, the labels as one-hot rows. Draw *one* share
$\lambda \sim \mathrm{Beta}(\alpha, \alpha)$ (`rng.beta(a, b)`) and *one* random order of partners, a permutation of the
batch (`rng.permutation(n)`). Both hold for the whole batch, for every modality and for the label: sample i with
partner j becomes

$$x'^{(m)}_i = \lambda\, x^{(m)}_i + (1 - \lambda)\, x^{(m)}_j \qquad y'_i = \lambda\, y_i + (1 - \lambda)\, y_j$$

Return `(x', y')`, a new dict with the same modalities, and the soft labels. Who happens to be its own partner stays as
it is. `alpha` is more than 0; everything random comes from the numpy generator `rng`; the inputs stay as they are.""",
    starter='''def my_mixup(x, y, alpha, rng):
    """{m: (B, ...)} modalities, (B, C) one-hot labels -> both, mixed in one proportion with one order of partners."""
    share = ...
    partner = ...  # (B,)
    mixed = {m: ... for m, values in x.items()}
    return mixed, ...
''',
    hints=(
        "The share and the partners are drawn before anything is mixed, once each.",
        "`values[partner]` is the batch in the order of the partners, whatever the number of axes.",
        "The label is mixed by the same line as a modality: `share * y + (1 - share) * y[partner]`.",
    ),
    checks=(
        Check(
            "Every modality and the label are mixed in the same proportion, with the same partners.",
            lambda rng: [
                (*watch.batch(rng, 6, face=(9,), voice=(7,)), 1.0, 100),
                (*watch.batch(rng, 5, audio=(6, 2), image=(3, 4), text=(8,)), 2.0, 200),
                (*watch.batch(rng, 7, face=(12,)), 1.5, 300),
            ],
            observe=watch.told,
            points=3,
        ),
        Check(
            "The share follows Beta(alpha, alpha): the smaller alpha, the more it keeps to one of the two.",
            lambda rng: [(5, 0.1, 1), (5, 8.0, 2)],
            observe=watch.shares,
            points=2,
        ),
        Check(
            "A sample that is alone in its batch stays as it is.",
            lambda rng: [(*watch.batch(rng, 1, face=(4,), voice=(2, 3)), 0.5, 3)],
            observe=watch.whole,
        ),
        Check(
            "The same generator gives the same mixture, another one another.",
            lambda rng: [(*watch.batch(rng, 6, face=(4,), voice=(3,)), 1.0, 7)],
            observe=watch.repeated,
        ),
        Check(
            "It holds for pictures and for four modalities.",
            lambda rng: [
                (*watch.batch(rng, 8, a=(9,), b=(1, 4, 4), c=(5, 3), d=(10,)), 1.0, 900),
                (*watch.batch(rng, 4, image=(3, 5, 5)), 3.0, 950),
            ],
            observe=watch.told,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "the label is not mixed",
            "The inputs are mixtures and the labels are not: half of a smiling face and half of a sad one is called "
            "happy, and the model is punished for saying what it sees. The label is mixed like a modality.",
            _label_not_mixed,
        ),
        Mistake(
            "another share for each modality",
            "Each modality has a share of its own: the face is mostly Ann's, the voice mostly Bob's, and no label is "
            "right for both. Draw one share, before the modalities.",
            _share_for_each_modality,
        ),
        Mistake(
            "other partners for each modality",
            "The order is drawn anew for each modality: Ann's face is mixed with Bob's, and her voice with Carl's. "
            "Draw one order, before the modalities.",
            _order_for_each_modality,
        ),
        Mistake(
            "other partners for the label",
            "The modalities agree with each other, but the label is mixed with the label of somebody else.",
            _order_for_the_label,
        ),
        Mistake(
            "a share outside 0 to 1",
            "Some shares are below 0 or above 1: such a sample lies beyond the two, not between them, and has labels "
            "below zero. A Beta gives shares from 0 to 1.",
            _share_outside,
        ),
        Mistake(
            "shares that do not add up",
            "The two shares do not add up to 1: mixtures are fainter or louder than any sample, and their labels are "
            "no probabilities. The partner gets what is left, 1 minus the share.",
            _does_not_add_up,
        ),
        Mistake(
            "alpha is not used",
            "The mixing is right, but all shares are equally likely, whatever `alpha` is. It says how near mixtures "
            "stay to one of the two.",
            _evenly_drawn,
        ),
        Mistake(
            "always half and half",
            "Every mixture is half and half. The share is drawn: most mixtures should be mostly one of the two.",
            _always_half,
        ),
        Mistake(
            "dice of its own",
            "The mixing is right, but `rng` is not used: the same generator gives another mixture each time, and "
            "nobody can repeat the run.",
            _own_dice,
        ),
    ),
    reference=my_mixup,
    reading=("mmteach.train.mixup", "Zhang, Cisse, Dauphin, Lopez-Paz 2018, ICLR: mixup."),
)
