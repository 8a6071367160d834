"""What studios have in common: models that train while the learner waits, an input, who is heard, and remarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import ipywidgets

from mmteach.datasets import Dataset
from mmteach.pipeline import Pipeline
from mmteach.types import Modality
from mmteach.widgets.panel import Panel, prose, rich, row
from mmteach.widgets.sentiment_input import SentimentInput, labelled, switches
from mmteach.widgets.sentiment_training import Parts, StudioTraining
from mmteach.widgets.small import one_thread
from mmteach.widgets.studio_reader import InputReader, Reading

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


class Studio(Panel):
    """A model, and an input that a learner types, records, uploads or chooses. A subclass shows the answer.

    Parameters
    ----------
    pipeline : fitted on other groups than those of the first set. Without one, and for every further set, models are
        trained on a part of the set, and the rest is offered.

    Attributes
    ----------
    reader : what is computed; None until there is a model.
    input : SentimentInput; heard : {modality: check box}; reading : the answer shown.
    coming : modalities that a model will hear which is still being trained.
    """

    input: SentimentInput

    def __init__(self, pipeline: Pipeline | None) -> None:
        self._given = pipeline
        self.reader: InputReader | None = None
        self.reading: Reading | None = None
        self.training: StudioTraining | None = None
        self.heard: dict[Modality, ipywidgets.Checkbox] = {}
        self.coming: tuple[Modality, ...] = ()
        self.mutes, self.remarks = row(), ipywidgets.HTML()
        self.progress = ipywidgets.FloatProgress(value=0, max=1, description="Training")
        self.progress.layout.display = "none"
        super().__init__()
        self.body = ipywidgets.VBox()

    # what a subclass says

    def divide(self, dataset: Dataset) -> Parts:
        """Divide a set: what is trained on, and what is offered."""
        raise NotImplementedError

    def models(self, dataset: Dataset) -> list[Pipeline]:
        """Pipelines to train one after the other; the first opens the studio, each of the others takes its place."""
        raise NotImplementedError

    def read_with(self, pipeline: Pipeline) -> InputReader:
        """What reads an input with a fitted pipeline."""
        raise NotImplementedError

    def take_input(self) -> None:
        """Hand the input to the reader, and show what of it does not depend on who is heard."""
        raise NotImplementedError

    def show(self, reading: Reading, new: bool) -> None:
        """Show an answer; new : whether the input is another one, not merely who is heard."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """What else is to be kept in mind of this answer, as harmless HTML."""
        return []

    # the model

    def use(self, dataset: Dataset) -> None:
        """Take another set: with the model that was given, or with models trained on a part of the set."""
        self.reader, self.training, self.dataset = None, None, dataset
        self.heard, self.coming = {}, ()
        self.body.layout.display = self.progress.layout.display = "none"
        pipeline, self._given = self._given, None
        with self.telling():
            self.name_source(dataset)
            if pipeline is not None:
                self._open(pipeline, dataset, "none of these was in the model's training")
                return
            self.say()
            parts = self.divide(dataset)
            self._train(parts, self.models(parts.train), dataset)
            return
        self.body.layout.display = None  # where the sentence stands that says what is wrong

    def _train(self, parts: Parts, pipelines: Sequence[Pipeline], dataset: Dataset) -> None:
        """Train the first of the pipelines in the background, and then the others."""
        first, *others = pipelines
        self.progress.layout.display, self.progress.value = None, 0.0
        self._tell_progress(0.0, self.about_training(parts, first))
        self.training = StudioTraining(
            parts, first, self._tell_progress, lambda made, why: self._trained(parts, others, dataset, made, why)
        )

    def about_training(self, parts: Parts, pipeline: Pipeline) -> str:
        """What goes on before the first epoch of a pipeline, in words."""
        return f"reading {len(parts.train):,} samples of {parts.train.name} and taking their features"

    def _tell_progress(self, share: float, sentence: str) -> None:
        self.progress.value = share
        self.source.value = prose(f"training on {rich(self.dataset.name)}: {rich(sentence)} ...")

    def _trained(
        self, parts: Parts, others: Sequence[Pipeline], dataset: Dataset, pipeline: Pipeline | None, why: str
    ) -> None:
        """End of the training's thread; a set that has been turned away from in the meantime is forgotten."""
        if dataset is not self.dataset:
            return
        self.progress.layout.display = "none"
        with self.telling():
            self.name_source(dataset)
            if pipeline is None:
                self.body.layout.display = None
                self.say(why)
                return
            self.coming = tuple(m for m in (others[-1].branches if others else ()) if m not in pipeline.branches)
            self._open(pipeline, parts.unseen, parts.note)
            if others:
                self._train(parts, others, dataset)

    def wait(self, seconds: float | None = None) -> Self:
        """Wait until all models are trained, for a cell that goes on from here; for each so many seconds at most."""
        waited = None
        while self.training is not None and self.training is not waited:
            waited = self.training
            waited.run.wait(seconds)
        return self

    def _open(self, pipeline: Pipeline, examples: Dataset, note: str) -> None:
        """Answer with a model from now on; where another one did, the input and the mutes stay."""
        again, muted = self.reader is not None, [m for m, box in self.heard.items() if not box.value]
        self.reader = self.read_with(pipeline)
        self.heard = switches(self.reader.modalities, self.update)
        for m in muted:
            self.heard[m].value = False
        self.mutes.children = [labelled("Listen to", *self.heard.values())]
        self.source.value += (
            f'<div style="line-height: 1.4; color: {FAINT}"><small>{_who(examples, note)}</small></div>'
        )
        self.body.layout.display = None
        if again:
            self.ask()
        else:
            self.input.use(examples)

    # the answer

    def ask(self) -> None:
        """Take the input as it is now, and show everything anew."""
        if self.reader is None:
            return
        self.say()
        with self.telling(), one_thread():
            try:
                self.take_input()
            finally:
                self.update(new=True)

    def update(self, new: bool = False) -> None:
        """Show what those say that are heard; a mute comes here, and nothing is computed twice."""
        if self.reader is None:
            return
        with self.telling(), one_thread():
            self.reading = self.reader.read([m for m, box in self.heard.items() if box.value])
            self.remarks.value = self._remarks()
            self.show(self.reading, new)

    def sides(self) -> tuple[Modality, ...]:
        """Modalities that have a column of their own."""
        assert self.reader is not None
        return (*SIDES, *(m for m in self.reader.modalities if m not in SIDES))

    def silent(self) -> dict[Modality, str]:
        """Who is not heard, and why: muted, absent, or still learning."""
        assert self.reader is not None
        present = self.reader.present()
        absent = {m: "learning" if m in self.coming else "absent" for m in self.sides() if m not in present}
        return absent | {m: "muted" for m in present if not self.heard[m].value}

    def _remarks(self) -> str:
        assert self.reader is not None
        names = {"text": "Text", "audio": "Voice"}
        told = [
            f"{names.get(m, rich(m))}: {rich(why)}." for m, why in self.reader.remarks.items() if why != "there is none"
        ]
        told += [*self.notes(), *(OF_ONES_OWN[m, self.dataset.synthetic] for m in self.input.own)]
        if self.dataset.synthetic and "audio" not in self.input.own:
            told.append(SYNTHETIC)
        return prose("<small>" + "<br>".join(told) + "</small>") if told else ""


def _who(examples: Dataset, note: str) -> str:
    """Which examples are offered, in words."""
    groups = sorted({str(r.group) for r in examples.rows if r.group})
    more = ", ..." if len(groups) > 6 else ""
    who = f" of groups never heard in training ({', '.join(groups[:6])}{more})" if groups else ""
    said = rich(f"Examples: {len(examples)}{who}; {note}.")
    return f'<div style="line-height: 1.4; color: {FAINT}"><small>{said}</small></div>'
