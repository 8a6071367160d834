"""When do two tasks help each other, and when do they hurt?

A set is asked two things at once. One body with two heads learns both, beside two models of the same body that learn
one each, from the same samples and in as many steps. Three more settings ask what it hangs on: a run three times as
long, a body so narrow that the tasks must compete for it, and a second task of which few samples are labelled.

Read this file from top to bottom: settings, one model, all models of a setting, evaluate. What is tested on what stands
in multitask_tables.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch

from mmteach.batch import take
from mmteach.cases.studies.imbalance import recalls
from mmteach.cases.studies.multitask_report import ALONE, MultitaskReport, cosine_rows, gain_rows, majority_rows
from mmteach.cases.studies.multitask_tables import Parts, Tables, divide, tables
from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.models import ModelSpec
from mmteach.models.multitask import MultitaskModel, build_multitask
from mmteach.train import Recipe, seed_everything
from mmteach.train.multitask import UNKNOWN
from mmteach.train.multitask_loop import TaskHistory, Weighing, fit_tasks

N_SEEDS = 5
BATCH_SIZE, N_STEPS = 64, 120  # of every model
HIDDEN, EMBEDDING = 32, 16  # of each modality's encoder


class Setting(NamedTuple):
    """Where two tasks meet.

    width : F of the shared embedding, which both heads look at.
    labelled : share of the training samples that have a label of the second task.
    longer : it is trained for so many times N_STEPS.
    """

    width: int = 32
    labelled: float = 1.0
    longer: int = 1


SETTINGS = {
    "usual": Setting(),
    "three times as long": Setting(longer=3),
    "narrow body": Setting(width=4),
    "few labels": Setting(labelled=0.15),
}
EQUAL = "equal weights"
WEIGHINGS = {EQUAL: Weighing("fixed"), "uncertainty": Weighing("uncertainty"), "PCGrad": Weighing("pcgrad")}


class Learnt(NamedTuple):
    """What one model came to. scores : {task: balanced accuracy on its test part}."""

    scores: dict[str, float]
    history: TaskHistory


def learn(t: Tables, parts: Parts, setting: Setting, how: Weighing, seed: int) -> Learnt:
    """Train one body with a head for each task of `parts.y`, and judge each on its own test part."""
    shapes = {m: tuple(values.shape[1:]) for m, values in t.x.items()}
    encoders = {m: {"name": "mlp", "hidden": HIDDEN, "dim": EMBEDDING} for m in shapes}
    seed_everything(seed)
    spec = ModelSpec(shapes, 2, encoders, {"name": "concat", "dim": setting.width})
    model = build_multitask(spec, {task: parts.n_classes[task] for task in parts.y})
    steps_an_epoch = max(1, round(len(parts.train.ids) / BATCH_SIZE))
    epochs = max(1, round(setting.longer * N_STEPS / steps_an_epoch))
    recipe = Recipe(epochs=epochs, batch_size=BATCH_SIZE, schedule="cosine", weight_decay=0.05, seed=seed)
    history = fit_tasks(model, parts.train, parts.y, how, recipe)
    return Learnt({task: judge(model, task, parts) for task in parts.y}, history)


@torch.inference_mode()
def judge(model: MultitaskModel, task: str, parts: Parts) -> float:
    """Balanced accuracy: mean recall over the classes that are tested; guessing gives 1/C."""
    batch, y = parts.tests[task]
    return float(np.nanmean(recalls(model(batch)[task], y)))


def learn_alone(t: Tables, parts: Parts, setting: Setting, task: str, seed: int) -> Learnt:
    """Train the same body for one task, on the samples that are labelled for it."""
    rows = (parts.y[task] != UNKNOWN).nonzero()[:, 0]
    own = parts._replace(train=take(parts.train, rows), y={task: parts.y[task][rows]})
    return learn(t, own, setting, Weighing(), seed)


@dataclass
class Found:
    """What was found so far in one setting.

    Attributes
    ----------
    scores : {task: {name of the model: balanced accuracy, one a seed}}.
    histories : {name of the model: one a seed}, of models with several tasks.
    """

    tasks: tuple[str, ...]
    scores: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    histories: dict[str, list[TaskHistory]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, learnt: Learnt, seconds: float) -> None:
        """Note what one model came to."""
        for task, score in learnt.scores.items():
            self.scores.setdefault(task, {}).setdefault(name, []).append(score)
        if name != ALONE:
            self.histories.setdefault(name, []).append(learnt.history)
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds


def run(t: Tables, setting: Setting, seeds: Sequence[int]) -> Iterator[Found]:
    """Train each task alone and all weighings, with every seed, and yield what is known after each model.

    A seed decides which groups are tested, which labels are kept, and the weights at the start.
    """
    found = Found(tuple(t.y))
    for seed in seeds:
        parts = divide(t, setting.labelled, seed)
        for task in t.y:
            start = time.perf_counter()
            found.add(ALONE, learn_alone(t, parts, setting, task, seed), time.perf_counter() - start)
            yield found
        for name, how in WEIGHINGS.items():
            start = time.perf_counter()
            found.add(name, learn(t, parts, setting, how, seed), time.perf_counter() - start)
            yield found


def evaluate(dataset: Dataset, n_seeds: int = N_SEEDS, progress: bool = False) -> MultitaskReport:
    """Compare every weighing with the tasks alone, in every setting, over several seeds."""
    from tqdm.auto import tqdm

    if n_seeds < 3:
        raise ParameterError(f"{n_seeds} seeds tell little of how runs differ: ask for 3 or more")
    start, t = time.perf_counter(), tables(dataset)
    parts = divide(t, 1.0, 0)
    rows, cosines = majority_rows(parts.n_classes), {}
    with tqdm(total=len(SETTINGS) * n_seeds * (len(t.y) + len(WEIGHINGS)), disable=not progress, leave=False) as bar:
        for name, setting in SETTINGS.items():
            found = Found(tuple(t.y))
            for found in run(t, setting, range(n_seeds)):  # noqa: B007 - it grows; the last state is the whole
                bar.update()
            rows += gain_rows(name, found.scores, found.seconds, EQUAL)
            cosines[name] = cosine_rows({how: [h.cosines for h in made] for how, made in found.histories.items()})
    note = f"{dataset.note}{'; ' if dataset.note else ''}{tested_on(t, parts)}; intervals over {n_seeds} seeds"
    return MultitaskReport(
        "multitask", dataset.name, " + ".join(t.y), "quarter of the groups held out", note, len(parts.train.ids),
        max(len(part.ids) for part, _ in parts.tests.values()), rows, time.perf_counter() - start, 0,
        n_seeds, {task: len(part.ids) for task, (part, _) in parts.tests.items()}, cosines,
    )  # fmt: skip


def tested_on(t: Tables, parts: Parts) -> str:
    """Say for each task on whom it is tested."""
    groups, said = len(set(t.dataset.groups.astype(str))), []
    for task, (part, _) in parts.tests.items():
        whom = "other samples of groups that are in training" if task in t.by_sample else "groups never met in training"
        said.append(f"{task} is tested on {len(part.ids)} samples, {whom}")
    return f"{groups} groups; {'; '.join(said)}"
