"""FusionLab: train several fusions on the same features, compare them, and take modalities away from them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import NamedTuple

import ipywidgets

from mmteach.cases import fusions
from mmteach.datasets import Dataset
from mmteach.train import Epoch
from mmteach.widgets.fusion_bench import FusionBench, Trial
from mmteach.widgets.fusion_views import CurvePlot, fusions_table
from mmteach.widgets.panel import Data, Panel, choice, follow, on_change, row, slider, tick
from mmteach.widgets.training_run import TrainingRun

FIRST = ("product", "concat", "gated", "attention")  # ticked at the beginning
HIDDEN = 0.3  # share of modalities hidden in training, where that is ticked


class Task(NamedTuple):
    """One model to be trained."""

    fusion: str
    drop: float
    seed: int


class FusionLab(Panel):
    """Tick fusions, press Run; then see what is left when a modality is missing or wrong.

    Models are trained in a thread, one after the other, so the page stays usable; what was trained before is not
    trained again.

    Parameters
    ----------
    data : a set with two modalities or more, its name, or a DataPicker; of pictures alone, pixels and designed features
        are the two.

    Attributes
    ----------
    trials : {(fusion, share hidden in training): list of Trial, one a seed}.
    picked : {fusion: check box}; seeds, hide, kind, modality : controls.
    """

    def __init__(self, data: Data = "spoken_reviews") -> None:
        TrainingRun.stop_current()  # the cell was run again: what it started before would go on unseen
        self.trials: dict[tuple[str, float], list[Trial]] = {}
        self._queue: list[Task] = []
        self._n_asked = 0
        self._run: TrainingRun | None = None
        self._writing, self._idle = threading.RLock(), threading.Event()
        self._idle.set()
        self._make_controls()
        self.table, self.plot = ipywidgets.HTML(), CurvePlot()
        super().__init__()
        ticks = row(*self.picked.values())
        buttons = row(self.start_button, self.stop_button, self.progress, self.state)
        spoil = row(self.kind, self.modality)
        self.children = [
            ticks,
            row(self.seeds, self.hide),
            buttons,
            self.message,
            self.table,
            spoil,
            self.plot,
            self.source,
        ]
        follow(data, self.use)

    def _make_controls(self) -> None:
        self.picked = {name: tick(name, name in FIRST) for name in fusions.NAMED}
        for name, box in self.picked.items():
            box.tooltip, box.layout.margin = fusions.NAMED[name].about, "0 14px 0 0"
        self.seeds = slider("Seeds", 3, 1, 10, help="so many models of each fusion, from different first weights")
        self.hide = tick(f"hide {100 * HIDDEN:g} % of the modalities in training")
        self.start_button = ipywidgets.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = ipywidgets.Button(description="Stop", icon="stop", disabled=True)
        self.start_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        self.progress = ipywidgets.FloatProgress(value=0, max=1, layout={"width": "220px"})
        self.state = ipywidgets.HTML("press Run")
        self.kind = choice("A modality is", [("missing", "missing"), ("wrong: another sample's", "wrong")])
        self.modality = choice("Which", ["audio"])
        on_change(self.redraw, self.kind, self.modality)

    def use(self, dataset: Dataset) -> None:
        """Take another set; what was trained on the former is put away."""
        self.stop(wait=True)
        with self.telling():
            self.trials, self.table.value = {}, ""
            self.start_button.disabled = True
            self.say(f"computing the features of {dataset.name}: a few seconds", "busy")
            self.bench = FusionBench(dataset)
            self.say()
            self.name_source(dataset)
            self.modality.options = list(self.bench.modalities)
            self.start_button.disabled = False
            self.redraw()

    # what the buttons do

    def start(self) -> None:
        """Train what is ticked and not trained yet."""
        if not self._idle.is_set():
            self.say("models are being trained: stop, or wait", "note")
            return
        drop = HIDDEN if self.hide.value else 0.0
        chosen = [name for name, box in self.picked.items() if box.value]
        done = {(t.fusion, t.drop, t.seed) for made in self.trials.values() for t in made}
        asked = [Task(name, drop, seed) for seed in range(self.seeds.value) for name in chosen]
        self._queue = [task for task in asked if task not in done]
        self._n_asked = len(self._queue)
        self.say("" if chosen else "no fusion is ticked: tick one or more", "note")
        if self._queue:
            self._idle.clear()
            self.start_button.disabled, self.stop_button.disabled = True, False
            self._next()
        elif chosen:
            self.state.value = "all of these are trained already"

    def stop(self, wait: bool = False) -> None:
        """End after this epoch; models that are whole stay in the table."""
        self._queue.clear()
        if self._run is not None:
            self._run.stop(30 if wait else None)

    def train(self, picked: Iterable[str] = FIRST, seeds: int = 3, hide: bool = False) -> list[Trial]:
        """Set the controls, run to the end and return the trials: what Run does, for a cell that waits."""
        picked = list(picked)
        for name in picked:
            fusions.named(name)
        for name, box in self.picked.items():
            box.value = name in picked
        self.seeds.value, self.hide.value = seeds, hide
        self.start()
        self._idle.wait()
        return [t for made in self.trials.values() for t in made]

    # what happens in the thread of a run

    def _next(self) -> None:
        task = self._queue.pop(0)
        self._run = TrainingRun(
            lambda: self.bench.trainer(task.fusion, task.seed, task.drop),
            lambda run, epoch: self._after_epoch(task, run, epoch),
            lambda run: self._after_run(task, run),
        )
        self._run.start()

    def _after_epoch(self, task: Task, run: TrainingRun, epoch: Epoch) -> None:
        assert run.trainer is not None
        part = epoch.number / run.trainer.recipe.epochs
        n_done = self._n_asked - len(self._queue) - 1
        self.progress.value = (n_done + part) / self._n_asked
        self.state.value = (
            f"model {n_done + 1} of {self._n_asked}: {task.fusion}, seed {task.seed}, epoch {epoch.number}"
        )

    def _after_run(self, task: Task, run: TrainingRun) -> None:
        """Judge a model that was trained to its end, show it, and go on with the next."""
        if run.state in ("finished", "early") and run.trainer is not None:
            with self.telling():
                trial = self.bench.judge(task.fusion, run.trainer)
                self.trials.setdefault((task.fusion, task.drop), []).append(trial)
                self.redraw()
        if run.sentence:
            self.say(run.sentence)
        if self._queue:
            self._next()
            return
        n = sum(len(made) for made in self.trials.values())
        self.state.value = f"{'stopped; ' if run.state == 'stopped' else ''}{n} models trained"
        self.progress.value = 0
        self.start_button.disabled, self.stop_button.disabled = False, True
        self._idle.set()

    def redraw(self) -> None:
        """Show the table and the curves of what is trained so far."""
        with self._writing:
            if self.modality.value not in self.bench.modalities:
                return  # the drop-down is being filled
            trials = {key: list(made) for key, made in self.trials.items()}
            self.table.value = fusions_table(trials, self.bench.majority, self.bench.n_test, self.bench.note)
            self.plot.show_curves(trials, self.kind.value, self.modality.value, self.bench.majority)
