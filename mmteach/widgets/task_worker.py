"""Trains the models of TaskBalance in a thread of its own: what is wanted first, then all else of that setting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import ClassVar, NamedTuple

from mmteach.cases.studies.multitask import SETTINGS, Found, learn, learn_alone
from mmteach.cases.studies.multitask_report import ALONE
from mmteach.cases.studies.multitask_tables import Parts, Tables, divide, tables
from mmteach.datasets import Dataset
from mmteach.errors import MmteachError
from mmteach.train.multitask_loop import Weighing
from mmteach.widgets.small import one_thread

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)  # weight of the second task; the first has the rest


def name_of(share: float) -> str:
    """What a model with fixed weights is called, first task : second task."""
    return f"{1 - share:.1f} : {share:.1f}"


FIXED = {name_of(share): Weighing("fixed", (1 - share, share)) for share in SHARES}
MODELS = {**FIXED, "uncertainty": Weighing("uncertainty"), "PCGrad": Weighing("pcgrad")}


class Job(NamedTuple):
    """One model to be trained; ALONE stands for one a task."""

    setting: str
    model: str
    seed: int


class TaskWorker:
    """Keeps what has been trained; a model is trained at a time.

    Parameters
    ----------
    on_step : called from the thread after every model.
    on_fail : called with a sentence.

    Attributes
    ----------
    found : {setting: Found}, with a model ALONE beside those of MODELS.
    """

    _current: ClassVar[TaskWorker | None] = None

    def __init__(
        self, dataset: Dataset, n_seeds: int, on_step: Callable[[], None], on_fail: Callable[[str], None]
    ) -> None:
        if TaskWorker._current is not None:
            TaskWorker._current.stop()  # the cell was run again: what it started before would go on unseen
        TaskWorker._current = self
        self.dataset, self.n_seeds, self.on_step, self.on_fail = dataset, n_seeds, on_step, on_fail
        self.found: dict[str, Found] = {}
        self._tables: Tables | None = None
        self._parts: dict[tuple[str, int], Parts] = {}
        self._wanted: tuple[str, str] | None = None
        self._halt, self._idle, self._lock = threading.Event(), threading.Event(), threading.Lock()
        self._idle.set()

    def want(self, setting: str, model: str) -> None:
        """Train this model next, beside each task alone; then what else there is of the setting."""
        with self._lock:
            self._wanted = setting, model
            if self._idle.is_set() and not self._halt.is_set() and self._job() is not None:
                self._idle.clear()
                threading.Thread(target=self._work, name="tasks", daemon=True).start()

    def n_done(self, setting: str, model: str) -> int:
        """How many seeds are trained."""
        scores = self.found[setting].scores if setting in self.found else {}
        return min((len(models.get(model, ())) for models in scores.values()), default=0)

    def stop(self) -> None:
        """End after this model."""
        self._halt.set()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing is left to do, or for so many seconds."""
        self._idle.wait(timeout)

    def _jobs(self, setting: str, model: str) -> Iterator[Job]:
        for first in (ALONE, model):
            yield from (Job(setting, first, seed) for seed in range(self.n_seeds))
        for seed in range(self.n_seeds):
            yield from (Job(setting, other, seed) for other in MODELS if other != model)

    def _job(self) -> Job | None:
        """What is to be trained now; None where all is done."""
        jobs = self._jobs(*self._wanted) if self._wanted else iter(())
        return next((job for job in jobs if job.seed >= self.n_done(job.setting, job.model)), None)

    def _next(self) -> Job | None:
        with self._lock:
            job = None if self._halt.is_set() else self._job()
            if job is None:
                self._idle.set()
            return job

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                with one_thread():
                    self._train(job)
                self.on_step()
        except MmteachError as error:
            self._fail(str(error))
        except Exception as error:  # a thread that dies silently would leave its figure waiting for ever
            said = f"{type(error).__name__}: {error}"
            self._fail(f"something went wrong inside mmteach ({said}): please report it")

    def _fail(self, sentence: str) -> None:
        self._halt.set()  # the set cannot be used: whatever is wanted next would fail alike
        self._idle.set()
        self.on_fail(sentence)

    def _train(self, job: Job) -> None:
        if self._tables is None:
            self._tables = tables(self.dataset)
        t, setting = self._tables, SETTINGS[job.setting]
        key = job.setting, job.seed
        if key not in self._parts:
            self._parts[key] = divide(t, setting.labelled, job.seed)
        parts, found = self._parts[key], self.found.setdefault(job.setting, Found(tuple(t.y)))
        if job.model == ALONE:
            for task in t.y:
                found.add(ALONE, learn_alone(t, parts, setting, task, job.seed), 0.0)
        else:
            found.add(job.model, learn(t, parts, setting, MODELS[job.model], job.seed), 0.0)
