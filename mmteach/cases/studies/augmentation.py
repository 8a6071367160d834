"""What is augmentation worth? It depends on how few samples there are, and on whether the label survives.

The training part of a set is thinned to 3, 6, 12, ... samples of each class. On each size the same small network is
trained plainly, with views that keep the label, with mixup, and with views that break the label while it is
kept. The test part is never thinned, changed, or shared with anybody in training.

Read this file from top to bottom: the views, the parts, one run, evaluate.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import collate
from mmteach.cases.studies.augmentation_report import PLAIN, AugmentationReport, make_rows
from mmteach.cases.studies.vectors import Vectors, describe, vectors
from mmteach.datasets import Dataset, split
from mmteach.errors import DataError, ParameterError
from mmteach.features import Scale
from mmteach.models import ModelSpec, build_model
from mmteach.preprocess.augment import RandAugment
from mmteach.train import Recipe, fit, seed_everything
from mmteach.types import Batch, Features, Modality

N_SEEDS = 5
FIRST, MOST_SIZES = 3, 5  # 3, 6, 12, 24, 48 samples of a class, as far as they go
BATCH_SIZE, N_STEPS = 32, 100  # of every run, whatever the size
N_VIEWS = 4  # of each training sample; a step takes one of them or the original

# What leaves a face's expression, a voice's mood and a text's opinion as they are: small changes of what says nothing.
KEPT = {
    "image": RandAugment(("flip", "rotate", "brightness", "contrast", "erase"), n=2, magnitude=0.08),
    "audio": RandAugment(("noise", "room", "speed"), n=2, magnitude=0.08),
    "text": RandAugment(("drop", "swap"), n=1, magnitude=0.2),
}
# What makes a smile a frown, a low voice a high one, and of "not bad" "bad", while the label is left as it was.
BROKEN = {
    "image": RandAugment(("flip_mouth",), n=1, magnitude=1),
    "audio": RandAugment(("pitch",), n=1, magnitude=0.5),
    "text": RandAugment(("negation",), n=1, magnitude=1),
}


class Method(NamedTuple):
    """What differs from plain training: which views there are, and changes of the Recipe."""

    views: Mapping[Modality, RandAugment]
    recipe: Mapping[str, Any]


METHODS = {
    PLAIN: Method({}, {}),
    "augmented": Method(KEPT, {}),
    "mixup": Method({}, {"mixup": 0.4}),
    "label-breaking": Method(BROKEN, {}),
}


class Parts(NamedTuple):
    """One division, thinned. views[m] : (n, 1 + N_VIEWS, D), the original first; empty where nothing is changed."""

    train: Batch
    test: Batch
    views: dict[Modality, Tensor]


def usual(dataset: Dataset) -> Dataset:
    """Ask faces for their expression, which strangers share with those in training, and from the picture alone."""
    if "image" not in dataset.modalities:
        return dataset
    asked = dataset.relabel("expression") if any("expression" in row.meta for row in dataset.rows) else dataset
    rows = [replace(row, media={"image": row.media["image"]}) for row in asked.rows if "image" in row.media]
    return Dataset(rows, asked.name, note=asked.note)


class Views:
    """Vectors of changed copies of a set's samples, each computed when it is first asked for."""

    def __init__(self, v: Vectors) -> None:
        self.v = v
        self._known: dict[tuple[Modality, RandAugment, int], np.ndarray] = {}

    def of(self, m: Modality, augment: RandAugment, rows: Sequence[int]) -> np.ndarray:
        """Views of these rows, (n, N_VIEWS, D); always the same ones."""
        new = [i for i in rows if (m, augment, i) not in self._known]
        media = []
        for i in new:
            medium = self.v.dataset[i].media[m]
            media += [augment(medium, torch.Generator().manual_seed(1000 * i + k)) for k in range(N_VIEWS)]
        if new:
            for i, made in zip(new, np.split(describe(m, media), len(new)), strict=True):
                self._known[m, augment, i] = made
        return np.stack([self._known[m, augment, i] for i in rows])


def sizes_of(v: Vectors, seeds: Sequence[int]) -> list[int]:
    """3, 6, 12, ... samples of a class, as far as every training part goes.

    Raises
    ------
    DataError : not even the second size is there.
    """
    rarest = min(int((v.y[_train(v, seed)] == c).sum()) for seed in seeds for c in v.classes)
    sizes = [FIRST * 2**k for k in range(MOST_SIZES) if FIRST * 2**k <= rarest]
    if len(sizes) < 2:
        raise DataError(
            f"'{v.dataset.name}' leaves {rarest} training samples to its rarest class; a curve needs {2 * FIRST}: "
            "take a larger set, or another label"
        )
    return sizes


def _train(v: Vectors, seed: int) -> np.ndarray:
    return split(v.dataset, val=0.0, test=0.25, seed=seed).train


