"""What a lab trains goes on in a thread of its own, while the page stays alive: one job after the other."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from mmteach.errors import MmteachError
from mmteach.widgets.small import one_thread

Job = TypeVar("Job")


class Background(ABC, Generic[Job]):
    """Does one job at a time, and asks after each what is to be done next: what is wanted may have changed.

    There is one of each kind. Whoever runs a cell again makes a second one, and the first ends after its job: it would
    go on unseen.

    Parameters
    ----------
    on_step : called from the thread after every job.
    on_fail : called with a sentence.
    """

    _current: ClassVar[dict[type, Background[Any]]] = {}

    def __init__(self, on_step: Callable[[], None], on_fail: Callable[[str], None]) -> None:
        before = Background._current.get(type(self))
        if before is not None:
            before.stop()
        Background._current[type(self)] = self
        self.on_step, self.on_fail = on_step, on_fail
        self._halt, self._idle, self._lock = threading.Event(), threading.Event(), threading.RLock()
        self._idle.set()

    @abstractmethod
    def _job(self) -> Job | None:
        """Say what is to be done now; None where all is done."""

    @abstractmethod
    def _do(self, job: Job) -> None:
        """Do it."""

    def _give_up(self, job: Job) -> None:
        """Take note that it cannot be done. By default nothing else can, either."""
        self.stop()

    def stop(self) -> None:
        """End after this job."""
        self._halt.set()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing is left to do, or for so many seconds."""
        self._idle.wait(timeout)

    def _go_on(self) -> None:
        """Start the thread, if there is something to do and none runs."""
        with self._lock:
            if self._idle.is_set() and not self._halt.is_set() and self._job() is not None:
                self._idle.clear()
                threading.Thread(target=self._work, name=type(self).__name__, daemon=True).start()

    def _next(self) -> Job | None:
        """What to do now; without anything the thread ends."""
        with self._lock:
            job = None if self._halt.is_set() else self._job()
            if job is None:
                self._idle.set()
            return job

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                with one_thread():
                    self._do(job)
                self.on_step()
            except MmteachError as error:
                self._fail(job, str(error))
            except Exception as error:  # a thread that dies silently would leave its figure waiting for ever
                said = f"{type(error).__name__}: {error}"
                self._fail(job, f"something went wrong inside mmteach ({said}): please report it")

    def _fail(self, job: Job, sentence: str) -> None:
        with self._lock:
            self._give_up(job)
        self.on_fail(sentence)
