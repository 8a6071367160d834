"""Are these two the same? Every modality by itself and all together, asked about pairs of people never seen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from mmteach.cases.compare import having, models_of, note_of
from mmteach.cases.report import FUSED, MAJORITY, Report, Row
from mmteach.datasets import Dataset, Fold, Plan
from mmteach.infer import (
    Pairs,
    accuracy,
    all_pairs,
    auc,
    bootstrap_by_person,
    choose_threshold,
    cosine_matrix,
    eer,
    error_rates,
)
from mmteach.pipeline import Pipeline
from mmteach.types import Sample


def by_pairs(
    case: str, dataset: Dataset, plan: Plan, pipeline: Pipeline, pairs: Sequence[Pairs] | None = None,
    progress: bool = False,
) -> Report:  # fmt: skip
    """Equal error rate of every model on people never seen.

    A threshold needs people whom the model does not know. So the model is first trained without the validation
    people, its threshold chosen on them, and then trained again with them; the threshold is carried over. The test
    people take part in neither.

    Parameters
    ----------
    pairs : for each fold, the pairs to be judged, as positions in `dataset`; without them all pairs of the test part.
    """
    start, samples = time.perf_counter(), list(dataset)
    models, rows = models_of(pipeline), [Row(MAJORITY, "eer", 0.5, (0.5, 0.5), 0.0)]
    tested = pairs or [_pairs_of(dataset, fold) for fold in plan.folds]
    for name in tqdm(models, unit="model", disable=not progress, leave=False):
        begin = time.perf_counter()
        made = [
            _judge(pipeline.only(*models[name]), dataset, samples, fold, asked, with_threshold=name == FUSED)
            for fold, asked in zip(plan.folds, tested, strict=True)
        ]
        scores, same = np.concatenate([m.scores for m in made]), np.concatenate([m.same for m in made])
        further: dict[str, object] = {
            "auc": auc(scores, same),
            "n_same": int(same.sum()),
            "n_different": int((~same).sum()),
        }
        if name == FUSED:
            further |= _at_threshold(made)
        interval = bootstrap_by_person(scores, np.concatenate([m.people for m in made]), same)
        rows.append(Row(name, "eer", eer(scores, same), interval, time.perf_counter() - begin, further))
    fold = plan.folds[0]
    return Report(
        case, dataset.name, "verify", plan.name, note_of(dataset, plan), len(fold.train) + len(fold.val),
        len(fold.test), rows, time.perf_counter() - start, pipeline.recipe.seed,
    )  # fmt: skip


class _Judged(NamedTuple):
    """Scores of one fold's pairs: (P,), whether they are the same (P,), the two people (P, 2), the threshold."""

    scores: np.ndarray
    same: np.ndarray
    people: np.ndarray
    threshold: float


def _pairs_of(dataset: Dataset, fold: Fold) -> Pairs:
    pairs = all_pairs(dataset.labels[fold.test].astype(str))
    return Pairs(fold.test[pairs.a], fold.test[pairs.b], pairs.same)


def _judge(
    pipeline: Pipeline, dataset: Dataset, samples: Sequence[Sample], fold: Fold, asked: Pairs, with_threshold: bool
) -> _Judged:
    threshold = float("nan")
    if with_threshold:
        pipeline.fit(having(pipeline, [samples[i] for i in fold.train]))
        threshold = threshold_on(pipeline, [samples[i] for i in fold.val])
    pipeline.fit(having(pipeline, [samples[i] for i in np.sort(np.concatenate([fold.train, fold.val]))]))
    rows = np.unique(np.concatenate([asked.a, asked.b]))
    position = {int(row): i for i, row in enumerate(rows)}
    cosines = cosine_matrix(_embed(pipeline, [samples[i] for i in rows]))
    a, b = ([position[int(i)] for i in side] for side in (asked.a, asked.b))
    labels = dataset.labels.astype(str)
    return _Judged(cosines[a, b], asked.same, np.stack([labels[asked.a], labels[asked.b]], axis=1), threshold)


def _embed(pipeline: Pipeline, samples: Sequence[Sample]) -> np.ndarray:
    """Embeddings (N, F); zero, and so at cosine 0 to everybody, where a sample has none of the modalities."""
    known = having(pipeline, samples)
    row = {id(s): embedding for s, embedding in zip(known, pipeline.embed(known), strict=True)}
    nobody = np.zeros_like(next(iter(row.values())))
    return np.stack([row.get(id(s), nobody) for s in samples])


def threshold_on(pipeline: Pipeline, people: Sequence[Sample]) -> float:
    """Choose the threshold on people the pipeline was not trained on."""
    pairs = all_pairs([str(s.label) for s in people])
    return choose_threshold(cosine_matrix(pipeline.embed(people))[pairs.a, pairs.b], pairs.same)


def _at_threshold(made: Sequence[_Judged]) -> dict[str, object]:
    """FAR, FRR and accuracy at the thresholds chosen beforehand, each fold at its own."""
    accepted = np.concatenate([m.scores >= m.threshold for m in made])
    same = np.concatenate([m.same for m in made])
    far, frr = error_rates(accepted.astype(float), same, 0.5)
    return {"threshold": [m.threshold for m in made], "far": far, "frr": frr, "accuracy": accuracy(same, accepted)}
