"""SentimentStudio: a sentence, a voice, what each says, what both say together, and why."""

from __future__ import annotations

import ipywidgets

from mmteach.datasets import Dataset
from mmteach.pipeline import Pipeline
from mmteach.types import Modality
from mmteach.widgets.data_picker import DataPicker, sets_here
from mmteach.widgets.panel import Data, Panel, follow, on_change, prose, rich, row, tick
from mmteach.widgets.sentiment_input import SentimentInput, beside, labelled, switches
from mmteach.widgets.sentiment_reader import MoodReader, Reading
from mmteach.widgets.sentiment_training import Parts, StudioTraining, parts_of
from mmteach.widgets.sentiment_views import bars, sentence, shares, truth, words
from mmteach.widgets.sentiment_voice import VoicePlot
from mmteach.widgets.small import one_thread

SIDES = ("text", "audio")  # which every studio shows, be it as absent
FAINT = "var(--jp-ui-font-color2)"
SYNTHETIC = "<b>Synthetic voices</b>: real ones differ, and what is right here says nothing about them."
OF_ONES_OWN = {  # ("text" or "audio", whether the set is synthetic)
    ("text", True): "Your text: the model has read the few sentences of this set only.",
    ("text", False): "Your text: the model has read this set only; other people write otherwise.",
    ("audio", True): "Your voice: the model has heard <b>synthetic voices</b> only. Real voices differ, and yours is "
    "outside of what it knows: the answer shows how the method works, and says nothing about you.",
    ("audio", False): "Your voice: the model has heard the speakers and microphones of this set only.",
}


