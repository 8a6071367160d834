"""Knowledge from one modality for another: does a teacher that sees the face help a student that hears only the voice?

The teacher is trained on its own modality of the training part. Then the same student is trained five times from the
same first weights: on labels alone; on the teacher's soft targets; and on three kinds of soft targets that know less
than the teacher does. The student alone is tested, on people whom neither has met.

Read this file from top to bottom: setting, teacher, targets, student, run, evaluate.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmteach.batch import take
from mmteach.cases.studies.transfer_parts import Parts, divide
from mmteach.cases.studies.transfer_report import HARD, MEANS, SHUFFLED, SMOOTHED, TEACHER, TransferReport, make_rows
from mmteach.cases.studies.vectors import Vectors, vectors
from mmteach.datasets import Dataset, folds
from mmteach.errors import DataError, ParameterError
from mmteach.models import ModelSpec, MultimodalModel, build_model
from mmteach.train import (
    Recipe,
    class_means,
    distil,
    entropy,
    fit,
    logits_of,
    seed_everything,
    share_of_entropy,
    shuffled_within_class,
    smoothed_labels,
    soft_targets,
)
from mmteach.types import Batch, Modality

N_SEEDS, N_FOLDS = 5, 5
BATCH_SIZE, N_STEPS = 32, 200  # half as many as for the voices of cases.sentiment: many are to be trained
BIG = {"name": "mlp", "hidden": 128, "dim": 64, "dropout": 0.5}  # every teacher; and a student of another modality
SMALL = {"name": "mlp", "hidden": 8, "dim": 8, "dropout": 0.0}  # a student that sees what its teacher sees


class Setting(NamedTuple):
    """What is asked.

    teacher : modalities that the teacher sees; several are fused.
    student : the modality that the student has, in training and in use.
    n_labelled : training samples whose label may be used, by teacher and student; None for all. The others have every
        modality, and no label.
    n_steps : of every training, about.
    """

    teacher: tuple[Modality, ...]
    student: Modality
    temperature: float = 4.0
    weight: float = 0.5
    n_labelled: int | None = None
    n_steps: int = N_STEPS


def usual(dataset: Dataset, teacher: Sequence[Modality] = (), student: Modality | None = None) -> Setting:
    """Let a voice learn from a face, or from words where there is none; or as asked.

    Raises
    ------
    DataError : the set has no such modality.
    """
    has = dataset.modalities
    chosen = student or ("audio" if "audio" in has else has[0])
    teachers = tuple(teacher) or tuple(m for m in ("face", "text", *has) if m in has and m != chosen)[:1]
    absent = sorted({*teachers, chosen} - set(has))
    if absent or not teachers:
        raise DataError(
            f"'{dataset.name}' has {', '.join(has)}{f' and no {absent[0]!r}' if absent else ' alone'}: "
            "choose teacher and student among its modalities, or take a set with two"
        )
    return Setting(tuple(dict.fromkeys(teachers)), chosen)


def network(parts: Parts, setting: Setting, role: str, n_classes: int, seed: int) -> tuple[MultimodalModel, Recipe]:
    """Make the "teacher" or the "student", and its recipe; a seed always gives the same first weights."""
    modalities = setting.teacher if role == "teacher" else (setting.student,)
    encoder = SMALL if role == "student" and setting.teacher == (setting.student,) else BIG
    seed_everything(seed)
    shapes = {m: tuple(parts.train.x[m].shape[1:]) for m in modalities}
    model = build_model(ModelSpec(shapes, n_classes, dict.fromkeys(modalities, encoder)))
    epochs = epochs_for(int(parts.labelled.sum()), setting.n_steps)
    unimodal = 0.5 if len(modalities) > 1 else 0.0
    return model, Recipe(epochs, BATCH_SIZE, schedule="cosine", weight_decay=0.5, unimodal=unimodal, seed=seed)


def epochs_for(n: int, n_steps: int) -> int:
    """Epochs over n samples that make about so many steps."""
    return max(2, round(n_steps / max(1, n / BATCH_SIZE)))


def train_teacher(parts: Parts, setting: Setting, n_classes: int, seed: int) -> MultimodalModel:
    """Train the teacher on its own modalities, and on the labels that may be used."""
    model, recipe = network(parts, setting, "teacher", n_classes, seed)
    fit(model, take(parts.train, parts.labelled.nonzero()[:, 0]), parts.val, recipe)
    return model


def targets_for(name: str, logits: Tensor, parts: Parts, temperature: float, seed: int) -> Tensor:
    """Soft targets (N, C) of the training part, by one of the ways of teaching.

    All have the same entropy as the teacher's, but class means, which have somewhat more. Who has no label is of the
    class that the teacher thinks likeliest.
    """
    assert parts.train.y is not None
    soft = soft_targets(logits, temperature)
    y = torch.where(parts.labelled, parts.train.y, logits.argmax(dim=1))
    if name == SMOOTHED:
        return smoothed_labels(y, soft.shape[1], share_of_entropy(entropy(soft), soft.shape[1]))
    if name == MEANS:
        return class_means(soft, y)
    return shuffled_within_class(soft, y, torch.Generator().manual_seed(seed)) if name == SHUFFLED else soft


def teach(name: str, logits: Tensor, parts: Parts, setting: Setting, seed: int) -> MultimodalModel:
    """Train the student in one of the ways; all start from the same weights and take about the same steps."""
    model, recipe = network(parts, setting, "student", logits.shape[1], seed)
    if name == HARD:
        fit(model, take(parts.train, parts.labelled.nonzero()[:, 0]), parts.val, recipe)
        return model
    targets = targets_for(name, logits, parts, setting.temperature, seed)
    recipe = replace(recipe, epochs=epochs_for(len(parts.train.ids), setting.n_steps))
    distil(model, parts.train, parts.val, targets, recipe, setting.temperature, setting.weight, parts.labelled)
    return model


@dataclass
class Results:
    """What was found so far.

    right : {way of teaching: one (n,) bool a seed, which test samples were right}; "teacher itself" among them.
    tested : for each seed the positions (n,) that these belong to.
    soft : of the first fold, the teacher's logits (N, C) and the classes (N,) of the training part.
    """

    right: dict[str, list[np.ndarray]] = field(default_factory=dict)
    tested: list[np.ndarray] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    soft: tuple[Tensor, Tensor] | None = None
    n_train: int = 0


ITSELF = "teacher itself"
WAYS = (HARD, SMOOTHED, MEANS, SHUFFLED, TEACHER)


def run(
    v: Vectors, setting: Setting, seeds: Sequence[int], ways: Sequence[str] = WAYS, n_folds: int | None = None
) -> Iterator[Results]:
    """Train teacher and students seed by seed, and yield what is known after every seed.

    Parameters
    ----------
    n_folds : how many of the N_FOLDS folds of a seed are tested, by default all; a first answer takes one.
    """
    results, n_classes = Results(), len(v.classes)
    for seed in seeds:
        found: dict[str, list[np.ndarray]] = {name: [] for name in (ITSELF, *ways)}
        chosen = folds(v.dataset, N_FOLDS, 0.2, seed)[:n_folds]
        for fold in chosen:
            parts = divide(v, fold, setting.n_labelled, seed)
            start, logits = time.perf_counter(), torch.empty(0)
            for name in found:
                if name == ITSELF:
                    model = train_teacher(parts, setting, n_classes, seed)
                    logits = logits_of(model, parts.train)
                else:
                    model = teach(name, logits, parts, setting, seed)
                found[name].append(right_of(model, parts.test))
                now = time.perf_counter()
                results.seconds[name], start = results.seconds.get(name, 0.0) + now - start, now
            if results.soft is None:
                assert parts.train.y is not None
                results.soft, results.n_train = (logits, parts.train.y), len(parts.train.ids)
        results.tested.append(np.concatenate([fold.test for fold in chosen]))
        for name, right in found.items():
            results.right.setdefault(name, []).append(np.concatenate(right))
        yield results


def right_of(model: MultimodalModel, test: Batch) -> np.ndarray:
    """Which test samples a model gets right, (n,) bool."""
    assert test.y is not None
    return (logits_of(model, test).argmax(dim=1) == test.y).numpy()


def evaluate(
    dataset: Dataset, setting: Setting | None = None, n_seeds: int = N_SEEDS, progress: bool = False
) -> TransferReport:
    """Compare a student with and without a teacher, and with soft targets that know less, over several seeds.

    A seed decides the folds and the weights at the start; every sample is tested once with every seed.
    """
    from tqdm.auto import tqdm

    if n_seeds < 2:
        raise ParameterError(f"{n_seeds} seed gives no interval: ask for 2 or more")
    asked, start, results = setting or usual(dataset), time.perf_counter(), Results()
    v = vectors(dataset)
    for results in tqdm(run(v, asked, range(n_seeds)), total=n_seeds, unit="seed", disable=not progress, leave=False):  # noqa: B007
        pass  # it grows; the last state is the whole
    groups = np.array([row.group or row.id for row in v.dataset.rows])
    of = (
        "all training samples labelled" if asked.n_labelled is None else f"{asked.n_labelled} training samples labelled"
    )
    note = (
        f"{dataset.note}{'; ' if dataset.note else ''}{N_FOLDS} folds by group with every seed, {of}; "
        f"T {asked.temperature:g}, weight {asked.weight:g}; settings chosen beforehand, not on these tests"
    )
    rows = make_rows(results.right, results.tested, groups, v.y, results.seconds, "+".join(asked.teacher))
    return TransferReport(
        "transfer", dataset.name, "classify", f"{'+'.join(asked.teacher)} teaches {asked.student}", note,
        results.n_train, len(v.ids), rows, time.perf_counter() - start, 0,
        asked.teacher, asked.student, asked.temperature, asked.weight, asked.n_labelled, n_seeds, len(set(groups)),
    )  # fmt: skip
