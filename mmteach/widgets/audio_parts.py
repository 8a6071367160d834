"""The recordings of a set, divided into a training and a test part, and their statistics, computed when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.features import Scale, VoiceStatistics
from mmteach.preprocess import Resample, apply_steps, require_sound
from mmteach.types import Waveform
from mmteach.widgets.nearest import Scores, compare_rows
from mmteach.widgets.parts import divide, read_one

N_TRAIN, N_TEST = 1000, 300  # of a larger set so many are drawn
STEPS = (Resample(16_000),)
AT_ONCE = 32  # recordings between one sign of progress and the next


class AudioParts:
    """Training and test recordings of a set, no group on both sides.

    Attributes
    ----------
    train, test : indices into the set.
    y_train, y_test, train_ids, ids, majority, note : as TextParts has them.
    rows : np.ndarray [shape=(n_train + n_test, D)] of all statistics; None until `measure` has been called.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.train, self.test, self.majority, self.note = divide(dataset, "audio", N_TRAIN, N_TEST)
        self.y_train, self.y_test = dataset.labels[self.train], dataset.labels[self.test]
        self.train_ids, self.ids = dataset.ids[self.train], dataset.ids[self.test]
        self.rows: np.ndarray | None = None
        self.names = VoiceStatistics().names()

    def read(self, at: int) -> Waveform:
        """Read a recording by its index in the set, at 16 kHz.

        Raises
        ------
        DataError : it is silent or shorter than a frame.
        """
        waveform = read_one(self.dataset, at, "audio")
        try:
            voice = apply_steps(waveform, STEPS)
            require_sound(voice)  # type: ignore[arg-type]
        except DataError as error:
            raise DataError(f"sample {self.dataset.ids[at]}: {error}") from error
        return voice  # type: ignore[return-value]

    def measure(self, on_progress: Callable[[int, int], None] = lambda done, of: None) -> None:
        """Compute the statistics of all recordings; those that were ever computed on this machine are only looked up.

        A silent recording has statistics too: finite ones.
        """
        every = [*self.train, *self.test]
        found = []
        for first in range(0, len(every), AT_ONCE):
            found.append(VoiceStatistics()(self._waveforms(every[first : first + AT_ONCE])))
            on_progress(min(first + AT_ONCE, len(every)), len(every))
        self.rows = np.concatenate(found)

    def _waveforms(self, indices: list[int]) -> Iterator[Waveform]:
        for at in indices:
            yield apply_steps(read_one(self.dataset, at, "audio"), STEPS)  # type: ignore[misc]

    def scaled(self, parts: tuple[str, ...], by_voice: bool) -> tuple[np.ndarray, np.ndarray]:
        """Statistics of these parts, standardised: training part (n_train, D), test part (n_test, D)."""
        assert self.rows is not None
        kept = self.columns(parts)
        n = len(self.train)
        train, test = self.rows[:n, kept], self.rows[n:, kept]
        scale = Scale("group" if by_voice else "train")
        scale.fit(train)
        groups = self.dataset.groups
        made = (scale(train, groups[self.train].tolist()), scale(test, groups[self.test].tolist()))
        return np.asarray(made[0]), np.asarray(made[1])

    def columns(self, parts: tuple[str, ...]) -> list[int]:
        """Which columns of `rows` belong to these parts, in the order of `VoiceStatistics(parts).names()`."""
        place = {name: i for i, name in enumerate(self.names)}
        return [place[name] for name in VoiceStatistics(parts).names()]

    def score(self, parts: tuple[str, ...], by_voice: bool) -> Scores:
        """Ask each test recording's nearest training recording for its label."""
        train, test = self.scaled(parts, by_voice)
        return compare_rows(test, train, self.y_test, self.y_train)
