"""Trains the models of TaskBalance in a thread of its own: what is wanted first, then all else of that setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mmteach.cases.studies.multitask import SETTINGS, Found, learn, learn_alone
from mmteach.cases.studies.multitask_report import ALONE
from mmteach.cases.studies.multitask_tables import Parts, Tables, divide, tables
from mmteach.datasets import Dataset
from mmteach.train.multitask_loop import Weighing
from mmteach.widgets.background import Background

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


class TaskWorker(Background[Job]):
    """Keeps what has been trained; a model is trained at a time.

    Parameters
    ----------
    on_step, on_fail : as in `Background`.

    Attributes
    ----------
    found : {setting: Found}, with a model ALONE beside those of MODELS.
    """

    def __init__(
        self, dataset: Dataset, n_seeds: int, on_step: Callable[[], None], on_fail: Callable[[str], None]
    ) -> None:
        super().__init__(on_step, on_fail)
        self.dataset, self.n_seeds = dataset, n_seeds
        self.found: dict[str, Found] = {}
        self._tables: Tables | None = None
        self._parts: dict[tuple[str, int], Parts] = {}
        self._wanted: tuple[str, str] | None = None

    def want(self, setting: str, model: str) -> None:
        """Train this model next, beside each task alone; then what else there is of the setting."""
        with self._lock:
            self._wanted = setting, model
            self._go_on()

    def n_done(self, setting: str, model: str) -> int:
        """How many seeds are trained."""
        scores = self.found[setting].scores if setting in self.found else {}
        return min((len(models.get(model, ())) for models in scores.values()), default=0)

    def _jobs(self, setting: str, model: str) -> Iterator[Job]:
        for first in (ALONE, model):
            yield from (Job(setting, first, seed) for seed in range(self.n_seeds))
        for seed in range(self.n_seeds):
            yield from (Job(setting, other, seed) for other in MODELS if other != model)

    def _job(self) -> Job | None:
        jobs = self._jobs(*self._wanted) if self._wanted else iter(())
        return next((job for job in jobs if job.seed >= self.n_done(job.setting, job.model)), None)

    def _do(self, job: Job) -> None:
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
