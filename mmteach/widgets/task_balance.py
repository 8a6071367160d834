"""TaskBalance: turn the weight between two tasks, or let it be learnt, and see which of them pays."""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets

from mmteach.cases.studies.multitask import SETTINGS
from mmteach.cases.studies.multitask_tables import ASKED, asked_of
from mmteach.datasets import Dataset, load
from mmteach.errors import ParameterError
from mmteach.widgets.figure import Plot
from mmteach.widgets.panel import Panel, column, on_change, row
from mmteach.widgets.task_views import BalancePlot, balance_table
from mmteach.widgets.task_worker import MODELS, SHARES, TaskWorker, name_of

METHODS = {"fixed weights": "fixed", "learnt (uncertainty)": "uncertainty", "projected (PCGrad)": "PCGrad"}
_LOOK: dict[str, Any] = {"style": {"description_width": "120px"}, "layout": {"width": "400px", "max_width": "100%"}}


class TaskBalance(Panel):
    """One body with two heads, beside a body for each task alone.

    Models are trained in the background, a small one a second or so: first each task alone, then what the controls
    ask for, then the rest of the setting. What was trained before is shown at once.

    Parameters
    ----------
    data : a set that is asked two things, or its name.
    n_seeds : runs of each; two or more give intervals.

    Attributes
    ----------
    worker : what has been trained, `found` by setting; `wait()` waits for it.
    tasks, setting, method, share : controls.
    """

    def __init__(self, data: str | Dataset = "faces", n_seeds: int = 3) -> None:
        if n_seeds < 1:
            raise ParameterError(f"{n_seeds} seeds: give 1 or more, 2 for intervals")
        self.n_seeds = n_seeds
        self.worker: TaskWorker | None = None
        self._drawing = threading.RLock()  # the worker's thread and the controls both draw
        first = data if isinstance(data, str) else data.name
        offered = [(f"{' + '.join(tasks)} ({name})", name) for name, tasks in ASKED.items()]
        self.tasks = ipywidgets.Dropdown(options=offered, description="Tasks", **_LOOK)
        self.setting = ipywidgets.Dropdown(options=list(SETTINGS), description="Setting", **_LOOK)
        self.method = ipywidgets.Dropdown(options=list(METHODS.items()), description="Weights", **_LOOK)
        self.share = ipywidgets.SelectionSlider(
            options=[(name_of(s), s) for s in SHARES], value=0.5, description="first : second", **_LOOK
        )
        self.busy, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__()
        with self.telling():
            dataset = load(data) if isinstance(data, str) else data
            asked_of(dataset)
            self.tasks.value = first
            self.use(dataset)
        on_change(lambda: self.use(load(self.tasks.value)), self.tasks)
        on_change(self._turn, self.setting, self.method, self.share)
        if self.worker is None:
            self.children = [self.message]

    @property
    def model(self) -> str:
        """Name of the model that the controls ask for."""
        return name_of(self.share.value) if self.method.value == "fixed" else self.method.value

    def use(self, dataset: Dataset) -> None:
        """Take another set, and begin to train on it."""
        with self.telling():
            self.name_source(dataset)
            self.plot = BalancePlot(tuple(asked_of(dataset)))
            self.table.value = ""
            controls = row(column(self.tasks, self.setting), column(self.method, self.share))
            self.children = [controls, self.busy, self.plot, self.table, self.source, self.message]
            self.worker = TaskWorker(dataset, self.n_seeds, self.show, self.say)
            self._turn()

    def plots(self) -> list[Plot]:
        """The figures."""
        return [self.plot]

    def wait(self, seconds: float | None = None) -> None:
        """Wait until all of the setting is trained, or for so long; for a cell that wants the numbers."""
        if self.worker is not None:
            self.worker.wait(seconds)

    def _turn(self) -> None:
        if self.worker is None:
            return
        self.share.disabled = self.method.value != "fixed"
        self.show()
        self.worker.want(self.setting.value, self.model)

    def show(self) -> None:
        """Draw what has been trained for the controls."""
        worker = self.worker
        if worker is None:
            return
        with self._drawing, self.telling():
            setting, model = self.setting.value, self.model
            found = worker.found.get(setting)
            self.plot.draw(found, model, setting)
            done = sum(worker.n_done(setting, m) for m in MODELS)
            said = f"{setting}: {done} of {self.n_seeds * len(MODELS)} models of both tasks are trained"
            begun = "" if found else "; the samples are described first, once"
            self.busy.value = f"<small role='status'>{said}{begun}.</small>"
            self.table.value = balance_table(found) if found else ""
