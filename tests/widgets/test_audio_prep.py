"""The steps that are ticked are the steps that run; what is cut is shown cut; whatever is uploaded is heard or said."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from mmteach.datasets import Dataset, Row
from mmteach.preprocess import Level, PadCrop, Resample, Trim, apply_steps
from mmteach.types import Waveform
from mmteach.widgets import AudioPrep, Plot
from mmteach.widgets.audio_prep import LONGEST, ORDER
from mmteach.widgets.audio_views import Pair, envelope, on_mel_axis, rms_db, spectrogram

RATE = 16_000


def tone(seconds: float, before: float = 0.0, after: float = 0.0, rate: int = RATE, hz: float = 440) -> Waveform:
    """A tone with silence on both sides."""
    x = 0.3 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return Waveform(np.pad(x, (round(before * rate), round(after * rate))).astype(np.float32), rate)


def wav(waveform: Waveform) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, waveform.samples, waveform.sample_rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def dropped(content: bytes, name: str = "me.wav") -> tuple:
    return ({"name": name, "size": len(content), "content": content},)


@pytest.fixture(scope="module")
def made() -> AudioPrep:
    rows = [Row(f"clip{i}", {"audio": tone(1.0 + i / 10, 0.5, 1.0, 8000 * (1 + i))}, "a", f"p{i}") for i in range(3)]
    return AudioPrep(Dataset(rows, "tones", note="made for a test"))


@pytest.fixture
def prep(made) -> AudioPrep:
    """The widget as it is when it is new."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Plot, "redraw", lambda self, alt: None)
        tick_only(made, "Resample", "Trim", "Level")
        made.rate.value, made.top_db.value, made.rms_db.value, made.seconds.value = RATE, 20, -26, 4.0
        made.which.value = 0
        made.pick()
    return made


def tick_only(prep: AudioPrep, *names: str) -> None:
    for name in ORDER:
        prep.on[name].value = name in names


def test_trail_is_what_the_steps_give(prep):
    assert [name for name, _ in prep.trail] == ["original", "Resample", "Trim", "Level"]
    expected = apply_steps(prep.waveform, [Resample(RATE), Trim(20), Level(-26)])
    np.testing.assert_array_equal(prep.trail[-1][1].samples, expected.samples)
    assert "<table" in prep.numbers.value
    assert "-26.0 dB" in prep.numbers.value


def test_controls_are_the_parameters(prep):
    tick_only(prep, *ORDER)
    prep.rate.value, prep.top_db.value, prep.rms_db.value, prep.seconds.value = 8000, 33, -20, 2.5
    assert prep.steps == [Resample(8000), Trim(33), Level(-20), PadCrop(2.5)]


def test_code_under_the_figure_runs(prep):
    names = {c.__name__: c for c in (Resample, Trim, Level, PadCrop)}
    code = prep.code.value.split("<code>")[1].split("</code>")[0]
    again = eval(code, {**names, "apply_steps": apply_steps, "waveform": prep.waveform})  # noqa: S307
    np.testing.assert_array_equal(again.samples, prep.trail[-1][1].samples)


@pytest.mark.parametrize("steps", [("Trim",), ("Resample", "Trim", "Level")])
def test_what_trim_cuts_is_where_the_silence_was(prep, steps):
    tick_only(prep, *steps)
    start, end = prep.kept
    assert start == pytest.approx(0.5, abs=0.2)  # frames of 2048 samples
    assert end == pytest.approx(1.5, abs=0.2)  # frames of 2048 samples
    assert end - start == pytest.approx(len(prep.trail[-1][1].samples) / prep.trail[-1][1].sample_rate, abs=0.01)
    first, last = prep.plot._cut[0]
    assert (first.get_x(), first.get_width()) == pytest.approx((0, start))
    assert (last.get_x(), last.get_width()) == pytest.approx((end, 2.5 - end))


def test_padcrop_shows_what_it_adds_and_what_it_cuts(prep):
    tick_only(prep, "PadCrop")
    assert prep.kept == (0, 2.5)
    assert prep.plot._added[0].get_x() == pytest.approx(2.5)
    assert prep.plot._added[0].get_width() == pytest.approx(1.5)
    assert "silence added: 1.50 s" in prep.plot.alt
    prep.seconds.value = 1.0
    assert prep.kept == (0, 1.0)
    assert not prep.plot._added[0].get_visible()
    assert "1.50 s at the end" in prep.plot.alt


