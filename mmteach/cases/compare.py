"""Run an experiment: every modality by itself and all together, on the same folds, beside the majority."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np
from tqdm.auto import tqdm

from mmteach.cases.missing import Missing, draws, require_missing, row_name
from mmteach.cases.report import FUSED, MAJORITY, Report, Row
from mmteach.datasets import Dataset, Fold, Plan
from mmteach.errors import ParameterError
from mmteach.infer import (
    accuracy,
    macro_f1,
    majority_accuracy,
    mcnemar,
    wilson_interval,
)
from mmteach.pipeline import Pipeline
from mmteach.types import Sample

Aspect: TypeAlias = Callable[[str], str]


class _Answers(NamedTuple):
    """What one model said on one fold; where something is missing, on every draw of it, one after the other."""

    said: np.ndarray
    seconds: float


def models_of(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Each modality by itself, then, if there are several, all together."""
    singles: dict[str, tuple[str, ...]] = {m: (m,) for m in pipeline.branches}
    return singles | ({FUSED: tuple(pipeline.branches)} if len(singles) > 1 else {})


def by_class(
    case: str, dataset: Dataset, plan: Plan, task: str, pipeline: Pipeline, progress: bool = False,
    alone: Pipeline | None = None, missing: Missing | None = None, aspects: Mapping[str, Aspect] | None = None,
) -> Report:  # fmt: skip
    """Accuracy of every model on the folds of a plan.

    Where folds overlap in what they test (random splits of the same photos), the interval counts the answers of one
    fold only: asking about the same photo again is no new evidence.

    Parameters
    ----------
    alone : trains the single modalities, where that should not change with how they are fused.
    missing : {medium: share}; for each, the fused model also answers a test in which so many samples lack it, the mean
        over several draws of them.
    aspects : {name: label -> a part of what it says}; a row then also tells how often that part is right.
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
    rows = [_majority_row(plan.folds, labels)]
    rows += [_row(name, answers[name], truth, plan.folds, aspects or {}) for name in answers]
    if FUSED in models:
        at = len(models)
        rows[at] = _with_test_against_best(rows[: at + 1], answers, plan.folds, truth)
        for i, share in enumerate(missing.items(), at + 1):
            rows[i] = replace(rows[i], further={**rows[i].further, "missing": dict([share])})
    fold = plan.folds[0]
    return Report(
        case, dataset.name, task, plan.name, note_of(dataset, plan), len(fold.train) + len(fold.val), len(fold.test),
        rows, time.perf_counter() - start, pipeline.recipe.seed,
    )  # fmt: skip


def _answer(
    pipeline: Pipeline, samples: Sequence[Sample], fold: Fold, name: str, missing: Missing
) -> dict[str, _Answers]:
    """Train one model on a fold; a sample with none of its modalities gets the answer "", which is wrong."""
    start = time.perf_counter()
    train, val, test = (having(pipeline, [samples[i] for i in part]) for part in fold[1:4])
    pipeline.fit(train, val)
    tests = {name: [test]}
    sources = [branch.source for branch in pipeline.branches.values()]
    tests |= {row_name(m, share): draws(test, m, share, sources) for m, share in missing.items()}
    out = {}
    for row, asked in tests.items():
        said = [{p.id: p.label for p in pipeline.predict(some, contributions=False)} for some in asked]
        now = time.perf_counter()
        out[row] = _Answers(np.array([one.get(samples[i].id, "") for one in said for i in fold.test]), now - start)
        start = now
    return out


def _row(
    name: str, answers: Sequence[_Answers], truth: Sequence[np.ndarray], folds: Sequence[Fold],
    aspects: Mapping[str, Aspect],
) -> Row:  # fmt: skip
    truth = [np.tile(t, len(a.said) // len(t)) for t, a in zip(truth, answers, strict=True)]
    values = [accuracy(t, a.said) for t, a in zip(truth, answers, strict=True)]
    n = _n_distinct(folds)
    mean = float(np.average(values, weights=[len(f.test) for f in folds]))
    further: dict[str, object] = {
        "macro_f1": float(np.mean([macro_f1(t, a.said) for t, a in zip(truth, answers, strict=True)])),
        "n": n,
    }
    if aspects:
        pairs = [pair for t, a in zip(truth, answers, strict=True) for pair in zip(t, a.said, strict=True)]
        further["aspects"] = {k: float(np.mean([of(t) == of(said) for t, said in pairs])) for k, of in aspects.items()}
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


def having(pipeline: Pipeline, samples: Sequence[Sample]) -> list[Sample]:
    """Samples that have at least one medium that the pipeline reads."""
    sources = {branch.source for branch in pipeline.branches.values()}
    return [s for s in samples if sources & set(s.media)]


def note_of(dataset: Dataset, plan: Plan) -> str:
    """What must be known of a set and of a plan to read a report rightly."""
    return "; ".join(filter(None, (dataset.note, plan.note)))
