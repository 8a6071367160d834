"""Face recognition from two modalities: who is it (identification), and are these two the same (verification)?

A photo alone already gives two views of a face, in the chapter's sense: its pixels, from which a network finds what
it needs, and facial features that people designed: edges (HOG), texture (LBP), and the directions in which faces
differ (eigenfaces). Where a set has landmarks, they are a third.

Read this file from top to bottom: branches, pipeline, plan, evaluate, train.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from mmteach.cases.classic import nearest_rows
from mmteach.cases.compare import by_class
from mmteach.cases.compare_pairs import by_pairs, threshold_on
from mmteach.cases.report import FUSED, Report
from mmteach.datasets import Dataset, Fold, Pair, Plan, plan, read_pairs
from mmteach.errors import DataError, ParameterError
from mmteach.features import HOG, LBP, Eigenfaces, Join, Landmarks, Pixels
from mmteach.infer import Pairs
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Grey, Resize, Standardise, Upright
from mmteach.preprocess.augment import RandomView
from mmteach.train import History, Machine, Recipe

Scaling: TypeAlias = Literal["train", "group"]
TASKS = ("identify", "verify")


def image_branch() -> Branch:
    """Pixels: upright, grey, 48 x 48, standardised; a small convolutional network."""
    return Branch(
        source="image",
        steps=(Upright(), Grey(), Resize(48, 48), Standardise()),
        extractor=Pixels(),
        encoder={"name": "cnn", "channels": [32, 64, 128], "dim": 128},
        augment=RandomView(rotate=10, scale=0.25, shift=0.1, mirror=0.5, light=0.1, cover=0.5),
    )


def features_branch(scale: Scaling = "train") -> Branch:
    """Facial features computed from the same photo: LBP, HOG, eigenfaces; a perceptron."""
    return Branch(
        source="image",
        steps=(Upright(), Grey(), Resize(64, 64)),
        extractor=Join([LBP(cell=16), HOG(cell=8), Eigenfaces(100)]),
        scale=scale,
        encoder={"name": "mlp", "hidden": 256, "dim": 128, "dropout": 0.5},
        augment=RandomView(rotate=8, scale=0.15, shift=0.06, mirror=0.5, light=0.0),
        n_views=4,
    )


def landmarks_branch(scale: Scaling = "train") -> Branch:
    """Landmarks: the geometry of the face, free of place and scale; a perceptron."""
    return Branch("landmarks", Landmarks(), scale=scale, encoder={"name": "mlp", "hidden": 256, "dim": 128})


def pipeline(
    dataset: Dataset,
    task: str = "identify",
    epochs: int | None = None,
    seed: int = 0,
    normalise_by_group: bool = False,
) -> Pipeline:
    """Make the pipeline for a set, not yet trained.

    Each modality's embedding has unit length and stands beside the others; the head asks how close they point to
    the direction of each person (ArcFace). So people never seen can be compared by the same cosine.
    """
    if normalise_by_group and _groups_are_classes(dataset):
        raise ParameterError(
            "each group of this set is one class, so standardising within groups would erase what is asked for: "
            "leave normalise-by-group out, or choose another label"
        )
    scale: Scaling = "group" if normalise_by_group else "train"
    branches = {"image": image_branch(), "features": features_branch(scale)}
    if "image" not in dataset.modalities:
        raise DataError(f"'{dataset.name}' has {', '.join(dataset.modalities)} and no pictures: add an image column")
    if "landmarks" in dataset.modalities:
        branches["landmarks"] = landmarks_branch(scale)
    usual = 60 if task == "verify" else 40
    recipe = Recipe(epochs=epochs or usual, loss="arcface", learning_rate=3e-3, drop_modality=0.1, seed=seed)
    # What the network finds in pixels carries over to strangers better than designed features do: `mmteach evaluate
    # faces --data orl --task verify` shows each alone. So there the pixels have four votes, the others one each.
    weights = {"image": 4.0} if task == "verify" else {}
    fusion = {"name": "concat", "dim": 0, "weights": weights}
    return Pipeline(branches, fusion, {"name": "cosine"}, recipe, views=task == "verify")


def plan_for(dataset: Dataset, task: str, protocol: str | None = None, seed: int = 0) -> Plan:
    """Choose what is tested on what.

    To identify people, each of them must be in training. Where a person's photos come in several groups (sessions,
    videos), whole groups are tested; where a person is one group, the photos are split, and the note says so.
    """
    if task not in TASKS:
        raise ParameterError(f"task is {task!r}; it can be {' or '.join(TASKS)}")
    no_column = not any(dataset.splits)
    if task == "identify" and protocol is None and no_column and not _groups_are_classes(dataset):
        return plan(dataset, "classify", None, seed)
    return plan(dataset, task, protocol, seed)  # type: ignore[arg-type]


def evaluate(
    dataset: Dataset,
    task: str = "identify",
    protocol: str | None = None,
    pairs: Path | None = None,
    normalise_by_group: bool = False,
    epochs: int | None = None,
    seed: int = 0,
    classic: bool = False,
    progress: bool = False,
) -> Report:
    """Compare the majority, each modality by itself and all together.

    Parameters
    ----------
    task : "identify" or "verify".
    protocol : as in datasets.plan; without one, see `plan_for`.
    pairs : a CSV with id_a, id_b, same, fold: the pairs to judge in verification.
    normalise_by_group : standardise features within each group, without its labels.
    classic : in identification, also ask the nearest neighbour by each feature, and image with landmarks alone.
    """
    asked = None
    if pairs is None:
        planned = plan_for(dataset, task, protocol, seed)
    elif task == "verify":
        planned, asked = plan_for_pairs(dataset, read_pairs(pairs, dataset), seed)
    else:
        raise ParameterError("pairs are judged in verification: add --task verify")
    made = pipeline(dataset, task, epochs, seed, normalise_by_group)
    if task == "verify":
        return by_pairs("faces", dataset, planned, made, asked, progress)
    report = by_class("faces", dataset, planned, task, made, progress)
    if classic:
        majority, *models = report.rows
        report = replace(report, rows=[majority, *nearest_rows(dataset, planned), *models])
        if "landmarks" in made.branches:
            two = by_class("faces", dataset, planned, task, made.only("image", "landmarks"), progress)[FUSED]
            report = replace(report, rows=[*report.rows[:-1], replace(two, model="image + landmarks"), report.rows[-1]])
    return report


def train(
    dataset: Dataset, epochs: int | None = None, seed: int = 0, progress: bool = False, machine: Machine | None = None
) -> tuple[Pipeline, History]:
    """Train on all there is (of a split column: on train, with val to stop), for use on new photos.

    With 8 people or more, a model that does not know a quarter of them is trained first, to choose on those the
    threshold above which two faces count as the same.
    """
    made, splits = pipeline(dataset, "verify", epochs, seed), dataset.splits
    parts = {name: dataset.subset(np.flatnonzero(splits == name)) for name in ("train", "val")}
    use = parts["train"] if any(splits) else dataset
    known = use.subset(i for i, row in enumerate(use.rows) if row.label is not None)
    threshold = None
    if len(known.classes) >= 8 and _groups_are_classes(known):
        fold = plan(known, "verify", None, seed).folds[0]
        made.fit(known.subset(fold.train), progress=progress)
        threshold = threshold_on(made, list(known.subset([*fold.val, *fold.test])))
    history = made.fit(known, parts["val"], progress, machine)
    made.threshold = threshold
    return made, history


def plan_for_pairs(dataset: Dataset, listed: list[Pair], seed: int = 0) -> tuple[Plan, list[Pairs]]:
    """Turn a list of pairs into folds: whoever is in a fold's pairs takes no part in its training."""
    position = {str(id_): i for i, id_ in enumerate(dataset.ids)}
    labels, folds, asked = dataset.labels, [], []
    for name in sorted({p.fold for p in listed}):
        here = [p for p in listed if p.fold == name]
        a, b = (np.array([position[getattr(p, side)] for p in here]) for side in ("id_a", "id_b"))
        tested = sorted({*labels[a].tolist(), *labels[b].tolist()})
        rest = np.array([c for c in dataset.classes if c not in tested])
        if len(rest) < 4:
            raise DataError(
                f"the pairs of fold {name!r} show {len(tested)} people and leave {len(rest)} others; two are needed "
                "to train on and two to choose the threshold: put fewer people into each fold"
            )
        n_val = max(2, round(len(rest) / 5))
        val = np.random.default_rng(seed).permutation(rest)[:n_val]
        parts = (np.setdiff1d(rest, val), val, np.array(tested))
        folds.append(Fold(f"pairs {name}", *(np.flatnonzero(np.isin(labels, part)) for part in parts)))
        asked.append(Pairs(a, b, np.array([p.same for p in here])))
    note = f"{len(listed)} listed pairs in {len(folds)} folds; nobody in a fold's pairs is in its training"
    return Plan("pairs", note, folds), asked


def _groups_are_classes(dataset: Dataset) -> bool:
    """Whether every class is one group, as with a folder a person; without groups, each class counts as one."""
    groups: dict[str, set[str]] = {}
    for row in dataset.rows:
        if row.label is not None:
            groups.setdefault(row.label, set()).add(row.group or row.label)
    owners = [g for found in groups.values() for g in found]
    return all(len(found) == 1 for found in groups.values()) and len(set(owners)) == len(owners)
