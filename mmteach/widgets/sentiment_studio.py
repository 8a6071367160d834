"""SentimentStudio: a sentence, a voice, what each says, what both say together, and why."""

from __future__ import annotations

import ipywidgets

from mmteach.cases import sentiment
from mmteach.datasets import Dataset
from mmteach.pipeline import Pipeline
from mmteach.types import Modality
from mmteach.widgets.data_picker import DataPicker, sets_here
from mmteach.widgets.panel import Data, follow, on_change, prose, row, tick
from mmteach.widgets.sentiment_input import SentimentInput, beside
from mmteach.widgets.sentiment_reader import MoodReader
from mmteach.widgets.sentiment_training import Parts, parts_of
from mmteach.widgets.sentiment_views import bars, sentence, shares, truth, words
from mmteach.widgets.sentiment_voice import VoicePlot
from mmteach.widgets.small import one_thread
from mmteach.widgets.studio import Studio
from mmteach.widgets.studio_reader import Reading


class SentimentStudio(Studio):
    """Type, record, upload or choose; mute a side; see the answer and where it came from.

    Parameters
    ----------
    data : a set with text, audio or both, its name, or a DataPicker.
    pipeline : fitted on other groups than those of `data`, all of whose samples are then offered. Without one, and
        whenever the picker is turned, the case's pipeline is trained on a part, and the rest is offered.

    Attributes
    ----------
    reader : MoodReader, what is computed; None while it is trained.
    input : SentimentInput; heard : {modality: check box}; reading : the answer shown.
    """

    reader: MoodReader | None

    def __init__(self, data: Data = "spoken_reviews", pipeline: Pipeline | None = None) -> None:
        super().__init__(pipeline)
        self._make_answer()
        self.input = SentimentInput(self.ask, self.say)
        answer = beside(self.answer, self.truth, self.mutes, self.bars, self.shares, self.remarks)
        self.body.children = [row(self.input, answer), self.message, self.words, self.why, self.voice_plot]
        self.children = [self.progress, self.body, self.source]
        follow(data, self.use)

    def _make_answer(self) -> None:
        self.answer = ipywidgets.HTML(layout={"min_height": "50px"})
        self.truth, self.bars, self.shares, self.words = (ipywidgets.HTML() for _ in range(4))
        self.explain = tick("colour the words", True)
        on_change(self._show_words, self.explain)
        self.sounds = ipywidgets.Button(
            description="Which sounds?", icon="search", layout={"width": "auto"},
            tooltip="mutes one part of the voice after the other, which takes a few seconds",
        )  # fmt: skip
        self.sounds.on_click(lambda _: self.explain_sounds())
        self.why = row(self.explain, self.sounds)
        self.voice_plot = VoicePlot()

    # the model

    def divide(self, dataset: Dataset) -> Parts:
        """As the case does."""
        return parts_of(dataset)

    def models(self, dataset: Dataset) -> list[Pipeline]:
        """The case's."""
        return [sentiment.pipeline(dataset)]

    def read_with(self, pipeline: Pipeline) -> MoodReader:
        """Read moods, and explain them."""
        return MoodReader(pipeline)

    # the answer

    def take_input(self) -> None:
        """Hand the input to the reader; show the recording's spectrogram."""
        assert self.reader is not None
        try:
            self.reader.take(self.input.media)
        finally:
            voice = self.reader.voice()
            self.voice_plot.layout.display = self.sounds.layout.display = None if voice is not None else "none"
            if voice is not None:
                self.voice_plot.show_voice(voice)

    def show(self, reading: Reading, new: bool) -> None:
        """Show the answer, what led to it, and what the set says."""
        silent = self.silent()
        self.answer.value = prose(f"<div style='font-size: 110%'>{sentence(reading, silent)}</div>")
        answer = None if reading.both is None else reading.classes[reading.answer]
        sample = self.input.sample
        self.truth.value = prose(truth(sample, answer)) if sample and self.input.untouched else ""
        self.bars.value, self.shares.value = bars(reading, self.sides(), silent), shares(reading, silent)
        self._show_words()
        if not new and self._said("audio") < 0:
            self.voice_plot.show_nothing()

    # why

    def _show_words(self) -> None:
        self.words.value = ""
        said = self._said("text") if self.explain.value else -1
        if self.reader is None or self.reading is None or said < 0:
            return
        with self.telling(), one_thread():
            self.words.value = words(self.input.text, self.reader.words(said), self.reading.classes[said])

    def _said(self, source: Modality) -> int:
        """Index of the class that the text or the voice says by itself; -1 where it is not heard."""
        if self.reader is None or self.reading is None:
            return -1
        m = next((m for m in self.reading.alone if self.reader.sources[m] == source), None)
        return -1 if m is None else int(self.reading.alone[m].argmax())

    def explain_sounds(self) -> None:
        """Lay over the spectrogram what each part of it did for what the voice says."""
        with self.telling(), one_thread():
            said = self._said("audio")
            if self.reader is None or self.reading is None or said < 0:
                self.say("no voice is heard that could be explained: take it from its mute, or record one", "note")
                return
            self.say("muting one part of the voice after the other: a few seconds", "busy")
            self.voice_plot.show_why(self.reader.sounds(said), self.reading.classes[said])
            self.say()


class SentimentPicker(DataPicker):
    """The drop-down of the sets on this machine that have texts, recordings, or both."""

    def __init__(self, default: str = "spoken_reviews") -> None:
        super().__init__(default, ("text",))
        spoken = DataPicker(default, ("audio",)).choice.options
        names = {*self.choice.options, *spoken}
        composed = [f"{a}+{b}" for a, b in (("sst2", "ravdess"),) if {a, b} <= names]
        self.choice.options = [name for name, _ in sets_here() if name in names] + composed
        self.choice.value = default
