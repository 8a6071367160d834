"""Run an experiment: every modality by itself and all together, on the same folds, beside the majority."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from mmteach.cases.missing import Missing, require_missing, row_name, without
from mmteach.cases.report import FUSED, MAJORITY, Report, Row
from mmteach.datasets import Dataset, Fold, Plan
from mmteach.errors import ParameterError
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
    macro_f1,
    majority_accuracy,
    mcnemar,
    wilson_interval,
)
from mmteach.pipeline import Pipeline
from mmteach.types import Sample


class _Answers(NamedTuple):
    """What one model said on one fold."""

    said: np.ndarray
    seconds: float


def models_of(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Each modality by itself, then, if there are several, all together."""
    singles: dict[str, tuple[str, ...]] = {m: (m,) for m in pipeline.branches}
    return singles | ({FUSED: tuple(pipeline.branches)} if len(singles) > 1 else {})


def by_class(
    case: str, dataset: Dataset, plan: Plan, task: str, pipeline: Pipeline, progress: bool = False,
    alone: Pipeline | None = None, missing: Missing | None = None,
) -> Report:  # fmt: skip
    """Accuracy of every model on the folds of a plan.

    Where folds overlap in what they test (random splits of the same photos), the interval counts the answers of one
    fold only: asking about the same photo again is no new evidence.

    Parameters
    ----------
    alone : trains the single modalities, where that should not change with how they are fused.
    missing : {medium: share}; for each, the fused model also answers a test in which so many samples lack it.
    """
    start, samples, labels = time.perf_counter(), list(dataset), dataset.labels
    models, missing = models_of(pipeline), dict(missing or {})
    require_missing(missing, [branch.source for branch in pipeline.branches.values()])
    if missing and FUSED not in models:
        raise ParameterError(f"nothing is fused, so nothing can be missing: '{dataset.name}' has one modality")
    answers: dict[str, list[_Answers]] = {name: [] for name in [*models, *(row_name(*m) for m in missing.items())]}
    with tqdm(total=len(models) * len(plan.folds), unit="model", disable=not progress, leave=False) as bar:
        for fold in plan.folds:
            for name, modalities in models.items():
                bar.set_description(f"{fold.name}: {name}")
                made = (pipeline if name == FUSED else alone or pipeline).only(*modalities)
                for row, said in _answer(made, samples, fold, name, missing if name == FUSED else {}).items():
                    answers[row].append(said)
                bar.update()
    truth = [labels[fold.test].astype(str) for fold in plan.folds]
    rows = [_majority_row(plan.folds, labels), *(_row(name, answers[name], truth, plan.folds) for name in answers)]
    if FUSED in models:
        at = len(models)
        rows[at] = _with_test_against_best(rows[: at + 1], answers, plan.folds, truth)
        for i, share in enumerate(missing.items(), at + 1):
            rows[i] = replace(rows[i], further={**rows[i].further, "missing": dict([share])})
    fold = plan.folds[0]
    return Report(
        case, dataset.name, task, plan.name, _note(dataset, plan), len(fold.train) + len(fold.val), len(fold.test),
        rows, time.perf_counter() - start, pipeline.recipe.seed,
    )  # fmt: skip


def _answer(
    pipeline: Pipeline, samples: Sequence[Sample], fold: Fold, name: str, missing: Missing
) -> dict[str, _Answers]:
    """Train one model on a fold; a sample with none of its modalities gets the answer "", which is wrong."""
    start = time.perf_counter()
    train, val, test = (having(pipeline, [samples[i] for i in part]) for part in fold[1:4])
    pipeline.fit(train, val)
    tests = {name: test}
    sources = [branch.source for branch in pipeline.branches.values()]
    tests |= {row_name(m, share): without(test, m, share, sources) for m, share in missing.items()}
    out = {}
    for row, asked in tests.items():
        said = {p.id: p.label for p in pipeline.predict(asked, contributions=False)}
        now = time.perf_counter()
        out[row] = _Answers(np.array([said.get(samples[i].id, "") for i in fold.test]), now - start)
        start = now
    return out


def _row(name: str, answers: Sequence[_Answers], truth: Sequence[np.ndarray], folds: Sequence[Fold]) -> Row:
    values = [accuracy(t, a.said) for t, a in zip(truth, answers, strict=True)]
    n = _n_distinct(folds)
    mean = float(np.average(values, weights=[len(t) for t in truth]))
    further: dict[str, object] = {
        "macro_f1": float(np.mean([macro_f1(t, a.said) for t, a in zip(truth, answers, strict=True)])),
        "n": n,
    }
    if len(folds) > 1:
        further |= {"folds": values, "sd": float(np.std(values, ddof=1))}
    seconds = sum(a.seconds for a in answers)
    return Row(name, "accuracy", mean, wilson_interval(round(mean * n), n), seconds, further)


def _majority_row(folds: Sequence[Fold], labels: np.ndarray) -> Row:
    start, n = time.perf_counter(), _n_distinct(folds)
    values = [majority_accuracy(labels[f.train], labels[f.test]) for f in folds]
    mean = float(np.average(values, weights=[len(f.test) for f in folds]))
    seconds = time.perf_counter() - start
    return Row(MAJORITY, "accuracy", mean, wilson_interval(round(mean * n), n), seconds, {"n": n})


def _n_distinct(folds: Sequence[Fold]) -> int:
    """Answers that count as evidence: all where folds test different samples, else those of one fold."""
    return sum(len(f.test) for f in folds) if _all_distinct(folds) else len(folds[0].test)


def _all_distinct(folds: Sequence[Fold]) -> bool:
    tested = np.concatenate([f.test for f in folds])
    return len(np.unique(tested)) == len(tested)


def _with_test_against_best(
    rows: Sequence[Row], answers: dict[str, list[_Answers]], folds: Sequence[Fold], truth: Sequence[np.ndarray]
) -> Row:
    """Say how likely the fused model's gain over the best single one is chance.

    The answers of all folds count where folds test different samples, else those of the first.
    """
    fused, singles = rows[-1], rows[1:-1]
    best = max(singles, key=lambda r: r.value)
    n = len(folds) if _all_distinct(folds) else 1
    right = [
        np.concatenate([t == a.said for t, a in zip(truth[:n], answers[name][:n], strict=True)])
        for name in (FUSED, best.model)
    ]
    return replace(fused, further={**fused.further, "p_against_best": mcnemar(*right)})


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
        case, dataset.name, "verify", plan.name, _note(dataset, plan), len(fold.train) + len(fold.val),
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


def having(pipeline: Pipeline, samples: Sequence[Sample]) -> list[Sample]:
    """Samples that have at least one medium that the pipeline reads."""
    sources = {branch.source for branch in pipeline.branches.values()}
    return [s for s in samples if sources & set(s.media)]


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


def _note(dataset: Dataset, plan: Plan) -> str:
    return "; ".join(filter(None, (dataset.note, plan.note)))