def divide(v: Vectors, views: Views, size: int, method: Method, seed: int) -> Parts:
    """Split by group, keep `size` training samples of each class, and scale by these.

    A larger size holds the smaller ones.
    """
    fold, rng = split(v.dataset, val=0.0, test=0.25, seed=seed), np.random.default_rng(seed)
    train = np.concatenate([rng.permutation(fold.train[v.y[fold.train] == c])[:size] for c in v.classes])
    x, changed = {}, {}
    for m, values in v.x.items():
        scale = Scale("train") if m != "text" else None  # a text's vector is mostly zeros, and of length 1
        if scale is not None:
            scale.fit(values[train])
        x[m] = _scaled(scale, values)
        if m in method.views:
            made = views.of(m, method.views[m], train.tolist())
            made = _scaled(scale, made.reshape(-1, made.shape[-1])).reshape(made.shape)
            changed[m] = torch.from_numpy(np.concatenate([x[m][train][:, None], made], axis=1))
    shapes = {m: values.shape[1:] for m, values in x.items()}

    def batch(part: np.ndarray) -> Batch:
        return collate([Features(v.ids[i], {m: x[m][i] for m in x}, v.y[i]) for i in part.tolist()], shapes, v.classes)

    return Parts(batch(train), batch(fold.test), changed)


def _scaled(scale: Scale | None, x: np.ndarray) -> np.ndarray:
    return x if scale is None else np.asarray(scale(x, [None] * len(x)))


def run_one(parts: Parts, n_classes: int, changes: Mapping[str, Any], seed: int) -> float:
    """Train the small network for a fixed number of steps; return its balanced accuracy on the test part."""
    n, modalities = len(parts.train.ids), sorted(parts.train.x)
    recipe = Recipe(**{
        "epochs": max(1, round(N_STEPS / max(1, -(-n // BATCH_SIZE)))), "batch_size": BATCH_SIZE, "schedule": "cosine",
        "weight_decay": 0.05, "unimodal": 0.5 if len(modalities) > 1 else 0.0, "seed": seed, **changes,
    })  # fmt: skip
    row = {name: i for i, name in enumerate(parts.train.ids)}

    def see(batch: Batch, generator: torch.Generator) -> Batch:
        """Take a view of each sample, or the original; each modality in its own way."""
        rows = torch.tensor([row[i] for i in batch.ids])
        which = {m: torch.randint(1 + N_VIEWS, (len(rows),), generator=generator) for m in sorted(parts.views)}
        return batch._replace(x={**batch.x, **{m: parts.views[m][rows, k] for m, k in which.items()}})

    shapes = {m: tuple(parts.train.x[m].shape[1:]) for m in modalities}
    encoders = {m: {"name": "mlp", "hidden": 64, "dim": 32} for m in modalities}
    seed_everything(seed)
    model = build_model(ModelSpec(shapes, n_classes, encoders, {"name": "concat", "dim": 64}))
    fit(model, parts.train, None, recipe, see if parts.views else None)
    with torch.inference_mode():
        found, y = model(parts.test).logits.argmax(dim=1), parts.test.y
    assert y is not None
    return float(np.mean([float((found[y == c] == c).float().mean()) for c in y.unique()]))


@dataclass
class Curves:
    """What was found so far: balanced accuracy by method, size and seed; seconds by method."""

    sizes: list[int]
    found: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    n_test: int = 0


def run(
    v: Vectors, sizes: Sequence[int], seeds: Sequence[int], names: Sequence[str] = tuple(METHODS)
) -> Iterator[Curves]:
    """Train by every method on every size with every seed, and yield what is known after each."""
    curves, views = Curves(list(sizes)), Views(v)
    for seed in seeds:
        for size in sizes:
            for name in names:
                start, method = time.perf_counter(), METHODS[name]
                parts = divide(v, views, size, method, seed)
                value = run_one(parts, len(v.classes), method.recipe, seed)
                curves.found.setdefault((name, size), []).append(value)
                curves.seconds[name] = curves.seconds.get(name, 0.0) + time.perf_counter() - start
                curves.n_test = len(parts.test.ids)
                yield curves


def evaluate(dataset: Dataset, n_seeds: int = N_SEEDS, progress: bool = False) -> AugmentationReport:
    """Compare all methods on all sizes, over several seeds.

    A seed decides the split by group, which samples stay in the thinned training part, and the weights at the start.
    """
    from tqdm.auto import tqdm

    if n_seeds < 2:
        raise ParameterError(f"{n_seeds} seed gives no interval: ask for 2 or more")
    start, v = time.perf_counter(), vectors(dataset)
    seeds = range(n_seeds)
    sizes = sizes_of(v, seeds)
    curves = Curves(sizes)
    steps = run(v, sizes, seeds)
    for curves in tqdm(steps, total=n_seeds * len(sizes) * len(METHODS), disable=not progress, leave=False):  # noqa: B007
        pass  # it grows; the last state is the whole
    note = (
        f"{dataset.note}{'; ' if dataset.note else ''}training part thinned to so many samples of each class, test "
        f"part left as it is; split by group; intervals over {n_seeds} seeds (split, thinning, weights)"
    )
    return AugmentationReport(
        "augmentation", dataset.name, "classify", "learning curve", note, sizes[-1] * len(v.classes), curves.n_test,
        make_rows(curves.found, curves.seconds, sizes, len(v.classes)), time.perf_counter() - start, 0, n_seeds,
        tuple(sizes), v.classes,
    )  # fmt: skip
