"""TransferLab: choose a teacher and a student, and see whether it was the teacher that helped."""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets
import numpy as np

from mmteach.cases.studies.transfer import Setting, usual
from mmteach.cases.studies.vectors import vectors
from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.infer import majority_accuracy
from mmteach.widgets.figure import Plot
from mmteach.widgets.panel import Data, Panel, column, follow, on_change, row
from mmteach.widgets.transfer_views import StudentPlot, differences, known_teacher
from mmteach.widgets.transfer_worker import TransferWorker

TEMPERATURES, WEIGHTS, LABELLED = (1.0, 2.0, 4.0, 8.0, 16.0), (0.2, 0.5, 0.8, 1.0), (12, 30, 60, 120, 240)
N_STEPS = 100  # of every training here; the case takes twice as many
_LOOK: dict[str, Any] = {
    "style": {"description_width": "180px"},
    "layout": {"width": "420px", "max_width": "100%"},
}


class TransferLab(Panel):
    """A student with and without a teacher, and with soft labels that know less than it.

    Models are trained in the background, six for every seed; what was trained before is shown at once.

    Parameters
    ----------
    data : a set with two modalities, its name, or a picker.
    n_seeds : runs of each; two or more give intervals.

    Attributes
    ----------
    worker : what has been trained, by setting: `results`; `wait()` waits for it.
    teacher, student, temperature, weight, labelled : controls.
    """

    def __init__(self, data: Data = "spoken_reviews", n_seeds: int = 3) -> None:
        if n_seeds < 1:
            raise ParameterError(f"{n_seeds} seeds: give 1 or more, 2 for intervals")
        self.n_seeds = n_seeds
        self.worker: TransferWorker | None = None
        self._drawing, self._quiet = threading.RLock(), False  # the worker's thread and the controls both draw
        self.teacher = ipywidgets.Dropdown(options=[("", ())], description="Teacher sees", **_LOOK)
        self.student = ipywidgets.Dropdown(options=[""], description="Student has", **_LOOK)
        self.temperature = ipywidgets.SelectionSlider(
            options=[(f"{t:g}", t) for t in TEMPERATURES], value=4.0, description="Temperature T", **_LOOK
        )
        self.weight = ipywidgets.SelectionSlider(
            options=[(f"{w:g}", w) for w in WEIGHTS], value=0.5, description="Weight of soft targets", **_LOOK
        )
        self.labelled = ipywidgets.SelectionSlider(
            options=[("all", 0)], value=0, description="Labelled training samples", **_LOOK
        )
        self.busy, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__()
        on_change(self._turn, self.teacher, self.student, self.temperature, self.weight, self.labelled)
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Describe another set, and begin to train on it."""
        with self.telling():
            self.say("describing the samples, once", "busy")
            asked, v = usual(dataset), vectors(dataset)
            self.say()
            self.name_source(dataset)
            self._groups = np.array([r.group or r.id for r in v.dataset.rows])
            self._offer(asked, sorted(v.x), len(v.classes))
            self.plot = StudentPlot(v.classes, majority_accuracy(v.y, v.y))
            controls = row(column(self.teacher, self.student, self.labelled), column(self.temperature, self.weight))
            self.children = [controls, self.busy, self.plot, self.table, self.source, self.message]
            self.worker = TransferWorker(v, self.n_seeds, self.show, self.say)
            self._turn()

    def _offer(self, asked: Setting, modalities: list[str], n_classes: int) -> None:
        """Fill the menus; several modalities are fused."""
        self._quiet = True
        teachers = [(m, (m,)) for m in modalities] + [(" + ".join(modalities), tuple(modalities))]
        self.teacher.options, self.teacher.value = teachers, asked.teacher
        self.student.options, self.student.value = modalities, asked.student
        fewer = [(str(n), n) for n in LABELLED if n >= 2 * n_classes]
        self.labelled.options, self.labelled.value = [*fewer, ("all", 0)], 0
        self._quiet = False

    @property
    def setting(self) -> Setting:
        """What the controls ask for."""
        return Setting(
            self.teacher.value, self.student.value, self.temperature.value, self.weight.value,
            self.labelled.value or None, N_STEPS,
        )  # fmt: skip

    def plots(self) -> list[Plot]:
        """The figures."""
        return [self.plot]

    def wait(self, seconds: float | None = None) -> None:
        """Wait until all is trained, or for so long; for a cell that wants the numbers."""
        if self.worker is not None:
            self.worker.wait(seconds)

    def _turn(self) -> None:
        if self._quiet or self.worker is None:
            return
        self.say()
        self.worker.want(self.setting)
        self.show()

    def show(self) -> None:
        """Draw what has been trained for the setting of the controls."""
        worker = self.worker
        if worker is None:
            return
        with self._drawing, self.telling():
            setting = self.setting
            results = worker.results.get(setting)
            self.plot.draw(
                results, known_teacher(worker.results, setting.teacher, setting.n_labelled), setting.temperature
            )
            done = worker.n_done(setting)
            said = f"{done} of {self.n_seeds} seeds are trained, a teacher and five students each"
            small = " (one modality: a big teacher, a small student)" if setting.teacher == (setting.student,) else ""
            self.busy.value = f"<small role='status'>{said}{small}.</small>"
            self.table.value = differences(results, self._groups) if results and done > 1 else ""
