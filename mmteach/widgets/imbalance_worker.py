"""Trains the remedies of ImbalanceLab one by one, in a thread of its own, in the order in which they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mmteach.cases.report import Row
from mmteach.cases.studies import imbalance
from mmteach.cases.studies.imbalance import MODALITY_REMEDIES, Results
from mmteach.cases.studies.vectors import Vectors
from mmteach.types import Modality
from mmteach.widgets.background import Background

RATES = tuple(i / 10 for i in range(10))  # shares of the test samples that lose a modality


class ImbalanceWorker(Background[float]):
    """Keeps what has been trained, and goes on with what is wanted.

    Parameters
    ----------
    on_step, on_fail : as in `Background`; a job is a model of the ratio that is wanted. Also called at the end.

    Attributes
    ----------
    results, leaks : by ratio; curves : by remedy, for each seed the balanced accuracy at every rate, by modality.
    busy : a sentence, "" when nothing is left to do.
    """

    def __init__(
        self,
        vectors: Vectors,
        names: Sequence[str],
        n_seeds: int,
        on_step: Callable[[], None],
        on_fail: Callable[[str], None],
    ) -> None:
        super().__init__(on_step, on_fail)
        self.vectors, self.names, self.n_seeds = vectors, names, n_seeds
        self.results: dict[float, Results] = {}
        self.leaks: dict[float, list[Row]] = {}
        self.curves: dict[str, list[dict[Modality, list[float]]]] = {}
        self.busy = ""
        self._wanted: float | None = None
        self._over: set[float] = set()
        self._begun: dict[float, Iterator[str]] = {}
        self._curving = self._curve() if len(vectors.x) > 1 else iter(())

    def want(self, ratio: float) -> None:
        """Train this ratio first; what another one has begun is gone on with when it is wanted again."""
        with self._lock:
            self._wanted = ratio
            self._over.discard(ratio)  # whoever asks again is told again
            self._go_on()

    def _job(self) -> float | None:
        return None if self._wanted in self._over else self._wanted

    def _do(self, job: float) -> None:
        self.busy = self._train_next(job)
        if not self.busy:
            self._over.add(job)

    def _give_up(self, job: float) -> None:
        self.busy = ""
        self._over.add(job)
        self._begun.pop(job, None)

    def _train_next(self, ratio: float) -> str:
        """Train one model of what is wanted, or, when that is done, of the missing modalities; say what was done."""
        said = next(self._begun.setdefault(ratio, self._remedies(ratio)), "")
        return said or next(self._curving, "")

    def _remedies(self, ratio: float) -> Iterator[str]:
        total = self.n_seeds * len(self.names)
        for i, results in enumerate(imbalance.run(self.vectors, ratio, range(self.n_seeds), self.names)):
            self.results[ratio] = results
            yield f"ratio {ratio:g}: {i + 1} of {total} models are trained"
        self.leaks[ratio] = imbalance.leak(self.vectors, ratio, range(self.n_seeds))
        yield f"ratio {ratio:g}: done; missing modalities are next"

    def _curve(self) -> Iterator[str]:
        for seed in range(self.n_seeds):
            for remedy in MODALITY_REMEDIES:
                found = imbalance.without(self.vectors, remedy, RATES, seed)
                means = {m: [float(r.mean()) for r in recalls] for m, recalls in found.items()}
                self.curves.setdefault(remedy, []).append(means)
                yield f"missing modalities: {remedy}, seed {seed + 1} of {self.n_seeds}"
