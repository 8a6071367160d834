"""Trains the remedies of ImbalanceLab one by one, in a thread of its own, in the order in which they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from mmteach.cases.report import Row
from mmteach.cases.studies import imbalance
from mmteach.cases.studies.imbalance import MODALITY_REMEDIES, Results
from mmteach.cases.studies.vectors import Vectors
from mmteach.errors import MmteachError
from mmteach.types import Modality
from mmteach.widgets.small import one_thread

RATES = tuple(i / 10 for i in range(10))  # shares of the test samples that lose a modality


class Worker:
    """Keeps what has been trained, and goes on with what is wanted.

    Parameters
    ----------
    on_step : called from the thread after every model, and at the end.
    on_fail : called with a sentence.

    Attributes
    ----------
    results, leaks : by ratio; curves : by remedy, for each seed the balanced accuracy at every rate, by modality.
    busy : a sentence, "" when nothing is left to do.
    """

    _current: ClassVar[Worker | None] = None

    def __init__(
        self,
        vectors: Vectors,
        names: Sequence[str],
        n_seeds: int,
        on_step: Callable[[], None],
        on_fail: Callable[[str], None],
    ) -> None:
        if Worker._current is not None:
            Worker._current.stop()  # the cell was run again: what it started before would go on unseen
        Worker._current = self
        self.vectors, self.names, self.n_seeds, self.on_step, self.on_fail = vectors, names, n_seeds, on_step, on_fail
        self.results: dict[float, Results] = {}
        self.leaks: dict[float, list[Row]] = {}
        self.curves: dict[str, list[dict[Modality, list[float]]]] = {}
        self.busy, self._wanted, self._halt, self._running = "", 1.0, False, False
        self._begun: dict[float, Iterator[str]] = {}
        self._curving = self._curve() if len(vectors.x) > 1 else iter(())
        self._lock, self._thread = threading.Lock(), threading.Thread()

    def want(self, ratio: float) -> None:
        """Train this ratio first; what another one has begun is gone on with when it is wanted again."""
        with self._lock:
            self._wanted = ratio
            if not self._running:
                self._running = True
                self._thread = threading.Thread(target=self._work, name="imbalance", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End after this model."""
        self._halt = True

    def wait(self, timeout: float | None = None) -> None:
        """Wait until nothing is left to do, or for so many seconds."""
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _work(self) -> None:
        while not self._halt:
            ratio = self._wanted
            try:
                with one_thread():
                    self.busy = self._train_next(ratio)
                self.on_step()
            except MmteachError as error:
                self._fail(ratio, str(error))
            except Exception as error:  # a thread that dies silently would leave its figure waiting for ever
                said = f"{type(error).__name__}: {error}"
                self._fail(ratio, f"something went wrong inside mmteach ({said}): please report it")
            with self._lock:
                if not self.busy and ratio == self._wanted:  # else somebody has asked for more meanwhile
                    self._running = False
                    return

    def _fail(self, ratio: float, sentence: str) -> None:
        self.busy = ""
        self._begun.pop(ratio, None)  # whoever asks again is told again
        self.on_fail(sentence)

    def _train_next(self, ratio: float) -> str:
        """Train one model of what is wanted, or, when that is done, of the missing modalities; say what was done."""
        said = next(self._begun.setdefault(ratio, self._remedies(ratio)), "")
        return said or next(self._curving, "")

    def _remedies(self, ratio: float) -> Iterator[str]:
        total = self.n_seeds * len(self.names)
        for i, results in enumerate(imbalance.run(self.vectors, ratio, range(self.n_seeds), self.names)):
            self.results[ratio] = results
            yield f"ratio {ratio:g}: {i + 1} of {total} models are trained"
        self.leaks[ratio] = imbalance.leak(self.vectors, ratio, range(self.n_seeds))
        yield f"ratio {ratio:g}: done; missing modalities are next"

    def _curve(self) -> Iterator[str]:
        for seed in range(self.n_seeds):
            for remedy in MODALITY_REMEDIES:
                found = imbalance.without(self.vectors, remedy, RATES, seed)
                means = {m: [float(r.mean()) for r in recalls] for m, recalls in found.items()}
                self.curves.setdefault(remedy, []).append(means)
                yield f"missing modalities: {remedy}, seed {seed + 1} of {self.n_seeds}"
