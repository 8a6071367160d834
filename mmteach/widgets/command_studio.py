"""CommandStudio: say it; see words, intent and slot."""

from __future__ import annotations

import math
from dataclasses import replace

import ipywidgets

from mmteach.cases import commands
from mmteach.datasets import Dataset, drop_duplicates, plan
from mmteach.pipeline import Pipeline
from mmteach.types import Waveform
from mmteach.widgets.command_reader import CommandReader, Heard, in_noise, meaning
from mmteach.widgets.command_views import intents, moments, plain_words, sentences, slots
from mmteach.widgets.panel import Data, follow, on_change, prose, row
from mmteach.widgets.sentiment_input import OWN, SentimentInput, beside
from mmteach.widgets.sentiment_training import Parts, parts_of
from mmteach.widgets.sentiment_views import sentence, truth
from mmteach.widgets.sentiment_voice import VoicePlot, wav_bytes
from mmteach.widgets.studio import Studio
from mmteach.widgets.studio_reader import Reading

NOISE = {"none": math.inf, **{f"{db} dB": float(db) for db in (20, 15, 10, 5, 0, -5, -10, -15)}}
IN_NOISE = "Noise: it lies over the recording; the text stays as it is, as if it had been written before."
WRITTEN_WRONG = ("written with errors only", lambda meta: str(meta.get("n_errors", "0")) not in ("", "0"))


class CommandStudio(Studio):
    """Say or type a command, or take an example; see what was written and heard of it, and what is understood.

    Parameters
    ----------
    data : a set with text, audio or both, labelled with frames; its name, or a DataPicker.
    pipeline : fitted on other voices than those of `data`, all of whose samples are then offered. Without one, and
        whenever the picker is turned, the case's pipelines are trained on a part: words first, which takes a moment
        and answers already, then both. Learning to hear takes a minute or two, and is kept for the next time.

    Attributes
    ----------
    reader : CommandReader, what is computed; None until there is a model.
    input : SentimentInput; heard : {modality: check box}; reading : the answer shown, of frames.
    noise : slider, decibels from the noise that is laid over the recording up to the recording.
    """

    reader: CommandReader | None

    def __init__(self, data: Data = "commands", pipeline: Pipeline | None = None) -> None:
        super().__init__(pipeline)
        self.noise = ipywidgets.SelectionSlider(
            options=list(NOISE), value="none", description="Add noise", layout={"width": "325px"},
            style={"description_width": "70px"}, tooltip="decibels from the noise up to the voice",
        )  # fmt: skip
        on_change(self.ask, self.noise)
        self.input = SentimentInput(self.ask, self.say, WRITTEN_WRONG, [self.noise])
        self.answer = ipywidgets.HTML(layout={"min_height": "50px"})
        self.truth, self.sentences, self.intents, self.slots = (ipywidgets.HTML() for _ in range(4))
        self.moments = ipywidgets.HTML(layout={"width": "100%", "margin": "0"})
        self.voice_plot = VoicePlot()
        found = beside(self.answer, self.truth, self.sentences, self.mutes, self.intents, self.slots, self.remarks)
        self.body.children = [row(self.input, found), self.message, self.voice_plot, self.moments]
        self.children = [self.progress, self.body, self.source]
        follow(data, self.use)

    # the models

    def divide(self, dataset: Dataset) -> Parts:
        """Whole voices: those offered are in no training."""
        distinct, _ = drop_duplicates(dataset)
        return parts_of(distinct, plan(distinct, "classify"))

    def models(self, dataset: Dataset) -> list[Pipeline]:
        """Words alone, at once; then the whole, whose ear has to learn words first."""
        whole = commands.pipeline(dataset)
        return [whole.only("text"), whole] if {"text", "audio"} <= set(whole.branches) else [whole]

    def about_training(self, parts: Parts, pipeline: Pipeline) -> str:
        """The voice's side takes a while before its first epoch."""
        if not any(b.listening for b in pipeline.branches.values()):
            return super().about_training(parts, pipeline)
        first = "; until then the words alone answer" if self.reader is not None else ""
        return (
            f"an ear learns to write down what {len(parts.train):,} recordings say, which takes a minute or two the "
            f"first time, and is kept on this machine{first}"
        )

    def read_with(self, pipeline: Pipeline) -> CommandReader:
        """Read commands, and listen."""
        return CommandReader(pipeline)

    def notes(self) -> list[str]:
        """Noise reaches one side only."""
        return [] if self.noise.value == "none" else [IN_NOISE]

    # the answer

    def take_input(self) -> None:
        """Hand the input to the reader, its recording in noise; show what is said, written and heard."""
        assert self.reader is not None
        media = in_noise(self.input.media, NOISE[self.noise.value])
        voice = media.get("audio")
        if isinstance(voice, Waveform):
            self.input.player.audio.value = wav_bytes(voice)
        try:
            self.reader.take(media)
        finally:
            heard, trimmed = self.reader.hears(), self.reader.trimmed()
            self.sentences.value = self._sentences(heard)
            self.voice_plot.layout.display = self.moments.layout.display = None if trimmed is not None else "none"
            if trimmed is not None:
                self.voice_plot.show_voice(trimmed)
                at = [self.voice_plot.across(h.seconds) for h in heard or ()]
                self.moments.value = moments(heard or (), at, self.voice_plot.width)

    def _sentences(self, heard: list[Heard] | None) -> str:
        assert self.reader is not None
        sample, source = self.input.sample, self.input.came_from
        known = {m: m in self.input.media and source.get(m, OWN) != OWN for m in ("text", "audio")}
        said = str(sample.meta.get("said") or "") if sample is not None and any(known.values()) else ""
        waiting = "it is still learning to hear" if "audio" in self.coming else "no recording to listen to"
        return sentences(said, self.input.text, heard, waiting, known)

    def show(self, reading: Reading, new: bool) -> None:
        """Show the answer as a frame in plain words, and as bars of intents and slots."""
        silent, found = self.silent(), meaning(reading)
        named = reading._replace(classes=tuple(map(plain_words, reading.classes)))
        self.answer.value = prose(f"<div style='font-size: 110%'>{sentence(named, silent)}</div>")
        self.truth.value = self._truth(named.classes[reading.answer] if found else None)
        self.intents.value = intents(found, self.sides(), silent) if found else ""
        self.slots.value = slots(found, self.sides(), silent) if found else ""

    def _truth(self, answer: str | None) -> str:
        sample = self.input.sample
        if sample is None or sample.label is None or not self.input.untouched:
            return ""
        return prose(truth(replace(sample, label=plain_words(sample.label)), answer))
