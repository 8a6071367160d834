"""A network that has learnt voices of one kind meets another with few labels: freeze, slow down, or leave it alone?

The voices of one language teach a network their mood. Then some clips of the other language are given to it, and it is
tested on voices of that language which it has never heard. The rivals are a network that starts afresh, and one that
learns nothing more.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from mmteach.batch import take
from mmteach.cases.studies.transfer_parts import Parts, choose_labelled, divide
from mmteach.cases.studies.vectors import Vectors
from mmteach.datasets import Fold, split
from mmteach.errors import DataError
from mmteach.models import ModelSpec, MultimodalModel, build_model
from mmteach.train import Recipe, fit, freeze, logits_of, seed_everything, slow_down
from mmteach.types import Batch

SCRATCH, FROZEN, SLOW, ALIKE, AS_IT_IS = (
    "from scratch", "frozen body, head learns", "slow body (a tenth)", "all at one rate", "nothing more is learnt",
)  # fmt: skip
WAYS = (SCRATCH, FROZEN, SLOW, ALIKE, AS_IT_IS)
BODY = ("encoders", "fusion")  # all but the head
ENCODER = {"name": "mlp", "hidden": 64, "dim": 32}
FIRST, THEN = Recipe(20, schedule="cosine", unimodal=0.0), Recipe(15, 16, schedule="cosine", unimodal=0.0)


def between(v: Vectors, column: str, source: str, seed: int) -> tuple[Parts, Parts]:
    """Divide by what a column says: the parts of the source, and those of the rest.

    Both are scaled by the training part of the source, as whoever was handed the network would have to.
    """
    kinds = np.array([row.meta.get(column) for row in v.dataset.rows])
    of_source, rest = np.flatnonzero(kinds == source), np.flatnonzero(kinds != source)
    if not len(of_source) or not len(rest):
        raise DataError(f"'{v.dataset.name}' has {len(of_source)} samples of {source!r} and {len(rest)} others")
    inner = [split(v.dataset.subset(rows.tolist()), 0.2, 0.4, seed) for rows in (of_source, rest)]
    folds = [Fold(f.name, *(rows[part] for part in f[1:])) for f, rows in zip(inner, (of_source, rest), strict=True)]
    first = divide(v, folds[0], None, seed)
    together = Fold("both", folds[0].train, np.concatenate([folds[1].train, folds[1].val]), folds[1].test)
    scaled = divide(v, together, None, seed)
    n = len(folds[1].train)
    rows = torch.arange(len(together.val))
    train, val = take(scaled.val, rows[:n]), take(scaled.val, rows[n:])
    return first, Parts(train, val, scaled.test, choose_labelled(train, len(v.classes), None, seed))


def prepare(model: MultimodalModel, way: str) -> MultimodalModel:
    """Return a copy of a trained model that is about to learn on, in one of the ways."""
    model = copy.deepcopy(model)
    if way == FROZEN:
        freeze(model, *BODY)
    if way == SLOW:
        slow_down(model, dict.fromkeys(BODY, 0.1))
    return model


def run(
    v: Vectors, seeds: Sequence[int], n_labelled: int = 30, column: str = "language", source: str = "en"
) -> Iterator[dict[str, list[float]]]:
    """Train seed by seed, and yield the accuracies of each way on people never heard, as far as they are known."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    shapes = {m: x.shape[1:] for m, x in v.x.items()}
    for seed in seeds:
        first, then = between(v, column, source, seed)
        seed_everything(seed)
        fresh = build_model(ModelSpec(shapes, len(v.classes), dict.fromkeys(shapes, ENCODER)))
        trained = copy.deepcopy(fresh)
        fit(trained, first.train, first.val, FIRST)
        labelled = choose_labelled(then.train, len(v.classes), n_labelled, seed)
        few = take(then.train, labelled.nonzero()[:, 0])
        for way in WAYS:
            model = prepare(fresh if way == SCRATCH else trained, way)
            if way != AS_IT_IS:
                fit(model, few, None, THEN)  # with so few labels none can be spared for validation
            found[way].append(accuracy_of(model, then.test))
        yield found


def accuracy_of(model: MultimodalModel, test: Batch) -> float:
    """Share of a part that a model gets right."""
    assert test.y is not None
    return float((logits_of(model, test).argmax(dim=1) == test.y).float().mean())
