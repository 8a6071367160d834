"""The report of retrieval across modalities: recall at 1 both ways on groups never heard, beside chance."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mmteach.cases.report import Report, Row
from mmteach.cases.studies import cross_modal
from mmteach.cases.studies.cross_modal import Journey
from mmteach.datasets import Dataset, Plan
from mmteach.infer import Retrieval, interval_over_seeds, wilson_interval
from mmteach.pipeline import Pipeline

CHANCE = "chance"
METRIC = "recall@1"
KS = (1, 5, 10)


class RetrievalReport(Report):
    """Rows are directions; a hit is an answer of the same class."""

    def verdict(self) -> str:
        """Say how far each direction is from chance, and how much that depends on who is asked."""
        chance = self[CHANCE].value
        told = []
        for row in self.rows:
            if row.model != CHANCE and row.metric == METRIC:
                groups = row.further["by_group"]
                low, high = min(groups, key=groups.get), max(groups, key=groups.get)
                told.append(
                    f"{row.model}: {row.value:.3f} against {chance:.3f} by chance; "
                    f"{groups[low]:.3f} ({low}) to {groups[high]:.3f} ({high})."
                )
        return " ".join(told)


def retrieval_report(
    dataset: Dataset,
    planned: Plan,
    alike: str = "right",
    by_speaker: bool = True,
    pipeline: Pipeline | None = None,
    n_folds: int | None = None,
    seed: int = 0,
    progress: Callable[[str], object] | None = None,
) -> RetrievalReport:
    """Train on all blocks but one, ask in that one, for every block.

    The gallery of a query is the other side of its own block. Nothing is chosen on a test block: every run ends with
    its last epoch.

    Parameters
    ----------
    dataset, planned : pairs and their blocks, as `cases.digits.paired` gives them.
    alike, by_speaker : as in `cross_modal.watch`.
    pipeline : by default `cross_modal.pipeline`.
    n_folds : only the first so many blocks.
    progress : called with a sentence after each block.
    """
    started, journeys = time.perf_counter(), {}
    made = pipeline or cross_modal.pipeline(seed=seed)
    for fold in planned.folds[:n_folds]:
        train, test = cross_modal.parts(dataset, fold)
        name = "+".join(sorted({str(s.meta.get("speaker", s.group)) for s in test}))
        journeys[name] = cross_modal.watch(made, train, test, alike, by_speaker)
        if progress is not None:
            progress(f"{name}: {', '.join(f'{way} {r.recall():.3f}' for way, r in journeys[name].retrieval().items())}")
    rows = retrieval_rows(journeys)
    n_test = sum(len(j.y) for j in journeys.values())
    sizes = [len(fold.train) + len(fold.val) for fold in planned.folds[:n_folds]]
    voices = "sounds standardised within each speaker, without labels" if by_speaker else "sounds as they were recorded"
    note = f"{planned.note}; a hit is an answer of the same class; other pairs of a class count as {alike}; {voices}"
    return RetrievalReport(
        "cross_modal", f"{dataset.name} ({dataset.note})" if dataset.note else dataset.name, "retrieval both ways",
        planned.name, note, round(float(np.mean(sizes))), n_test, rows, time.perf_counter() - started, seed,
    )  # fmt: skip


def retrieval_rows(journeys: Mapping[str, Journey]) -> list[Row]:
    """Rows of a report, from the journeys of several test blocks, by the names of who is in them."""
    found = {name: journey.retrieval() for name, journey in journeys.items()}
    seconds = sum(journey.seconds for journey in journeys.values())
    first = next(iter(found.values()))
    chance = float(np.mean([r.chance() for both in found.values() for r in both.values()]))
    rows = [Row(CHANCE, METRIC, chance, (chance, chance), 0.0)]
    rows += [_way(way, {name: both[way] for name, both in found.items()}, seconds) for way in first]
    return rows + _named(journeys, seconds)


def _way(way: str, found: Mapping[str, Retrieval], seconds: float) -> Row:
    """One direction over all blocks: every query counts the same."""
    ranks = np.concatenate([r.ranks for r in found.values()])
    together = Retrieval(ranks, np.array([]), np.array([]))
    by_group = {name: r.recall() for name, r in found.items()}
    further = {
        "n": len(ranks), **together.to_dict(KS), "by_group": by_group,
        "ci95_over_groups": list(interval_over_seeds(list(by_group.values()))),
    }  # fmt: skip
    return Row(way, METRIC, together.recall(), together.interval(), seconds, further)


def _named(journeys: Mapping[str, Journey], seconds: float) -> list[Row]:
    """Classes of one side named by examples of the other, over all blocks."""
    counted: dict[str, list[tuple[int, int]]] = {}
    for journey in journeys.values():
        for named in cross_modal.zero_shot(journey):
            n = len(journey.y)
            counted.setdefault(f"{named.queries} named by {named.by}", []).append((round(named.accuracy * n), n))
    return [_share(name, pairs, seconds) for name, pairs in counted.items()]


def _share(name: str, counted: Sequence[tuple[int, int]], seconds: float) -> Row:
    right, n = (sum(pair[i] for pair in counted) for i in (0, 1))
    return Row(name, "accuracy", right / n, wilson_interval(right, n), seconds, {"n": n})
