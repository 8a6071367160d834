"""Some classes are rare, one modality drowns the other, or is missing: what that does, and what helps.

The training part of a balanced set is thinned until its classes fall off like a long tail; validation and test stay as
they are. Every remedy then trains the same small network on the same samples, and is judged by the mean recall over
classes (balanced accuracy), beside plain cross-entropy.

Read vectors.py and imbalance_parts.py first, then this file from top to bottom: remedies, one run, evaluate, the leak,
missing modalities.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import take
from mmteach.cases.report import Row
from mmteach.cases.studies.imbalance_parts import Parts, divide
from mmteach.cases.studies.imbalance_report import ImbalanceReport, make_rows
from mmteach.cases.studies.vectors import Vectors, vectors
from mmteach.datasets import Dataset
from mmteach.errors import DataError, ParameterError
from mmteach.infer import interval_over_seeds
from mmteach.models import ModelSpec, build_model
from mmteach.train import Recipe, adjust_logits, fit, hide_modality, seed_everything, smote
from mmteach.types import Batch, Modality

RATIO, N_SEEDS = 50, 5
BATCH_SIZE, N_STEPS = 64, 120  # of every remedy, also of those that add samples


class Remedy(NamedTuple):
    """What differs from plain cross-entropy.

    recipe : changes of the Recipe.
    head : LDAM needs angles.
    afterwards : nothing is trained; the plain model's logits are adjusted.
    """

    recipe: Mapping[str, Any]
    head: str = "linear"
    afterwards: bool = False


PLAIN = "cross-entropy"
REMEDIES = {
    PLAIN: Remedy({}),
    "class weights": Remedy({"class_weights": "inverse"}),
    "effective number": Remedy({"class_weights": "effective"}),
    "balanced sampler": Remedy({"sampler": "balanced"}),
    "SMOTE": Remedy({"sampler": "smote"}),
    "focal loss": Remedy({"loss": "focal"}),
    "LDAM-DRW": Remedy({"loss": "ldam", "class_weights": "effective", "reweight_from": 0.8}, "cosine"),
    "logit adjustment": Remedy({"loss": "logit_adjusted"}),
    "adjusted afterwards": Remedy({}, afterwards=True),
}
MODALITY_REMEDIES: dict[str, Mapping[str, Any]] = {
    "plain": {},
    "modality dropout": {"drop_modality": 0.3},
    "OGM-GE": {"balance": "ogm_ge"},
    "gradient blending": {"balance": "blend"},
}


def usual(dataset: Dataset) -> Dataset:
    """Ask spoken reviews for the mood of the voice (most have none), and other sets for their label."""
    return dataset.relabel("voice_mood") if any("voice_mood" in row.meta for row in dataset.rows) else dataset


def logits_of(parts: Parts, changes: Mapping[str, Any], head: str, seed: int, tests: Sequence[Batch]) -> list[Tensor]:
    """Train the small network by a recipe with some changes; return its logits (B, C) of each test.

    All recipes have the same network and, about, the same number of steps; the epoch with the lowest validation loss
    is kept.
    """
    n_classes, modalities = len(parts.counts), sorted(parts.train.x)
    n_train = int(parts.counts.max()) * n_classes if changes.get("sampler") == "smote" else len(parts.train.ids)
    recipe = Recipe(**{
        "epochs": max(4, round(N_STEPS * BATCH_SIZE / n_train)), "batch_size": BATCH_SIZE, "schedule": "cosine",
        "weight_decay": 0.05, "unimodal": 0.5 if len(modalities) > 1 else 0.0, "seed": seed, **changes,
    })  # fmt: skip
    shapes = {m: tuple(parts.train.x[m].shape[1:]) for m in modalities}
    encoders = {m: {"name": "mlp", "hidden": 64, "dim": 32} for m in modalities}
    seed_everything(seed)
    model = build_model(ModelSpec(shapes, n_classes, encoders, {"name": "concat", "dim": 64}, {"name": head}))
    fit(model, parts.train, parts.val, recipe)
    with torch.inference_mode():
        return [model(test).logits for test in tests]


def recalls(logits: Tensor, y: Tensor) -> np.ndarray:
    """Share of each class that is found, (C,) float64; their mean is the balanced accuracy."""
    found = logits.argmax(dim=1) == y
    return np.array([float(found[y == c].float().mean()) for c in range(logits.shape[1])])


@dataclass
class Results:
    """What was found so far: recall of each class, (C,), by remedy and seed; and how many seconds a remedy took."""

    classes: tuple[str, ...]
    recall: dict[str, list[np.ndarray]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    counts: list[list[int]] = field(default_factory=list)
    n_test: int = 0


def run(v: Vectors, ratio: float, seeds: Sequence[int], names: Sequence[str] = tuple(REMEDIES)) -> Iterator[Results]:
    """Train every remedy with every seed, and yield what is known after each."""
    results = Results(v.classes)
    for seed in seeds:
        parts = divide(v, ratio, seed)
        results.counts.append(parts.counts.tolist())
        results.n_test = len(parts.test.ids)
        plain: Tensor | None = None
        for name in names:
            start, remedy = time.perf_counter(), REMEDIES[name]
            if plain is None or not remedy.afterwards:
                (logits,) = logits_of(parts, remedy.recipe, remedy.head, seed, [parts.test])
                plain = logits if name == PLAIN else plain
            else:
                logits = plain
            logits = adjust_logits(logits, parts.counts) if remedy.afterwards else logits
            assert parts.test.y is not None
            results.recall.setdefault(name, []).append(recalls(logits, parts.test.y))
            results.seconds[name] = results.seconds.get(name, 0.0) + time.perf_counter() - start
            yield results


def evaluate(dataset: Dataset, ratio: float = RATIO, n_seeds: int = N_SEEDS, progress: bool = False) -> ImbalanceReport:
    """Compare all remedies on a set, over several seeds.

    A seed decides the split by group, which samples stay in the thinned training part, and the weights at the start.
    """
    from tqdm.auto import tqdm

    if n_seeds < 2:
        raise ParameterError(f"{n_seeds} seed gives no interval: ask for 2 or more")
    start, v = time.perf_counter(), vectors(dataset)
    seeds, results = range(n_seeds), Results(v.classes)
    steps = run(v, ratio, seeds)
    for results in tqdm(steps, total=n_seeds * len(REMEDIES), disable=not progress, leave=False):  # noqa: B007
        pass  # it grows; the last state is the whole
    note = (
        f"{dataset.note}{'; ' if dataset.note else ''}training part thinned to a long tail, validation and test left "
        f"as they are; split by group; intervals over {n_seeds} seeds (split, thinning, weights)"
    )
    counts = {c: results.counts[0][i] for i, c in enumerate(v.classes)}
    return ImbalanceReport(
        "imbalance", dataset.name, "classify", f"long tail, ratio {ratio:g}", note, sum(counts.values()),
        results.n_test,
        make_rows(results.classes, results.recall, results.seconds, PLAIN), time.perf_counter() - start, 0,
        ratio, n_seeds, counts, leak(v, ratio, seeds),
    )  # fmt: skip


def leak(v: Vectors, ratio: float, seeds: Sequence[int]) -> list[Row]:
    """Resample before the split: what would be reported, and what the very same models do on people never met."""
    reported, real, start = [], [], time.perf_counter()
    for seed in seeds:
        parts = divide(v, ratio, seed)
        everything = smote(parts.train, seed=seed)
        order = torch.randperm(len(everything.ids), generator=torch.Generator().manual_seed(seed))
        fifth = len(order) // 5
        seen, held = take(everything, order[fifth:]), take(everything, order[:fifth])
        told, true = logits_of(parts._replace(train=seen), {}, "linear", seed, [held, parts.test])
        assert held.y is not None
        assert parts.test.y is not None
        reported.append(float(recalls(told, held.y).mean()))
        real.append(float(recalls(true, parts.test.y).mean()))
    seconds = time.perf_counter() - start
    named = {"leaky: SMOTE, then a random split": reported, "the same models, untouched test": real}
    return [
        Row(name, "balanced accuracy", float(np.mean(found)), interval_over_seeds(found), seconds, {"seeds": found})
        for name, found in named.items()
    ]


def without(
    v: Vectors, remedy: str, rates: Sequence[float], seed: int, missing_in_training: float = 0.0
) -> dict[Modality, list[np.ndarray]]:
    """Train on all classes as they are, then test with each modality missing from a share of the clips.

    Parameters
    ----------
    remedy : one of MODALITY_REMEDIES.
    rates : shares of the test samples that lose the modality.
    missing_in_training : share of the training samples that have lost the first modality for good.

    Returns
    -------
    For each modality the recalls (C,) at every rate. At every rate the same samples stay hidden as at the one before.
    """
    if len(v.x) < 2:
        raise DataError(f"'{v.dataset.name}' has one modality, and without it nothing is left: take a set with two")
    parts, modalities = divide(v, 1, seed), sorted(v.x)

    def hidden(batch: Batch, m: Modality, rate: float) -> Batch:
        return hide_modality(batch, m, rate, torch.Generator().manual_seed(seed))

    if missing_in_training:
        parts = parts._replace(train=hidden(parts.train, modalities[0], missing_in_training))
    tests = [hidden(parts.test, m, rate) for m in modalities for rate in rates]
    found = logits_of(parts, MODALITY_REMEDIES[remedy], "linear", seed, tests)
    y = parts.test.y
    assert y is not None
    return {m: [recalls(z, y) for z in found[i * len(rates) :][: len(rates)]] for i, m in enumerate(modalities)}
