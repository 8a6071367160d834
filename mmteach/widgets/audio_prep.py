"""Put a recording through preprocessing steps: hear and see it before and after."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.preprocess import AUDIO_STEPS, Level, PadCrop, Resample, Step, Trim, apply_steps, require_sound
from mmteach.types import Waveform
from mmteach.widgets.audio_views import Pair, rms_db
from mmteach.widgets.html_table import html_table
from mmteach.widgets.panel import Data, Panel, choice, column, follow, on_change, prose, row, slider, tick
from mmteach.widgets.parts import read_one
from mmteach.widgets.recorder import Recorder
from mmteach.widgets.sentiment_voice import Player
from mmteach.widgets.upload import FileButton, read_audio_upload

LONGEST = 30  # seconds; of a longer recording the beginning is shown, so that sliders stay quick
RATES = (4000, 8000, 16_000, 22_050, 44_100)
ORDER = tuple(step.__name__ for step in AUDIO_STEPS)


class AudioPrep(Panel):
    """Preprocessing of one recording, step by step: what is cut, what is added, how it sounds.

    Parameters
    ----------
    data : a set, its name, or a DataPicker.

    Attributes
    ----------
    waveform : the recording that goes in; its name is `name`.
    trail : list of (step's name, recording after it), the original first.
    kept : (from, to), seconds of `waveform` that the steps leave.
    """

    def __init__(self, data: Data = "spoken_reviews") -> None:
        self.plot = Pair()
        self._make_controls()
        self.numbers, self.code = ipywidgets.HTML(), ipywidgets.HTML()
        self.before, self.after = Player(), Player()
        self._results: dict[tuple[Step, ...], Waveform] = {}
        super().__init__()
        self._result = column(self.plot, row(self.before, self.after), self.numbers, self.code)
        self.children = [
            row(self.which, self.upload), self.recorder,
            row(column(*self.on.values()), column(*self._parameters())),
            self.message, self._result, self.source,
        ]  # fmt: skip
        follow(data, self.use)

    def _make_controls(self) -> None:
        self.which = slider("Recording", 0, 0, 1)
        self.upload = FileButton("Your recording", "audio/*", self.take)
        self.recorder = Recorder(lambda voice: self.take_waveform(voice, "your recording"), playback=False)
        self.on = {name: tick(name, name in ("Resample", "Trim", "Level")) for name in ORDER}
        self.rate = choice("Resample to (Hz)", [(f"{hz:,}", hz) for hz in RATES], 16_000)
        self.top_db = slider("Trim below", 20, 5, 80, unit="dB", help="quiet: so far below the loudest frame")
        self.rms_db = slider("Level RMS", -26, -60, 0, unit="dB")
        self.seconds = slider("PadCrop to", 4.0, 0.5, 10, 0.5, unit="s")
        on_change(self.pick, self.which)
        on_change(self.update, *self.on.values(), *self._parameters())

    def _parameters(self) -> tuple[ipywidgets.Widget, ...]:
        return self.rate, self.top_db, self.rms_db, self.seconds

    def use(self, dataset: Dataset) -> None:
        """Take the recordings of another set."""
        with self.telling():
            if "audio" not in dataset.modalities:
                has = ", ".join(dataset.modalities)
                raise DataError(f"'{dataset.name}' has no recording, it has {has}: pick a set with recordings")
            self._at = [i for i, r in enumerate(dataset.rows) if "audio" in r.media]
            self.dataset = dataset
            self.name_source(dataset)
            self.which.max = len(self._at) - 1
            self.pick()

    def pick(self) -> None:
        """Take the recording of the set that the slider names."""
        with self.telling():
            at = self._at[min(self.which.value, len(self._at) - 1)]
            self._take(read_one(self.dataset, at, "audio"), str(self.dataset.ids[at]))

    def take(self, uploaded: Any) -> None:
        """Take the file that was uploaded; one that cannot be used leaves the former recording in place."""
        with self.telling():
            waveform = read_audio_upload(uploaded)
            if waveform is not None:
                self._take(waveform, "your recording")

    def take_waveform(self, waveform: Waveform, name: str) -> None:
        """Work on this recording."""
        with self.telling():
            self._take(waveform, name)

    def _take(self, waveform: Any, name: str) -> None:
        require_sound(waveform, round(0.025 * waveform.sample_rate))  # one frame
        seconds = len(waveform.samples) / waveform.sample_rate
        if seconds > LONGEST:
            beginning = Waveform(waveform.samples[: LONGEST * waveform.sample_rate], waveform.sample_rate)
            require_sound(beginning)
            waveform = beginning
            self.say(f"{name} lasts {seconds:.0f} s: its first {LONGEST} are shown", "note")
        else:
            self.say()
        self.waveform, self.name, self._results = waveform, name, {}
        self.before.show(waveform, f"before: {html.escape(name)}")
        self.update()

    @property
    def steps(self) -> list[Step]:
        """The steps that are ticked, in order, with the parameters of the controls."""
        made: dict[str, Step] = {
            "Resample": Resample(self.rate.value),
            "Trim": Trim(self.top_db.value),
            "Level": Level(self.rms_db.value),
            "PadCrop": PadCrop(self.seconds.value),
        }
        return [made[name] for name in ORDER if self.on[name].value]

    def update(self) -> None:
        """Run those steps that have changed, and show the recording before and after."""
        with self.telling():
            steps = tuple(self.steps)
            self.trail, kept = [("original", self.waveform)], {}
            for i, step in enumerate(steps, start=1):
                done = self._results.get(steps[:i])  # equal steps on the same recording: nothing new
                kept[steps[:i]] = apply_steps(self.trail[-1][1], [step]) if done is None else done
                self.trail.append((type(step).__name__, kept[steps[:i]]))
            self._results = kept
            self._show(steps)

    def _show(self, steps: tuple[Step, ...]) -> None:
        after = self.trail[-1][1]
        self.kept, sound = _what_is_left(self.trail, steps)
        start, end = self.kept
        length = _seconds(self.waveform)
        alt = (
            f"{self.name} before and after {', '.join(name for name, _ in self.trail[1:]) or 'no step'}: "
            f"waveforms and spectrograms. {_described(self.waveform)}; after: {_described(after)}. "
            f"Cut off: {start:.2f} s at the beginning, {length - end:.2f} s at the end; "
            f"silence added: {_seconds(after) - sound:.2f} s."
        )
        self.plot.compare(self.waveform, after, self.kept, sound, alt)
        self.after.show(after, "after")
        self.numbers.value = _table(self.trail)
        listed = ", ".join(_as_code(step) for step in steps)
        self.code.value = prose(f"The same in code: <code>apply_steps(waveform, [{listed}])</code>")


def _seconds(voice: Waveform) -> float:
    return len(voice.samples) / voice.sample_rate


def _what_is_left(trail: list[tuple[str, Waveform]], steps: tuple[Step, ...]) -> tuple[tuple[float, float], float]:
    """Seconds of the original (from, to) that the steps leave; and how many of the result were not added."""
    start, end = 0.0, _seconds(trail[0][1])
    for (_, before), (_, after), step in zip(trail, trail[1:], steps, strict=False):
        if isinstance(step, Trim):
            start += _offset(before.samples, after.samples, step.hop_length) / before.sample_rate
            end = min(end, start + _seconds(after))
        elif isinstance(step, PadCrop):
            end = min(end, start + step.seconds)
    return (start, end), min(end - start, _seconds(trail[-1][1]))


def _offset(whole: np.ndarray, part: np.ndarray, hop_length: int) -> int:
    """Sample at which a trimmed recording begins: `Trim` cuts at multiples of hop_length."""
    n = len(part)
    return next((a for a in range(0, len(whole) - n + 1, hop_length) if np.array_equal(whole[a : a + n], part)), 0)


def _described(voice: Waveform) -> str:
    return f"{_seconds(voice):.2f} s at {voice.sample_rate:,} Hz, RMS {rms_db(voice.samples):.1f} dB"


def _table(trail: list[tuple[str, Waveform]]) -> str:
    """A line a step: how long, how many samples, how loud."""
    rows = [
        [
            name,
            f"{_seconds(voice):.2f} s",
            f"{voice.sample_rate:,} Hz",
            f"{len(voice.samples):,}",
            f"{rms_db(voice.samples):.1f} dB",
            f"{np.abs(voice.samples).max(initial=0):.3f}",
        ]
        for name, voice in trail
    ]
    return html_table(["after", "duration", "sample rate", "samples", "RMS", "peak"], rows)


def _as_code(step: Step) -> str:
    """A step as it would be typed: its first field, for the others stay as they are."""
    name, value = next(iter(vars(step).items()))
    return f"{type(step).__name__}({name}={value})"
