"""Whatever the page sends becomes a recording or a state that says what to do."""

import io
import re

import numpy as np
import pytest
import soundfile

from mmteach.widgets import Recorder
from mmteach.widgets.recorder import _RECORD, MAX_SECONDS, STATES


def wav(samples, rate=48_000):
    out = io.BytesIO()
    soundfile.write(out, np.asarray(samples, np.float32), rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def tone(seconds=1.0, rate=48_000, loud=0.3):
    return loud * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)


def send(recorder, content):
    """What the page does: the bytes, then one recording more."""
    recorder.set_state({"wav": memoryview(content), "n_recorded": recorder.n_recorded + 1})


@pytest.fixture
def recorder():
    made = Recorder(lambda waveform: made.heard.append(waveform))
    made.heard = []
    return made


def test_it_waits_and_says_how_long_it_records(recorder):
    assert recorder.state == "idle"
    assert str(MAX_SECONDS) in recorder.sentences["idle"]
    assert recorder.recording is None


def test_a_recording_is_a_waveform(recorder):
    send(recorder, wav(tone(1.5)))
    assert recorder.state == "done"
    assert recorder.recording.sample_rate == 48_000
    assert len(recorder.recording.samples) == 72_000
    assert recorder.heard == [recorder.recording]
    assert "1.5 seconds" in recorder.sentences["done"]


def test_the_same_bytes_twice_are_two_recordings(recorder):
    for _ in range(2):
        send(recorder, wav(tone()))
    assert len(recorder.heard) == 2


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (wav(np.zeros(48_000)), "silent"),
        (wav(tone(loud=5e-4)), "silent"),
        (wav([]), "short"),
        (wav(tone(0.03)), "short"),
        (b"no file at all", "failed"),
        (b"", "failed"),
        (wav(tone())[:5_000], "failed"),
    ],
)
def test_what_cannot_be_used_is_a_state_and_the_former_recording_stays(recorder, content, state):
    send(recorder, wav(tone()))
    send(recorder, content)
    assert recorder.state == state
    assert len(recorder.heard) == 1
    assert recorder.recording is recorder.heard[0]


def test_after_a_bad_one_a_good_one_is_heard(recorder):
    send(recorder, b"")
    send(recorder, wav(tone()))
    assert (recorder.state, len(recorder.heard)) == ("done", 1)


def test_every_state_that_the_page_can_set_has_words():
    used = set(re.findall(r'state\("(\w+)"\)', _RECORD)) | set(re.findall(r'Error: "(\w+)"', _RECORD))
    used |= set(re.findall(r'\?\? "(\w+)"\)', _RECORD)) | set(re.findall(r'\? "(absent)" : "(insecure)"', _RECORD)[0])
    assert {"asking", "recording", "refused", "absent", "busy", "insecure", "failed"} <= used
    assert used <= set(STATES)


@pytest.mark.parametrize("state", ["refused", "absent", "insecure", "silent", "busy", "failed", "short"])
def test_a_failure_says_what_to_do(state):
    assert re.search(r"(?i)press record|upload|record again|open jupyterlab", STATES[state])
