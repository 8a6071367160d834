import io
import os
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
import soundfile

from mmteach.datasets import read_audio
from mmteach.datasets.recordings import MAX_SECONDS
from mmteach.errors import DataError

TONE = (0.5 * np.sin(np.linspace(0, 100, 1600))).astype(np.float32)


def recorded(samples=TONE, rate=16_000, kind="WAV", subtype=None):
    """The bytes of a sound file."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_a_recording_is_read_at_its_own_rate(tmp_path, ending):
    path = tmp_path / f"tone.{ending}"
    soundfile.write(path, TONE, 16_000)
    waveform = read_audio(path)
    assert waveform.sample_rate == 16_000
    assert waveform.samples.dtype == np.float32
    assert abs(len(waveform.samples) - len(TONE)) <= (1200 if ending == "mp3" else 0)
    if ending != "mp3":
        np.testing.assert_allclose(waveform.samples, TONE, atol=0.1 if ending == "ogg" else 1e-4)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
def test_every_kind_of_number(subtype):
    np.testing.assert_allclose(read_audio(recorded(subtype=subtype)).samples, TONE, atol=0.02)


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, io.BytesIO])
def test_what_was_uploaded_is_read_like_a_file(tmp_path, wrap):
    path = tmp_path / "tone.wav"
    path.write_bytes(recorded())
    np.testing.assert_array_equal(read_audio(wrap(recorded())).samples, read_audio(str(path)).samples)


def test_channels_become_their_mean():
    two = recorded(np.stack([TONE, -TONE], axis=1), subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(two).samples, np.zeros_like(TONE))
    eight = np.stack([TONE * k / 8 for k in range(8)], axis=1)
    np.testing.assert_allclose(read_audio(recorded(eight, subtype="FLOAT")).samples, TONE * 3.5 / 8, atol=1e-6)


def test_loud_fractions_are_scaled_and_not_cut():
    loud = read_audio(recorded(TONE * 10, subtype="FLOAT")).samples
    np.testing.assert_allclose(loud, TONE / np.abs(TONE).max(), atol=1e-6)


def test_192_khz_become_48():
    t = np.arange(192_000 * 2) / 192_000
    waveform = read_audio(recorded(0.5 * np.sin(2 * np.pi * 440 * t), 192_000))
    assert waveform.sample_rate == 48_000
    assert len(waveform.samples) == 96_000
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(96_000) / 48_000)
    np.testing.assert_allclose(waveform.samples[500:-500], expected[500:-500], atol=1e-3)


def test_eight_channels_never_lie_in_memory_whole(tmp_path):
    path = tmp_path / "room.wav"
    path.write_bytes(recorded(np.zeros((192_000 * 15, 8), np.int16), 192_000))  # as float32 it would be 92 MB
    tracemalloc.start()
    try:
        assert len(read_audio(path).samples) == 48_000 * 15
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30e6


def test_more_than_five_minutes_are_refused_unread(tmp_path):
    path = tmp_path / "lecture.flac"
    soundfile.write(path, np.zeros(600 * 8_000, np.int16), 8_000)
    with pytest.raises(DataError, match=r"lecture.flac lasts 10\.0 minutes, 5 are the most: cut out the part"):
        read_audio(path)
    assert len(read_audio(recorded(np.zeros(MAX_SECONDS * 1_000), 1_000)).samples) == MAX_SECONDS * 1_000


BAD = [
    (b"no sound at all, only words" * 9, "not a recording that can be read: save it as WAV"),
    (b"\x00" * 4000, "not a recording"),
    (recorded()[:20], "not a recording"),
    (b"\x1aE\xdf\xa3" + bytes(2000), "not a recording"),  # WebM, which a browser records
    (recorded(np.zeros(0)), "0 samples"),
    (recorded(np.full(9, np.nan), subtype="FLOAT"), "not numbers"),
    (recorded(np.full(9, np.inf), subtype="FLOAT"), "not numbers"),
    (recorded()[:-1000], "ends early"),
    (recorded(kind="AIFF")[:-1000], "ends early"),
    (recorded(np.random.default_rng(0).uniform(-1, 1, 90_000), kind="FLAC")[:-90_000], "ends early"),
    (recorded(rate=4), "says 4 samples a second"),
    (recorded(rate=2_000_000), "says 2000000 samples a second"),
]


@pytest.mark.parametrize(("content", "words"), BAD)
def test_what_is_no_recording_gets_a_sentence(tmp_path, content, words):
    path = tmp_path / "voice.wav"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"voice.wav.*{words}"):
        read_audio(path)
    with pytest.raises(DataError, match=f"^the recording.*{words}"):
        read_audio(content)


def test_nothing_a_folder_and_a_missing_file(tmp_path):
    for empty in (b"", io.BytesIO()):
        with pytest.raises(DataError, match="the recording is empty, 0 bytes: choose"):
            read_audio(empty)
    (tmp_path / "empty.wav").touch()
    for name, words in (("empty.wav", "is empty"), (".", "is a folder"), ("gone.wav", "is missing")):
        with pytest.raises(DataError, match=words):
            read_audio(tmp_path / name)


@pytest.mark.parametrize("ending", ["raw", "txt", "mp3"])
def test_the_content_decides_and_not_the_name(tmp_path, ending):
    path = tmp_path / f"voice.{ending}"
    path.write_bytes(b"words " * 100)
    with pytest.raises(DataError, match="not a recording"):
        read_audio(path)


def test_damage_anywhere_is_a_sentence_or_a_recording():
    good = recorded(kind="FLAC")
    rng = np.random.default_rng(0)
    for _ in range(100):
        content = bytearray(good)
        for at in rng.integers(0, len(content), 3):
            content[at] = rng.integers(256)
        with suppress(DataError):
            assert np.isfinite(read_audio(content).samples).all()


def test_a_header_of_a_stream_says_no_length():
    content = bytearray(recorded())
    content[4:8] = b"\xff\xff\xff\xff"
    np.testing.assert_allclose(read_audio(content).samples, TONE, atol=1e-4)


def test_a_recording_in_use_is_held_once(tmp_path):
    path = tmp_path / "tone.wav"
    path.write_bytes(recorded())
    first = read_audio(path)
    assert read_audio(str(path)) is first
    stat = path.stat()
    path.write_bytes(recorded(TONE[:800]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    again = read_audio(path)
    assert again is not first
    assert len(again.samples) == 800
    del again
    assert len(read_audio(path).samples) == 800