def test_both_sides_have_the_same_axes_and_the_same_colours(prep):
    prep.rate.value = 4000
    before, after = prep.plot.axes[::2], prep.plot.axes[1::2]
    for a, b in zip(before, after, strict=True):
        assert a.get_xlim() == b.get_xlim()
        assert a.get_ylim() == b.get_ylim()
    one, two = prep.plot._pictures
    loudest = max(spectrogram(voice).max() for voice in (prep.waveform, prep.trail[-1][1]))
    assert one.get_clim() == two.get_clim() == pytest.approx((loudest - 80, loudest))
    assert two.get_extent()[3] == pytest.approx(on_mel_axis(2000))
    assert before[1].get_ylim()[1] == pytest.approx(on_mel_axis(4000))


def test_a_step_that_did_not_change_is_not_run_again(prep, monkeypatch):
    ran = []
    monkeypatch.setattr(Resample, "__call__", lambda self, waveform: ran.append(self) or waveform)
    prep.rms_db.value = -30
    assert ran == []
    prep.rate.value = 8000
    assert ran == [Resample(8000)]


def test_only_the_spectrogram_of_a_changed_recording_is_computed(prep, monkeypatch):
    computed = []
    monkeypatch.setattr(
        "mmteach.widgets.audio_views.spectrogram", lambda voice: computed.append(voice) or spectrogram(voice)
    )
    prep.rms_db.value = -40
    assert computed == [prep.trail[-1][1]]


def test_both_are_to_be_heard(prep):
    for player, voice in ((prep.before, prep.waveform), (prep.after, prep.trail[-1][1])):
        x, rate = soundfile.read(io.BytesIO(player.audio.value), dtype="float32")
        assert rate == voice.sample_rate
        np.testing.assert_allclose(x, voice.samples, atol=1e-4)


def test_every_move_draws_another_picture(prep):
    shown = prep.plot.png
    prep.which.value = 2
    assert prep.plot.png != shown
    assert prep.plot.alt.startswith("clip2")


WAV = wav(tone(1.0, rate=44_100))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"words, not sound" * 9, "me.wav"),
        (WAV[: len(WAV) // 2], "me.wav"),
        (b"", "empty"),
        (wav(tone(0.01)), "record for longer"),
        (wav(Waveform(np.zeros(RATE, np.float32), RATE)), "silent"),
        (wav(tone(600, rate=4000)), "minutes"),
    ],
    ids=["not a recording", "truncated", "empty", "too short", "silent", "ten minutes"],
)
def test_bad_upload_is_a_sentence_and_the_former_recording_stays(prep, content, said):
    before = prep.waveform
    prep.take(dropped(content))
    assert said in prep.message.value
    assert prep.waveform is before
    prep.take(dropped(WAV))
    assert prep.message.value == ""
    assert prep.name == "your recording"


def test_long_recording_is_shown_in_part_and_said(prep):
    prep.take(dropped(wav(tone(45))))
    assert len(prep.waveform.samples) == LONGEST * RATE
    assert f"its first {LONGEST} are shown" in prep.message.value
    prep.which.value = 1
    assert prep.message.value == ""


def test_what_was_recorded_is_worked_on(prep):
    prep.recorder.take(wav(tone(1.2)))
    assert prep.name == "your recording"
    assert len(prep.waveform.samples) == round(1.2 * RATE)


def test_a_set_without_recordings_is_a_sentence():
    prep = AudioPrep(Dataset([Row("a", {"text": "hm"}, "x", "p")], "texts"))
    assert "pick a set with recordings" in prep.message.value


def test_envelope_and_loudness():
    low, high = envelope(np.arange(10.0), 5)
    assert (low.tolist(), high.tolist()) == ([0, 2, 4, 6, 8], [1, 3, 5, 7, 9])
    assert rms_db(np.array([0.5, -0.5])) == pytest.approx(-6.02, abs=0.01)
    assert rms_db(np.zeros(3)) == -np.inf


@pytest.mark.parametrize("rate", [4000, 16_000, 44_100])
def test_a_tone_lies_at_its_frequency_on_the_axis(rate):
    pair = Pair()
    voice = tone(0.5, rate=rate, hz=1000)
    pair.compare(voice, voice, (0, 0.5), 0.5, "a tone")
    picture = pair._pictures[0]
    top = picture.get_extent()[3]
    loudest = (picture.get_array().mean(axis=1).argmax() + 0.5) / 64 * top
    assert loudest == pytest.approx(float(on_mel_axis(1000)), abs=1.5 * top / 64)
