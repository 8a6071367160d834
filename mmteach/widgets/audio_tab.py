"""The voices' tab of FeatureLab: one recording, one feature over time, and the training recordings nearest by it."""

from __future__ import annotations

import html
from typing import ClassVar

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.features.audio_frames import SPEECH, lay
from mmteach.features.audio_pitch import FRAME
from mmteach.features.audio_tracks import Tracks, follow
from mmteach.types import Modality
from mmteach.widgets.audio_features import VIEWS, Heard
from mmteach.widgets.audio_parts import AudioParts
from mmteach.widgets.figure import RIGHT, WRONG, Plot
from mmteach.widgets.nearest import Scores
from mmteach.widgets.panel import Panel, choice, on_change, prose, row, slider, tick
from mmteach.widgets.sentiment_voice import Player

N_NEAREST = 5
N_TEXT = 70  # characters of what was said
ASSUMES = (
    "<small>Standardised within each voice: this assumes that at least three recordings of the same voice, without "
    "labels, are at hand when the answer is asked.</small>"
)


class AudioTab(Panel):
    """Look at a feature of a test recording, and at its nearest neighbours among the training recordings.

    Attributes
    ----------
    scores : Scores of the feature that is shown; None before `compare`.
    neighbours : list of (label, whether it is the right one), nearest first; empty before `compare`.
    """

    title: ClassVar[str] = "Voices"
    modality: ClassVar[Modality] = "audio"

    def __init__(self, dataset: Dataset) -> None:
        self.which = slider("Test recording", 0, 0, 1)
        self.feature = ipywidgets.ToggleButtons(options=[v.title for v in VIEWS], style={"button_width": "130px"})
        self.by_voice = tick("standardise within each voice")
        self.button = ipywidgets.Button(description="Compare", icon="search", layout={"width": "auto"})
        self.progress = ipywidgets.IntProgress(layout={"width": "240px", "display": "none"})
        self.plot, self.player = Plot((8.6, 2.9)), Player()
        self.listen = choice("Listen to", [("this one", 0)])
        self.nearest, self.result = ipywidgets.HTML(), ipywidgets.HTML()
        self.scores: Scores | None = None
        self.neighbours: list[tuple[str, bool]] = []
        super().__init__()
        self.children = [
            self.feature, row(self.which, self.by_voice), self.message, self.plot,
            row(self.button, self.progress), self.listen, self.player, self.nearest, self.result, self.source,
        ]  # fmt: skip
        on_change(self.update, self.which, self.by_voice)
        on_change(self.change_feature, self.feature)
        on_change(self.play, self.listen)
        self.button.on_click(lambda _: self.compare())
        self.use(dataset)

    def use(self, dataset: Dataset) -> None:
        """Take the recordings of another set; nothing is compared before the button is pressed."""
        with self.telling():
            self.name_source(dataset)
            if len(dataset.classes) < 2:
                raise ParameterError(f"'{dataset.name}' has no two labels to compare: pick a set with labels")
            self.parts = AudioParts(dataset)
            self._scored: dict[tuple[str, bool], Scores] = {}
            self._of: tuple[int, Tracks] | None = None
            n = len(self.parts.train)
            self.button.description = f"Compare with {n:,} training recordings"
            self.button.tooltip = "the first time it takes some seconds; later the numbers are looked up"
            self.button.layout.display = None
            self.which.max = len(self.parts.test) - 1
            self.change_feature()

    def compare(self) -> None:
        """Compute the statistics of all recordings, or look them up, and show the nearest."""
        with self.telling():
            self.button.disabled, self.progress.layout.display = True, None
            try:
                self.parts.measure(self._progressed)
            finally:
                self.button.disabled, self.progress.layout.display = False, "none"
            self.button.layout.display = "none"
            self.update()

    def _progressed(self, done: int, of: int) -> None:
        self.progress.max, self.progress.value = of, done

    def change_feature(self) -> None:
        """Show the axes of another feature."""
        with self.telling():
            self.view = next(v for v in VIEWS if v.title == self.feature.value)()
            self.plot.arrange(self.view.n_rows, 1)
            self.view.make(self.plot)
            self.update()

    def update(self) -> None:
        """Show the recording that is chosen by the feature that is chosen: itself, then its neighbours."""
        shown = False
        with self.telling():
            at = min(self.which.value, len(self.parts.test) - 1)
            heard = Heard(self._followed(at), self._unusual(at))
            said = self.view.draw(heard)
            self.plot.redraw(f"{self.view.title} of {self.parts.ids[at]}: {said}.")
            self._show_neighbours(at)
            shown = True
        for part in (self.plot, self.nearest, self.listen, self.player, self.result):
            part.layout.display = None if shown else "none"  # nothing of another recording may stay

    def _followed(self, at: int) -> Tracks:
        """Frames of a test recording; those of the last are kept, for another feature needs the same."""
        if self._of is None or self._of[0] != at:
            voice = self.parts.read(self.parts.test[at])
            self._of = at, follow(lay([voice], SPEECH.hop_length, max(SPEECH.n_fft, FRAME)))[0]
        return self._of[1]

    def _unusual(self, at: int) -> list[tuple[str, float]]:
        """Statistics of the view in which a test recording is furthest from the training mean."""
        if self.parts.rows is None:
            return []
        row_of = self._rows()[1][at]
        names = [self.parts.names[i] for i in self.parts.columns(self.view.parts)]
        return [(names[i], float(row_of[i])) for i in np.argsort(-np.abs(row_of), kind="stable")[:20]]

    def _rows(self) -> tuple[np.ndarray, np.ndarray]:
        return self.parts.scaled(self.view.parts, self.by_voice.value)

    def _show_neighbours(self, at: int) -> None:
        self._heard, self.neighbours, self.scores = [self.parts.test[at]], [], None
        label = str(self.parts.y_test[at])
        lines = [labelled_line(None, label, self._about(self.parts.test[at]))]
        if self.parts.rows is not None:
            self.scores = self._score()
            distances = self.scores.distances[at]
            for i in np.argsort(distances, kind="stable")[:N_NEAREST]:
                name = str(self.parts.y_train[i])
                self.neighbours.append((name, name == label))
                self._heard.append(self.parts.train[i])
                lines.append(
                    labelled_line(name == label, name, f"{distances[i]:.2f}&ensp;{self._about(self.parts.train[i])}")
                )
            lines.insert(1, "<b>Nearest training recordings, by distance</b>")
        self.nearest.value = f'<div role="status">{"".join(lines)}</div>'
        offered = [("this one", 0)]
        for k, (name, right) in enumerate(self.neighbours, start=1):
            offered.append((f"neighbour {k}: {'✓' if right else '✗'} {name}", k))
        self.listen.options = offered  # chooses the first
        self.play()
        self.result.value = self._said() if self.scores else prose(f"<small>{html.escape(self.parts.note)}.</small>")

    def _score(self) -> Scores:
        key = (self.view.title, self.by_voice.value)
        if key not in self._scored:
            self._scored[key] = self.parts.score(self.view.parts, self.by_voice.value)
        return self._scored[key]

    def play(self) -> None:
        """Offer the recording that is chosen: this one, or one of its neighbours."""
        with self.telling():
            k = self.listen.value or 0
            at = self._heard[k]
            whose = "this one" if k == 0 else f"neighbour {k}"
            self.player.show(self.parts.read(at), f"{whose}: {html.escape(str(self.parts.dataset.ids[at]))}")

    def _about(self, at: int) -> str:
        """Which sample it is, whose voice, and what was said, so far as the set knows."""
        sample_row = self.parts.dataset.rows[at]
        voice = f", voice {sample_row.group}" if sample_row.group else ""
        text = sample_row.media.get("text")
        words = f": {text[:N_TEXT]}{'…' if len(text) > N_TEXT else ''}" if isinstance(text, str) else ""
        return html.escape(f"{sample_row.id}{voice}{words}")

    def _said(self) -> str:
        assert self.scores is not None
        s, size = self.scores, len(self.parts.columns(self.view.parts))
        return prose(
            f"<b>Nearest neighbour by {self.view.title}: {s.accuracy:.3f}</b> right of {s.n} (95 % interval "
            f"{s.ci95.low:.3f} to {s.ci95.high:.3f}); always the same label: {self.parts.majority:.3f}. "
            f"{size} numbers a recording. {ASSUMES if self.by_voice.value else ''} "
            f"<small>{html.escape(self.parts.note)}.</small>"
        )


def labelled_line(right: bool | None, label: str, about: str) -> str:
    """A recording: its label, marked where it is an answer, and what is known of it (harmless HTML)."""
    colour = "var(--jp-border-color1)" if right is None else RIGHT if right else WRONG
    mark = "" if right is None else "✓ " if right else "✗ "
    look = f"border-left: 5px solid {colour}; padding-left: 6px"
    return (
        f'<div style="margin: 3px 0; max-width: 800px" dir="auto"><b style="{look}">{mark}{html.escape(label)}</b> '
        f"{about}</div>"
    )
