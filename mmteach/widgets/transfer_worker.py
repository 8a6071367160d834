"""Trains the teachers and students of TransferLab in a thread of its own, the setting that is wanted first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

from mmteach.cases.studies import transfer
from mmteach.cases.studies.transfer import Results, Setting
from mmteach.cases.studies.vectors import Vectors
from mmteach.errors import MmteachError
from mmteach.widgets.small import one_thread


class TransferWorker:
    """Keeps what has been trained for each setting; a seed is trained at a time.

    Parameters
    ----------
    on_step : called from the thread after every seed.
    on_fail : called with a sentence.

    Attributes
    ----------
    results : by setting; failed : settings that cannot be trained.
    """

    _current: ClassVar[TransferWorker | None] = None

    def __init__(
        self, vectors: Vectors, n_seeds: int, on_step: Callable[[], None], on_fail: Callable[[str], None]
    ) -> None:
        if TransferWorker._current is not None:
            TransferWorker._current.stop()  # the cell was run again: what it started before would go on unseen
        TransferWorker._current = self
        self.vectors, self.n_seeds, self.on_step, self.on_fail = vectors, n_seeds, on_step, on_fail
        self.results: dict[Setting, Results] = {}
        self.failed: set[Setting] = set()
        self._begun: dict[Setting, Iterator[Results]] = {}
        self._wanted: Setting | None = None
        self._halt, self._idle, self._lock = threading.Event(), threading.Event(), threading.Lock()
        self._idle.set()

    def want(self, setting: Setting) -> None:
        """Train this setting next; one that was begun is gone on with when it is wanted again."""
        with self._lock:
            self._wanted = setting
            self.failed.discard(setting)  # whoever asks again is told again
            if self._idle.is_set() and not self._halt.is_set() and not self.complete(setting):
                self._idle.clear()
                threading.Thread(target=self._work, name="transfer", daemon=True).start()

    def complete(self, setting: Setting) -> bool:
        """Whether nothing is left to train for a setting."""
        return setting in self.failed or self.n_done(setting) >= self.n_seeds

    def n_done(self, setting: Setting) -> int:
        """How many seeds are trained."""
        return len(self.results[setting].tested) if setting in self.results else 0

    def stop(self) -> None:
        """End after this seed."""
        self._halt.set()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing is left to do, or for so many seconds."""
        self._idle.wait(timeout)

    def _next(self) -> Setting | None:
        """What to train now; without anything, the thread may end."""
        with self._lock:
            wanted = self._wanted
            if self._halt.is_set() or wanted is None or self.complete(wanted):
                self._idle.set()
                return None
            return wanted

    def _work(self) -> None:
        while (setting := self._next()) is not None:
            try:
                with one_thread():
                    begun = self._begun.setdefault(
                        setting, transfer.run(self.vectors, setting, range(self.n_seeds), n_folds=1)
                    )
                    self.results[setting] = _as_it_is(next(begun))
                self.on_step()
            except MmteachError as error:
                self._fail(setting, str(error))
            except Exception as error:  # a thread that dies silently would leave its figure waiting for ever
                said = f"{type(error).__name__}: {error}"
                self._fail(setting, f"something went wrong inside mmteach ({said}): please report it")

    def _fail(self, setting: Setting, sentence: str) -> None:
        with self._lock:
            self.failed.add(setting)
            self._begun.pop(setting, None)
        self.on_fail(sentence)


def _as_it_is(results: Results) -> Results:
    """A copy that does not grow: the page draws while the thread goes on."""
    right = {way: list(runs) for way, runs in results.right.items()}
    return replace(results, right=right, tested=list(results.tested))
