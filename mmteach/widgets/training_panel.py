"""TrainingPanel: start, pause, stop, turn the learning rate, and watch the curves while a model learns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset
from mmteach.pipeline import Pipeline
from mmteach.train import LOSSES, SCHEDULES, Epoch, History, Recipe
from mmteach.types import Sample
from mmteach.widgets.figure import BLUE, ORANGE, Plot, limit, plain
from mmteach.widgets.panel import Panel, choice, row, slider
from mmteach.widgets.training_record import ENDS, curves_in_words, loss_ceiling, runs_table
from mmteach.widgets.training_run import Bench, TrainingRun

_REDRAW = 0.3  # seconds between two drawings; an epoch may be shorter


class TrainingPanel(Panel):
    """Train a pipeline by hand.

    Parameters
    ----------
    pipeline : what to train; its recipe gives the first setting of the controls.
    train, val : samples; validation decides which epoch is kept. The test part has no place here.
    losses : offered.

    Attributes
    ----------
    pipeline : fitted with the model of the run that ended last.
    runs : list of TrainingRun, oldest first.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        train: Iterable[Sample],
        val: Iterable[Sample],
        losses: Sequence[str] = tuple(LOSSES),
    ) -> None:
        TrainingRun.stop_current()  # the cell was run again: what it started before would go on unseen
        self.bench, self.runs = Bench(pipeline, train, val), list[TrainingRun]()
        self._drawing, self._drawn = threading.RLock(), 0.0  # the run's thread and the buttons both write
        self._make_controls(pipeline.recipe, losses)
        self._make_plot()
        self.state = ipywidgets.HTML()
        self.table = ipywidgets.HTML()
        super().__init__()
        buttons = row(self.start_button, self.pause_button, self.stop_button, self.state)
        settings = row(self.loss, self.optimiser, self.schedule, self.epochs)
        self.children = [settings, self.rate, buttons, self.plot, self.message, self.table, self.source]
        if isinstance(train, Dataset):
            self.name_source(train)
        self._show_state()
        self._draw()

    def _make_controls(self, recipe: Recipe, losses: Sequence[str]) -> None:
        self.loss = choice("Loss", list(losses), recipe.loss if recipe.loss in losses else losses[0])
        self.optimiser = choice("Optimiser", ["adamw", "sgd"], recipe.optimiser)
        self.schedule = choice("Schedule", list(SCHEDULES), recipe.schedule)
        self.epochs = slider("Epochs", min(recipe.epochs, 100), 1, 100)
        self.rate = ipywidgets.FloatLogSlider(
            value=recipe.learning_rate, base=10, min=-5, max=1, step=0.05, description="Learning rate",
            readout_format=".1e", tooltip="obeyed at the next epoch, also in the middle of a run",
            style={"description_width": "130px"}, layout={"width": "500px", "max_width": "100%"},
        )  # fmt: skip
        self.recipe = recipe
        self.start_button = ipywidgets.Button(description="Start", icon="play", button_style="primary")
        self.pause_button = ipywidgets.Button(description="Pause", icon="pause")
        self.stop_button = ipywidgets.Button(description="Stop", icon="stop")
        self.start_button.on_click(lambda _: self.start())
        self.pause_button.on_click(lambda _: self.pause())
        self.stop_button.on_click(lambda _: self.stop())
        self.rate.observe(lambda change: self._turn(change["new"]), names="value")

    def _make_plot(self) -> None:
        self.plot = Plot((8.6, 3.0), columns=2)
        self._lines = {}
        for ax, measure in zip(self.plot.axes, ("loss", "accuracy"), strict=True):
            plain(ax, measure, "epoch")
            for part, colour, dash in (("train", BLUE, "--"), ("val", ORANGE, "-")):
                (self._lines[f"{part}_{measure}"],) = ax.plot([], [], dash, color=colour, marker=".", label=part)
            ax.axvline(np.nan, color="#999999", lw=1, ls=":", label="kept epoch")
        self.plot.axes[1].set_ylim(0, 1.02)
        self.plot.axes[0].legend(fontsize=8, loc="upper right", edgecolor="none", framealpha=0.9)

    # what the buttons do

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline; fitted once a run has ended."""
        return self.bench.pipeline

    @property
    def running(self) -> TrainingRun | None:
        """The run that is not over yet."""
        return self.runs[-1] if self.runs and not self.runs[-1].over else None

    def start(self) -> None:
        """Train a fresh model with what the controls say."""
        if self.running:
            self.say("a run is under way: stop it before you start another", "note")
            return
        recipe = Recipe(**{
            **vars(self.recipe), "loss": self.loss.value, "optimiser": self.optimiser.value,
            "schedule": self.schedule.value, "epochs": int(self.epochs.value), "learning_rate": self.rate.value,
        })  # fmt: skip
        self.say(_REMARKS.get(recipe.loss, ""), "note")
        run = TrainingRun(lambda: self.bench.trainer(recipe), self._after_epoch, self._after_run)
        self.runs.append(run)
        run.start()
        self._show_state()

    def pause(self) -> None:
        """Pause, or go on."""
        if self.running:
            self.running.go_on() if self.running.state == "paused" else self.running.pause()
        self._show_state()

    def stop(self) -> None:
        """End the run after this epoch; the best model so far is kept."""
        if self.running:
            self.running.stop()

    def train(self, **settings: object) -> Pipeline:
        """Set controls by name, run to the end, and return the pipeline: what Start does, for a cell that waits.

        Parameters
        ----------
        settings : loss, optimiser, schedule, epochs, rate.
        """
        for name, value in settings.items():
            getattr(self, name).value = value
        self.start()
        if self.runs:
            self.runs[-1].wait()
        return self.pipeline

    def _turn(self, rate: float) -> None:
        if self.running:
            self.running.learning_rate = rate

    # what the run's thread calls

    def _after_epoch(self, run: TrainingRun, row: Epoch) -> None:
        if time.monotonic() - self._drawn > _REDRAW:
            self._draw(run)
        self._show_state(row)

    def _after_run(self, run: TrainingRun) -> None:
        with self.telling():
            if run.trainer is not None and run.history.epochs:
                self.bench.keep(run.trainer)
        if run.sentence:
            self.say(run.sentence)
        self._draw(run)
        self._show_state()
        self.table.value = runs_table(self.runs)

    # what is seen

    def _draw(self, run: TrainingRun | None = None) -> None:
        with self._drawing:
            history = run.history if run else History()
            number = history.column("number")
            for name, line in self._lines.items():
                line.set_data(number, history.column(name))
            for ax in self.plot.axes:
                ax.lines[-1].set_xdata([history.best or np.nan] * 2)
                limit(ax, x=(0.5, max(4, run.trainer.recipe.epochs if run and run.trainer else 4) + 0.5))
            self.plot.axes[0].set_ylim(0, loss_ceiling(history.column("train_loss"), history.column("val_loss")))
            self.plot.redraw(curves_in_words(history.epochs, history.best))
            self._drawn = time.monotonic()

    def _show_state(self, last: Epoch | None = None) -> None:
        with self._drawing:
            run = self.running
            paused = run is not None and run.state == "paused"
            self.start_button.disabled, self.stop_button.disabled = run is not None, run is None
            self.pause_button.disabled = run is None
            self.pause_button.description, self.pause_button.icon = ("Go on", "play") if paused else ("Pause", "pause")
            self.state.value = f"<span style='padding-left: 10px'>{self._words(run, last)}</span>"

    def _words(self, run: TrainingRun | None, last: Epoch | None) -> str:
        if run is None:
            return f"run {len(self.runs)}: {ENDS[self.runs[-1].state]}" if self.runs else "press Start"
        done = run.history.epochs
        last = last or (done[-1] if done else None)
        if run.state == "preparing" or last is None:
            return "reading and preparing the pictures ..."
        return (
            f"run {len(self.runs)} {run.state}: epoch {last.number} of {run.trainer.recipe.epochs}, "  # type: ignore[union-attr]
            f"val accuracy {last.val_accuracy:.3f}, learning rate {last.learning_rate:.1e}"
        )


_REMARKS = {
    "triplet": "triplet shapes the embedding and trains no head: its accuracy stays at chance, its loss tells",
    "arcface": "arcface compares angles, so this run gets the cosine head",
    "ldam": "ldam compares angles, so this run gets the cosine head",
}
