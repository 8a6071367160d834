"""ImbalanceLab: make a class rare, take a modality away, and see which remedy helps whom."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import ipywidgets

from mmteach.cases.studies.imbalance import PLAIN, REMEDIES, usual
from mmteach.cases.studies.imbalance_parts import FEWEST, MOST
from mmteach.cases.studies.vectors import vectors
from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.widgets.figure import Plot
from mmteach.widgets.html_table import html_table
from mmteach.widgets.imbalance_views import MissingPlot, RemedyPlot
from mmteach.widgets.imbalance_worker import RATES, ImbalanceWorker
from mmteach.widgets.panel import Data, Panel, column, follow, on_change, prose

RATIOS = (1, 2, 5, 10, 20, 50, 100)
SHOWN = (PLAIN, "class weights", "balanced sampler", "SMOTE", "logit adjustment", "adjusted afterwards")


class ImbalanceLab(Panel):
    """Remedies for rare classes and missing modalities, side by side.

    Models are trained in the background, a small one a second or so; a slider shows what is there at once.

    Parameters
    ----------
    data : a set, its name, or a picker.
    remedies : which of cases.imbalance.REMEDIES to compare.
    ratio : to begin with, one of RATIOS.
    n_seeds : runs of each; two or more give intervals.

    Attributes
    ----------
    worker : what has been trained: `results`, `leaks`, `curves`; `wait()` waits for it.
    """

    def __init__(
        self, data: Data = "spoken_reviews", remedies: Sequence[str] = SHOWN, ratio: int = 50, n_seeds: int = 3
    ) -> None:
        unknown = sorted(set(remedies) - set(REMEDIES))
        if unknown or PLAIN not in remedies:
            raise ParameterError(
                f"remedies are {', '.join(remedies)}; choose {PLAIN} and any of {', '.join(REMEDIES)}: "
                f"{unknown[0] if unknown else PLAIN} is the trouble"
            )
        if ratio not in RATIOS or n_seeds < 1:
            raise ParameterError(
                f"ratio {ratio}, {n_seeds} seeds: the ratio must be one of {RATIOS}, the seeds 1 or more"
            )
        self.remedies, self.n_seeds = tuple(remedies), n_seeds
        self.worker: ImbalanceWorker | None = None
        self._drawing = threading.RLock()  # the worker's thread and the sliders both draw
        look = {"style": {"description_width": "210px"}, "layout": {"width": "560px", "max_width": "100%"}}
        self.ratio = ipywidgets.SelectionSlider(
            options=[(f"{r} : 1", r) for r in RATIOS], value=ratio, description="Most frequent : rarest class", **look
        )
        self.rate = ipywidgets.SelectionSlider(
            options=[(f"{100 * r:.0f} %", r) for r in RATES],
            value=0.5,
            description="Test samples without it",
            **look,
        )
        self.busy, self.leak, self.words = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__()
        on_change(self._turn_ratio, self.ratio)
        on_change(self._show_missing, self.rate)
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Describe another set, and begin to train on it."""
        with self.telling():
            self.say("describing the samples, once", "busy")
            asked = usual(dataset)
            v = vectors(asked)
            self.say()
            self.name_source(asked)
            self.remedy_plot = RemedyPlot(self.remedies, v.classes)
            self.missing_plot = MissingPlot(sorted(v.x), len(v.classes)) if len(v.x) > 1 else None
            lower: list[ipywidgets.Widget] = [self.rate, self.missing_plot, self.words] if self.missing_plot else []
            head = ipywidgets.HTML(_HEAD.format(classes=", ".join(v.classes)))
            self.children = [
                head,
                column(self.ratio, self.busy),
                self.remedy_plot,
                self.leak,
                *lower,
                self.source,
                self.message,
            ]
            self.worker = ImbalanceWorker(v, self.remedies, self.n_seeds, self.show, self.say)
            self._turn_ratio()
            self._show_missing()

    def plots(self) -> list[Plot]:
        """The figures."""
        return [self.remedy_plot, *([self.missing_plot] if self.missing_plot else [])]

    def wait(self, seconds: float | None = None) -> None:
        """Wait until all is trained, or for so long; for a cell that wants the numbers."""
        if self.worker is not None:
            self.worker.wait(seconds)

    def _turn_ratio(self) -> None:
        self.say()
        with self._drawing, self.telling():
            self._show_remedies()
        if self.worker is not None:  # last: what it has to say at once must not be cleared by the drawing
            self.worker.want(self.ratio.value)

    def show(self) -> None:
        """Draw what has been trained for the ratio and the rate of the sliders."""
        with self._drawing, self.telling():
            self._show_remedies()
            self._show_missing()

    def _show_remedies(self) -> None:
        worker, ratio = self.worker, self.ratio.value
        if worker is None:
            return
        self.remedy_plot.draw(worker.results.get(ratio), ratio)
        self.busy.value = f"<small role='status'>{worker.busy or '&nbsp;'}</small>"
        rows = worker.leaks.get(ratio, [])
        told = [[r.model, f"{r.value:.2f}", f"{r.ci95[0]:.2f} to {r.ci95[1]:.2f}"] for r in rows]
        seeds = f"95 % over {worker.n_seeds} seeds"
        self.leak.value = (
            html_table(["resampling at the wrong moment", "balanced accuracy", seeds], told) if rows else ""
        )

    def _show_missing(self) -> None:
        with self._drawing:
            if self.missing_plot is not None and self.worker is not None:
                said = self.missing_plot.draw(self.worker.curves, self.rate.value)
                self.words.value = prose(f"<small>{said}</small>")


_HEAD = (
    "<small>Classes, most frequent first: {classes}. Only the training part is thinned; "
    f"at most {MOST:,} samples of a class, {FEWEST} at least.</small>"
)
