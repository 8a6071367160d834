"""Trains the teachers and students of TransferLab in a thread of its own, the setting that is wanted first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from mmteach.cases.studies import transfer
from mmteach.cases.studies.transfer import Results, Setting
from mmteach.cases.studies.vectors import Vectors
from mmteach.widgets.background import Background


class TransferWorker(Background[Setting]):
    """Keeps what has been trained for each setting; a seed is trained at a time.

    Parameters
    ----------
    on_step, on_fail : as in `Background`; a job is a seed.

    Attributes
    ----------
    results : by setting; failed : settings that cannot be trained.
    """

    def __init__(
        self, vectors: Vectors, n_seeds: int, on_step: Callable[[], None], on_fail: Callable[[str], None]
    ) -> None:
        super().__init__(on_step, on_fail)
        self.vectors, self.n_seeds = vectors, n_seeds
        self.results: dict[Setting, Results] = {}
        self.failed: set[Setting] = set()
        self._begun: dict[Setting, Iterator[Results]] = {}
        self._wanted: Setting | None = None

    def want(self, setting: Setting) -> None:
        """Train this setting next; one that was begun is gone on with when it is wanted again."""
        with self._lock:
            self._wanted = setting
            self.failed.discard(setting)  # whoever asks again is told again
            self._go_on()

    def complete(self, setting: Setting) -> bool:
        """Whether nothing is left to train for a setting."""
        return setting in self.failed or self.n_done(setting) >= self.n_seeds

    def n_done(self, setting: Setting) -> int:
        """How many seeds are trained."""
        return len(self.results[setting].tested) if setting in self.results else 0

    def _job(self) -> Setting | None:
        wanted = self._wanted
        return None if wanted is None or self.complete(wanted) else wanted

    def _do(self, job: Setting) -> None:
        begun = self._begun.setdefault(job, transfer.run(self.vectors, job, range(self.n_seeds), n_folds=1))
        self.results[job] = _as_it_is(next(begun))

    def _give_up(self, job: Setting) -> None:
        self.failed.add(job)
        self._begun.pop(job, None)


def _as_it_is(results: Results) -> Results:
    """A copy that does not grow: the page draws while the thread goes on."""
    right = {way: list(runs) for way, runs in results.right.items()}
    return replace(results, right=right, tested=list(results.tested))
