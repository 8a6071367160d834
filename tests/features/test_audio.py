"""Features of recordings against librosa; the only module here that calls it, for its first call compiles."""

import warnings

import librosa
import numpy as np
import pytest
import soundfile

from mmteach.features import Framing, deltas, log_mel, mfcc, pitch, rms, spectral, zero_crossing_rate
from mmteach.features.audio import mel_filters
from mmteach.features.audio_frames import CLIPS
from mmteach.features.audio_pitch import FRAME
from mmteach.types import Waveform

USUAL = {"n_fft": 512, "hop_length": 160, "win_length": 400}
SPECTRAL = ("centroid", "bandwidth", "rolloff", "flatness")


def synthetic():
    """Hums, a glide, noise, silence, clicks; long ones, odd lengths, and some shorter than a frame."""
    rng, t = np.random.default_rng(0), np.arange(24_000) / 16_000
    clips = [sum(np.sin(2 * np.pi * f * k * t + np.sin(5 * t)) / k for k in range(1, 9)) / 9 for f in (70, 145, 320)]
    clips += [np.sin(2 * np.pi * 200 * t * (1 + t)), np.sin(2 * np.pi * 1000 * t)]
    clips += [0.1 * rng.standard_normal(n) for n in (16_000, 7_777, 1_600, 399, 100, 2)]
    clips += [np.zeros(4_000), np.r_[np.zeros(3_000), 0.4 * clips[0][:5_001], np.zeros(3_000)]]
    clips += [np.where(np.arange(5_000) % 700 == 3, -0.9, 0)]
    return [Waveform(x.astype(np.float32), 16_000) for x in clips]


@pytest.fixture(scope="module", params=["synthetic", pytest.param("real", marks=pytest.mark.real)])
def clips(request):
    if request.param == "synthetic":
        return synthetic()
    folder = request.getfixturevalue("real_data")
    files = sorted((folder / "ravdess").rglob("*.flac"))[::60] + sorted((folder / "fsdd").rglob("*.wav"))[::200]
    return [Waveform(soundfile.read(file, dtype="float32")[0], 16_000) for file in files]


def compare(found, function, clips):
    """Every clip, to 1e-4 of the largest value that librosa gives."""
    assert len(found) == len(clips)
    for x, clip in zip(found, clips, strict=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # librosa warns of clips shorter than a frame
            expected = np.squeeze(np.atleast_2d(function(clip.samples)).T)
        assert x.dtype == np.float32
        assert len(x) == 1 + len(clip.samples) // 160
        np.testing.assert_allclose(np.squeeze(x), expected, atol=1e-4 * max(1, np.abs(expected).max()))


def mel_of(y, **options):
    return librosa.feature.melspectrogram(y=y, sr=16_000, **USUAL, **options)


def test_mel_filters():
    for rate, n_fft, n_mels in ((16_000, 512, 64), (22_050, 2048, 128), (8_000, 256, 20)):
        expected = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels).T
        np.testing.assert_allclose(mel_filters(rate, n_fft, n_mels), expected, atol=1e-6)


@pytest.mark.parametrize("top_db", [90.0, 80.0])  # of a pure tone, what lies further below is rounding in 32 bits
def test_log_mel(clips, top_db):
    def expected(y):
        return librosa.power_to_db(mel_of(y, n_mels=64), top_db=top_db)

    compare(log_mel(clips, top_db=top_db), expected, clips)


def test_log_mel_has_no_floor_but_silence():
    clip = Waveform(np.r_[synthetic()[0].samples, np.zeros(4_000, np.float32)], 16_000)
    x, raised = log_mel([clip])[0], log_mel([clip], top_db=80)[0]
    assert x.min() == pytest.approx(-100)
    np.testing.assert_allclose(raised, np.maximum(x, x.max() - 80))


def test_other_framings(clips):
    framing = Framing(frame_length=301, n_fft=600, hop_length=160)
    options = {"n_fft": 600, "hop_length": 160, "win_length": 301}

    def expected(y):
        return librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=16_000, n_mels=30, **options), top_db=80)

    compare(log_mel(clips, 30, framing, top_db=80), expected, clips)


def test_mfcc(clips):
    compare(mfcc(clips, 13), lambda y: librosa.feature.mfcc(y=y, sr=16_000, n_mfcc=13, n_mels=64, **USUAL), clips)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("width", [3, 9])
def test_deltas(clips, order, width):
    for x in (x for x in mfcc(clips) if len(x) >= 9):
        expected = librosa.feature.delta(x.T, order=order, width=width).T
        np.testing.assert_allclose(deltas(x, order, width), expected, atol=1e-4 * max(1, np.abs(x).max()))


def test_loudness_and_sign_changes(clips):
    sizes = {"frame_length": 400, "hop_length": 160}
    compare(rms(clips), lambda y: librosa.feature.rms(y=y, **sizes), clips)
    compare(zero_crossing_rate(clips), lambda y: librosa.feature.zero_crossing_rate(y, **sizes), clips)


@pytest.mark.parametrize("column", range(4))
def test_spectral_measures(clips, column):
    function = getattr(librosa.feature, f"spectral_{SPECTRAL[column]}")
    options = USUAL if column == 3 else {**USUAL, "sr": 16_000}
    compare([x[:, column] for x in spectral(clips)], lambda y: function(y=y, **options), clips)


def test_pitch_wherever_there_is_one(clips):
    n_compared = 0
    for found, clip in zip(pitch(clips), clips, strict=True):
        expected = librosa.yin(clip.samples, fmin=60, fmax=500, sr=16_000, frame_length=FRAME, hop_length=160)
        assert found.f0.shape == found.aperiodicity.shape == expected.shape
        # In noise many periods fit equally badly, and rounding decides: those frames are nobody's pitch.
        periodic = found.aperiodicity < 0.5
        np.testing.assert_allclose(found.f0[periodic], expected[periodic], rtol=1e-4)
        n_compared += periodic.sum()
    assert n_compared > 400


def test_more_clips_than_fit_on_a_tape():
    many = [Waveform(clip.samples[i:], 16_000) for i in range(12) for clip in synthetic()]
    assert len(many) > 2 * CLIPS
    every, alone = log_mel(many), [log_mel([clip])[0] for clip in many[::17]]
    for a, b in zip(every[::17], alone, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-3)
    for a, b in zip(pitch(many)[::17], many[::17], strict=True):
        np.testing.assert_allclose(a.aperiodicity, pitch([b])[0].aperiodicity, atol=1e-3)
