"""Training in the background: a run that can be paused and stopped, and the bench on which runs are prepared."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import ClassVar

import torch

from mmteach.errors import MmteachError
from mmteach.models import ListenerEncoder, MultimodalModel, build_model
from mmteach.pipeline import Pipeline
from mmteach.train import OF_COSINES, Epoch, History, Recipe, Trainer, seed_everything
from mmteach.types import Batch, Modality, Sample


class Bench:
    """Prepares the pictures once, then builds a fresh model for every run.

    Parameters
    ----------
    pipeline : the branches and the fusion to train; becomes fitted by `keep`.
    train, val : samples; the test part has no place here.
    """

    def __init__(self, pipeline: Pipeline, train: Iterable[Sample], val: Iterable[Sample]) -> None:
        self.pipeline, self._train, self._val = pipeline, train, val
        self._ready: tuple[Batch, Batch | None] | None = None
        self._plain_head = pipeline.head
        self._ears: dict[Modality, dict[str, torch.Tensor]] = {}

    def prepare(self) -> tuple[Batch, Batch | None]:
        """Read, preprocess and extract, the first time that it is asked for."""
        if self._ready is None:
            self._ready = self.pipeline.prepare(self._train, self._val)
            model = self.pipeline.fitted()[1]
            ears = {m: model.encoder(m) for m in model.modalities}
            self._ears = {m: e.recogniser.state_dict() for m, e in ears.items() if isinstance(e, ListenerEncoder)}
        return self._ready

    def trainer(self, recipe: Recipe) -> Trainer:
        """Build a model with fresh weights for a recipe, and its trainer; who has learnt to listen still can."""
        train, val = self.prepare()
        spec = replace(self.pipeline.fitted()[0], head=self._head(recipe.loss))
        seed_everything(recipe.seed)
        model = build_model(spec)
        for m, learnt in self._ears.items():
            ear = model.encoder(m)
            assert isinstance(ear, ListenerEncoder)  # of the same spec
            ear.recogniser.load_state_dict(learnt)
            ear.freeze()
        return Trainer(model, train, val, recipe, self.pipeline.augment)

    def keep(self, trainer: Trainer) -> None:
        """Make a run's model the pipeline's own, and find its temperature on the validation part."""
        pipeline, recipe = self.pipeline, trainer.recipe
        assert isinstance(trainer.model, MultimodalModel)  # `trainer` built it
        pipeline.head, pipeline.recipe, pipeline.model = self._head(recipe.loss), recipe, trainer.model
        pipeline.spec = replace(pipeline.fitted()[0], head=pipeline.head)
        pipeline.calibrate(trainer.val)

    def _head(self, loss: str) -> dict[str, object]:
        """ArcFace and LDAM are defined on angles and need the cosine head; others take the pipeline's own."""
        return {"name": "cosine"} if loss in OF_COSINES else self._plain_head


class TrainingRun:
    """One run in a thread of its own. Only one runs at a time: two would share the cores, and neither be watched.

    Parameters
    ----------
    make : builds the trainer, in the thread, since reading the pictures takes a while.
    on_epoch : called after every epoch with its row.
    on_end : called once, when the run is over; `state` and `sentence` say how.

    Attributes
    ----------
    state : "ready", "preparing", "running", "paused", then "finished", "early", "stopped" or "failed".
    sentence : what went wrong, in words; "" otherwise.
    learning_rate : may be set at any time; obeyed from the next epoch on.
    """

    _current: ClassVar[TrainingRun | None] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(
        self,
        make: Callable[[], Trainer],
        on_epoch: Callable[[TrainingRun, Epoch], None] = lambda run, row: None,
        on_end: Callable[[TrainingRun], None] = lambda run: None,
    ) -> None:
        self.make, self.on_epoch, self.on_end = make, on_epoch, on_end
        self.trainer: Trainer | None = None
        self.learning_rate: float | None = None
        self.state, self.sentence = "ready", ""
        self._go, self._halt = threading.Event(), threading.Event()
        self._go.set()
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)

    @classmethod
    def stop_current(cls) -> None:
        """Stop whatever run there is, as a cell does that is run again."""
        if cls._current is not None:
            cls._current.stop()

    @property
    def history(self) -> History:
        """The epochs so far."""
        return self.trainer.history if self.trainer else History()

    @property
    def over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.state in ("finished", "early", "stopped", "failed")

    def start(self) -> None:
        """Begin, after stopping the run before."""
        with self._lock:
            self.stop_current()
            TrainingRun._current = self
        self.state = "preparing"
        self._thread.start()

    def pause(self) -> None:
        """Wait after this epoch; weights, optimiser and schedule stay as they are."""
        if self.state == "running":
            self._go.clear()
            self.state = "paused"

    def go_on(self) -> None:
        """Go on where it paused."""
        if self.state == "paused":
            self.state = "running"
            self._go.set()

    def stop(self, timeout: float | None = None) -> None:
        """End after this epoch, with the best model so far; waits for it when given a timeout in seconds."""
        self._halt.set()
        self._go.set()
        if timeout is not None:
            self.wait(timeout)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the end."""
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _work(self) -> None:
        torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))  # a core is left for the page, which wants to be drawn
        try:
            self.trainer = self.make()
            self.state = "running"
            self._train(self.trainer)
            self.state = self.trainer.finish().ended
        except MmteachError as error:
            self._fail(str(error))
        except Exception as error:  # a thread that dies silently would leave its buttons waiting for ever
            self._fail(f"training ended by a mistake of ours ({type(error).__name__}: {error}): start it again")
        finally:
            self.on_end(self)

    def _train(self, trainer: Trainer) -> None:
        while not trainer.done:
            self._go.wait()
            if self._halt.is_set():
                return
            if self.learning_rate is not None:
                trainer.learning_rate = self.learning_rate
            self.on_epoch(self, trainer.epoch())
            time.sleep(0.001)  # let the kernel hear a button

    def _fail(self, sentence: str) -> None:
        self.state, self.sentence = "failed", sentence
        if self.trainer is not None:
            self.trainer.finish()
