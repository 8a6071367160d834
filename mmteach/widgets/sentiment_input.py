"""The input of a studio: an example of the set, a text, a voice, and which of them is heard."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import ipywidgets

from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.preprocess import require_sound
from mmteach.types import Media, Modality, Sample, Waveform
from mmteach.widgets.panel import column, row, tick
from mmteach.widgets.recorder import Recorder
from mmteach.widgets.sentiment_views import is_conflict
from mmteach.widgets.sentiment_voice import Player
from mmteach.widgets.upload import FileButton, read_audio_upload

N_LABEL = 60  # characters of a text in the drop-down
Some: TypeAlias = tuple[str, Callable[[Mapping[str, Any]], bool]]
CONFLICTS: Some = ("conflicts only", is_conflict)
OWN = "yours"  # where a text or a voice comes from, beside the ids of the set


class SentimentInput(ipywidgets.VBox):
    """What the studio is asked about.

    Parameters
    ----------
    changed : called when text or voice has changed.
    tell : called with a sentence where an upload cannot be used.
    some : name of a check box, and which examples (by their meta) are offered while it is ticked.
    further : controls that stand under the player.

    Attributes
    ----------
    examples : the set to choose from; its samples were in no training.
    sample : the example chosen, whose media may since have been replaced.
    text : str; voice : Waveform or None; others : other media of the example.
    came_from : {"text", "audio": an id of the set, or "yours"}.
    """

    def __init__(
        self, changed: Callable[[], None], tell: Callable[[str], None], some: Some = CONFLICTS,
        further: Sequence[ipywidgets.Widget] = (),
    ) -> None:  # fmt: skip
        self.changed, self.tell = changed, tell
        self._some, self._is_one = some
        self.examples: Dataset | None = None
        self.sample: Sample | None = None
        self.text, self.voice = "", None  # type: tuple[str, Waveform | None]
        self.others: dict[Modality, Media] = {}
        self.came_from: dict[str, str] = {}
        self._quiet = False
        self._make_controls()
        look = {"width": "350px", "flex": "0 0 auto", "padding": "0 18px 0 0"}
        super().__init__([
            self.example, row(self.some, self.next), self.writing, row(self.read_button),
            self.player, *further, row(self.upload, self.clear_button), self.recorder,
        ], layout=look)  # fmt: skip

    def _make_controls(self) -> None:
        wide = {"width": "325px"}
        self.example = ipywidgets.Dropdown(description="Example", layout=wide, style={"description_width": "70px"})
        self.some = tick(self._some)
        self.next = ipywidgets.Button(description="Next", icon="arrow-right", layout={"width": "auto"})
        self.writing = ipywidgets.Textarea(
            description="Text", continuous_update=False, rows=4, placeholder="type a sentence, English or Chinese",
            layout={"width": "325px", "height": "96px"}, style={"description_width": "70px"},
        )  # fmt: skip
        self.read_button = ipywidgets.Button(description="Read", icon="check", layout={"width": "auto"})
        self.clear_button = ipywidgets.Button(description="No voice", icon="times", layout={"width": "auto"})
        self.player = Player()
        self.upload = FileButton("Upload a voice", "audio/*", self.take_upload)
        self.recorder = Recorder(self.take_recording, playback=False)
        self.example.observe(lambda _: self._choose(), names="value")
        self.some.observe(lambda _: self._list(), names="value")
        self.next.on_click(lambda _: self._next())
        self.writing.observe(lambda change: self._write(change["new"]), names="value")
        self.read_button.on_click(lambda _: self._write(self.writing.value))
        self.clear_button.on_click(lambda _: self.take_voice(None, ""))

    # the set

    def use(self, examples: Dataset) -> None:
        """Offer the examples of a set, and take the first; one of `some`, where there are any."""
        self.examples = examples
        has_some = any(self._is_one(r.meta) for r in examples.rows)
        self.some.layout.display = None if has_some else "none"
        self.some.unobserve_all("value")
        self.some.value = has_some
        self.some.observe(lambda _: self._list(), names="value")
        self._list()

    def _list(self) -> None:
        assert self.examples is not None
        offered = [
            (_label(r.id, r.media.get("text")), i)
            for i, r in enumerate(self.examples.rows)
            if self._is_one(r.meta) or not self.some.value
        ]
        self._quiet = True
        self.example.options = offered
        self.example.index = 0 if offered else None
        self._quiet = False
        self._choose()

    def _next(self) -> None:
        n = len(self.example.options)
        if n:
            self.example.index = ((self.example.index or 0) + 1) % n

    def _choose(self) -> None:
        if self._quiet or self.examples is None or self.example.value is None:
            return
        try:
            sample = self.examples[self.example.value]
        except DataError as error:
            self.tell(str(error))
            return
        self.sample = sample
        text, voice = sample.media.get("text", ""), sample.media.get("audio")
        self.text = text if isinstance(text, str) else ""
        self.voice = voice if isinstance(voice, Waveform) else None
        self.others = {m: v for m, v in sample.media.items() if m not in ("text", "audio")}
        self.came_from = {"text": sample.id, "audio": sample.id}
        self._quiet = True
        self.writing.value = self.text
        self._quiet = False
        self._offer()
        self.changed()

    # one's own

    def _write(self, text: str) -> None:
        if not self._quiet and text != self.text:
            self.text, self.came_from["text"] = text, OWN
            self.changed()

    def take_upload(self, value: Any) -> None:
        """Make an uploaded file the voice; one that cannot be used leaves the former in place and says why."""
        try:
            voice = read_audio_upload(value)
            if voice is not None:
                require_sound(voice)
                self.take_voice(voice, "uploaded")
        except DataError as error:
            self.tell(str(error))

    def take_recording(self, voice: Waveform) -> None:
        """Make a recording the voice."""
        self.take_voice(voice, "recorded")

    def take_voice(self, voice: Waveform | None, how: str) -> None:
        """Change the voice; None takes it away."""
        self.voice, self.came_from["audio"] = voice, OWN
        self._offer(how)
        self.changed()

    def _offer(self, how: str = "") -> None:
        if self.voice is None:
            self.player.show(None, "<i>no recording</i>")
            return
        seconds = len(self.voice.samples) / self.voice.sample_rate
        whose = f"your voice, {how}" if how else f"the voice of {html.escape(self.came_from['audio'])}"
        self.player.show(self.voice, f"{whose}, {seconds:.1f} s")

    # what is asked

    @property
    def media(self) -> dict[Modality, Media]:
        """Text, voice and whatever else the example has; absent ones are absent keys."""
        own: dict[Modality, Media] = {"text": self.text} if self.text.strip() else {}
        if self.voice is not None:
            own["audio"] = self.voice
        return {**self.others, **own}

    @property
    def own(self) -> tuple[str, ...]:
        """Which of text and audio are the learner's, and not the set's."""
        return tuple(m for m in ("text", "audio") if self.came_from.get(m) == OWN and m in self.media)

    @property
    def untouched(self) -> bool:
        """Whether it is an example as the set has it."""
        return OWN not in self.came_from.values()


def switches(modalities: tuple[Modality, ...], changed: Callable[[], None]) -> dict[Modality, ipywidgets.Checkbox]:
    """A check box a modality: heard, or muted."""
    made = {m: tick({"text": "text", "audio": "voice"}.get(m, m), True) for m in modalities}
    for box in made.values():
        box.observe(lambda _: changed(), names="value")
    return made


def labelled(name: str, *children: ipywidgets.Widget) -> ipywidgets.HBox:
    """Controls in a line behind a word."""
    return row(ipywidgets.HTML(f"<b>{name}</b>&ensp;"), *children)


def beside(*children: ipywidgets.Widget) -> ipywidgets.VBox:
    """A column that takes what room is left; where that is little, it goes below."""
    made = column(*children)
    made.layout = ipywidgets.Layout(flex="1 1 0", min_width="500px")
    return made


def _label(name: str, text: object) -> str:
    """What the drop-down says of an example: never its label, which is to be found."""
    if not isinstance(text, str):
        return name
    short = " ".join(text.split())
    return f"{name}: {short[:N_LABEL]}{'…' if len(short) > N_LABEL else ''}"