class SentimentStudio(Panel):
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

    def __init__(self, data: Data = "spoken_reviews", pipeline: Pipeline | None = None) -> None:
        self._given = pipeline
        self.reader: MoodReader | None = None
        self.reading: Reading | None = None
        self.training: StudioTraining | None = None
        self.heard: dict[Modality, ipywidgets.Checkbox] = {}
        self._make_answer()
        super().__init__()
        self.input = SentimentInput(self.ask, self.say)
        answer = beside(self.answer, self.truth, self.mutes, self.bars, self.shares, self.remarks)
        self.body = ipywidgets.VBox([row(self.input, answer), self.message, self.words, self.why, self.voice_plot])
        self.children = [self.progress, self.body, self.source]
        follow(data, self.use)

    def _make_answer(self) -> None:
        self.answer, self.truth = (
            ipywidgets.HTML(layout={"min_height": "50px"}),
            ipywidgets.HTML(),
        )
        self.bars, self.shares, self.remarks, self.words = (ipywidgets.HTML() for _ in range(4))
        self.mutes = row()
        self.explain = tick("colour the words", True)
        on_change(self._show_words, self.explain)
        self.sounds = ipywidgets.Button(
            description="Which sounds?", icon="search", layout={"width": "auto"},
            tooltip="mutes one part of the voice after the other, which takes a few seconds",
        )  # fmt: skip
        self.sounds.on_click(lambda _: self.explain_sounds())
        self.why = row(self.explain, self.sounds)
        self.voice_plot = VoicePlot()
        self.progress = ipywidgets.FloatProgress(value=0, max=1, description="Training")
        self.progress.layout.display = "none"

    # the model

    def use(self, dataset: Dataset) -> None:
        """Take another set: with the model that was given, or with one trained on a part of the set."""
        self.reader, self.training, self.dataset = None, None, dataset
        self.body.layout.display = "none"
        pipeline, self._given = self._given, None
        with self.telling():
            self.name_source(dataset)
            if pipeline is not None:
                self._open(pipeline, dataset, "none of these was in the model's training")
                return
            self.say()
            parts = parts_of(dataset)
            self.progress.layout.display, self.progress.value = None, 0.0
            self._tell_progress(
                0.0, f"reading {len(parts.train):,} samples of {dataset.name} and taking their features"
            )
            self.training = StudioTraining(
                parts, self._tell_progress, lambda made, why: self._trained(parts, dataset, made, why)
            )
            return
        self.body.layout.display = None  # where the sentence stands that says what is wrong

    def _tell_progress(self, share: float, sentence: str) -> None:
        self.progress.value = share
        self.source.value = prose(f"training on {rich(self.dataset.name)}: {rich(sentence)} ...")

    def _trained(self, parts: Parts, dataset: Dataset, pipeline: Pipeline | None, why: str) -> None:
        """End of the training's thread; a set that has been turned away from in the meantime is forgotten."""
        if dataset is not self.dataset:
            return
        self.progress.layout.display = "none"
        with self.telling():
            self.name_source(dataset)
            if pipeline is None:
                self.body.layout.display = None
                self.say(why)
            else:
                self._open(pipeline, parts.unseen, parts.note)

    def wait(self, seconds: float | None = None) -> SentimentStudio:
        """Wait until the model is trained, for a cell that goes on from here."""
        if self.training is not None:
            self.training.run.wait(seconds)
        return self

    def _open(self, pipeline: Pipeline, examples: Dataset, note: str) -> None:
        self.reader = MoodReader(pipeline)
        self.heard = switches(self.reader.modalities, self.update)
        self.mutes.children = [labelled("Listen to", *self.heard.values())]
        groups = sorted({str(r.group) for r in examples.rows if r.group})
        more = ", ..." if len(groups) > 6 else ""
        who = f" of groups never heard in training ({', '.join(groups[:6])}{more})" if groups else ""
        said = rich(f"Examples: {len(examples)}{who}; {note}.")
        self.source.value += f'<div style="line-height: 1.4; color: {FAINT}"><small>{said}</small></div>'
        self.body.layout.display = None
        self.input.use(examples)

    # the answer

    def ask(self) -> None:
        """Take the input as it is now, and show everything anew."""
        if self.reader is None:
            return
        self.say()
        with self.telling(), one_thread():
            try:
                self.reader.take(self.input.media)
            finally:
                voice = self.reader.voice()
                self.voice_plot.layout.display = self.sounds.layout.display = None if voice is not None else "none"
                if voice is not None:
                    self.voice_plot.show_voice(voice)
                self.update(new=True)

    def update(self, new: bool = False) -> None:
        """Show what those say that are heard; a mute comes here, and nothing is computed twice."""
        if self.reader is None:
            return
        with self.telling(), one_thread():
            self.reading = reading = self.reader.read([m for m, box in self.heard.items() if box.value])
            silent = self._silent()
            sides = (*SIDES, *(m for m in self.reader.modalities if m not in SIDES))
            self.answer.value = prose(f"<div style='font-size: 110%'>{sentence(reading, silent)}</div>")
            answer = None if reading.both is None else reading.classes[reading.answer]
            sample = self.input.sample
            self.truth.value = prose(truth(sample, answer)) if sample and self.input.untouched else ""
            self.bars.value, self.shares.value = bars(reading, sides, silent), shares(reading, silent)
            self.remarks.value = self._remarks()
            self._show_words()
            if not new and self._said("audio") < 0:
                self.voice_plot.show_nothing()

    def _silent(self) -> dict[Modality, str]:
        """Who is not heard, and whether muted or absent."""
        assert self.reader is not None
        present = self.reader.present()
        absent = {m: "absent" for m in (*SIDES, *self.reader.modalities) if m not in present}
        return absent | {m: "muted" for m in present if not self.heard[m].value}

    def _remarks(self) -> str:
        assert self.reader is not None
        names = {"text": "Text", "audio": "Voice"}
        told = [
            f"{names.get(m, rich(m))}: {rich(why)}." for m, why in self.reader.remarks.items() if why != "there is none"
        ]
        told += [OF_ONES_OWN[m, self.dataset.synthetic] for m in self.input.own]
        if self.dataset.synthetic and "audio" not in self.input.own:
            told.append(SYNTHETIC)
        return prose("<small>" + "<br>".join(told) + "</small>") if told else ""

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
