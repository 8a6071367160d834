"""`mmteach predict` with texts and recordings as nobody would wish for: one sentence, or a sensible answer."""

import numpy as np
import pytest
import soundfile

from tests.cases.conftest import tone
from tests.cli.conftest import predict, refused, run


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the text is empty"),
        (" \t\n", "the text is empty"),
        ("\u200b\ufeff", "holds no word"),
        ("...", "holds no word"),
    ],
)
def test_a_text_that_says_nothing_is_refused(model, text, sentence):
    refused(run("predict", "--model", model, "--text", text), sentence)


@pytest.mark.parametrize(
    "text",
    ["😀🎉", "a happy and lovely day " * 2_000, "วันนี้อากาศดีมาก", "هذا يوم جميل", "zzyzx", "good \ud83d day"],
    ids=["emoji", "10,000 words", "Thai", "Arabic", "nothing known", "lone surrogate"],
)
def test_any_text_gets_an_answer_with_its_uncertainty(model, text):
    answer = predict(model, "--text", text)
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    assert all(0 <= p <= 1 for p in answer["probabilities"].values())


def sound_file(path, samples, rate=16_000):
    soundfile.write(path, samples, rate)
    return path.read_bytes()


def unreadable(kind, path):
    """Write what is no usable recording; return what is said of it."""
    hum = tone(200).samples
    if kind == "empty":
        path.write_bytes(b"")
        return "empty"
    if kind == "not audio":
        path.write_bytes(b"These are words and no sound. " * 50)
        return "is not a recording that can be read"
    if kind == "picture":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
        return "is not a recording that can be read"
    if kind == "truncated":
        path.write_bytes(sound_file(path, hum)[:4_000])
        return "is a damaged recording"
    if kind == "header alone":
        sound_file(path, hum[:0])
        return "0 samples"
    if kind == "silent":
        sound_file(path, np.zeros(16_000))
        return "silent"
    if kind == "short":
        sound_file(path, hum[:200])
        return "record for longer"
    if kind == "ten minutes":
        sound_file(path, np.zeros(600 * 8_000, np.int16), 8_000)
        return "lasts 10.0 minutes"
    path.mkdir()
    return "folder"


@pytest.mark.parametrize(
    "kind",
    ["empty", "not audio", "picture", "truncated", "header alone", "silent", "short", "ten minutes", "a folder"],
)
def test_a_file_that_is_no_usable_recording_is_refused(model, tmp_path, kind):
    sentence = unreadable(kind, tmp_path / "voice.wav")
    refused(run("predict", "--model", model, "--audio", tmp_path / "voice.wav"), sentence)
    refused(run("predict", "--model", model, "--audio", tmp_path / "voice.wav", "--text", "a good day"), sentence)


def test_a_missing_recording_is_refused(model, tmp_path):
    refused(run("predict", "--model", model, "--audio", tmp_path / "none.wav"), "none.wav")


@pytest.mark.parametrize(("rate", "channels"), [(192_000, 1), (16_000, 8), (192_000, 8), (44_100, 1)])
def test_any_rate_and_any_number_of_channels_gets_the_same_answer(model, tmp_path, rate, channels):
    sound = tone(260, seed=77, sample_rate=rate).samples
    sound_file(tmp_path / "voice.wav", np.stack([sound] * channels, axis=1), rate)
    answer = predict(model, "--audio", tmp_path / "voice.wav")
    assert answer["label"] == "glad"


def test_a_telephone_recording_gets_an_answer(model, tmp_path):
    """At 8 kHz everything above 4 kHz is lost, so the answer may be another one."""
    sound = tone(260, seed=77, sample_rate=8_000).samples
    sound_file(tmp_path / "voice.wav", np.stack([sound] * 2, axis=1), 8_000)
    answer = predict(model, "--audio", tmp_path / "voice.wav")
    assert sum(answer["probabilities"].values()) == pytest.approx(1)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x00" * 100])
def test_what_is_no_model_is_refused(tmp_path, content):
    (tmp_path / "m.mmt").write_bytes(content)
    refused(run("predict", "--model", tmp_path / "m.mmt", "--text", "a good day"), "not a model")
    refused(run("predict", "--model", tmp_path / "none.mmt", "--text", "a good day"), "there is no model at")
