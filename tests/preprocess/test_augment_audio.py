"""Single recordings: identities, exact ratios, librosa, and a room that was never there."""

import math

import librosa
import numpy as np
import pytest
import torch

from mmteach.errors import DataError, ParameterError
from mmteach.preprocess.augment import add_noise, gain, pitch_shift, reverberate, room_response, speed, time_stretch
from mmteach.types import Waveform

RATE = 16_000


def seeded(number=0):
    return torch.Generator().manual_seed(number)


@pytest.fixture(scope="module")
def voice():
    t = np.arange(RATE) / RATE
    rng = np.random.default_rng(0)
    tones = 0.3 * np.sin(2 * np.pi * 200 * t) + 0.1 * np.sin(2 * np.pi * 610 * t) * np.sin(2 * np.pi * 2 * t)
    return Waveform((tones + 0.005 * rng.normal(size=RATE)).astype(np.float32), RATE)


def power_db(y):
    return 10 * np.log10(np.mean(np.asarray(y, np.float64) ** 2))


def test_no_change_is_the_identity(voice):
    same = [
        add_noise(voice, math.inf, seeded()), gain(voice, 0), speed(voice, 1), pitch_shift(voice, 0),
        reverberate(voice, 0, seeded()),
    ]  # fmt: skip
    for other in same:
        np.testing.assert_array_equal(other.samples, voice.samples)
    np.testing.assert_allclose(time_stretch(voice.samples, 1.0), voice.samples, atol=1e-3)


@pytest.mark.parametrize("snr_db", [20, 0, -10])
def test_noise_has_the_ratio_that_was_asked_for(voice, snr_db):
    noisy = add_noise(voice, snr_db, seeded())
    assert np.abs(noisy.samples).max() <= 1
    share = np.dot(noisy.samples, voice.samples) / np.dot(voice.samples, voice.samples)  # all was turned down, perhaps
    noise = noisy.samples - share * voice.samples
    assert power_db(share * voice.samples) - power_db(noise) == pytest.approx(snr_db, abs=0.1)
    np.testing.assert_array_equal(noisy.samples, add_noise(voice, snr_db, seeded()).samples)
    assert not np.array_equal(noisy.samples, add_noise(voice, snr_db, seeded(1)).samples)


def test_noise_under_silence_is_a_sentence():
    with pytest.raises(DataError, match="the recording is silent"):
        add_noise(Waveform(np.zeros(10, np.float32), RATE), 10, seeded())
    with pytest.raises(ParameterError, match="snr_db is nan"):
        add_noise(Waveform(np.ones(10, np.float32), RATE), math.nan, seeded())


def test_gain_is_in_decibels_and_full_scale_is_the_end(voice):
    assert power_db(gain(voice, -6).samples) == pytest.approx(power_db(voice.samples) - 6, abs=1e-3)
    assert np.abs(gain(voice, 40).samples).max() == 1
    with pytest.raises(ParameterError, match="gain is 90; it must lie between -60 and 60 dB"):
        gain(voice, 90)


@pytest.mark.parametrize("rate", [0.7, 1.3, 2.0])
def test_stretching_is_librosas(voice, rate):
    own, theirs = time_stretch(voice.samples, rate), librosa.effects.time_stretch(voice.samples, rate=rate)
    assert len(own) == len(theirs) == round(RATE / rate)
    assert power_db(own - theirs) < power_db(theirs) - 25  # where a phase is half a turn off, either way is right


@pytest.mark.parametrize("semitones", [-5, 2, 12])
def test_the_pitch_moves_as_librosas_does_and_the_length_stays(voice, semitones):
    own = pitch_shift(voice, semitones).samples
    theirs = librosa.effects.pitch_shift(voice.samples, sr=RATE, n_steps=semitones)
    assert len(own) == len(voice.samples)
    assert power_db(own - theirs) < power_db(theirs) - 25
    loudest = np.abs(np.fft.rfft(own)).argmax() * RATE / len(own)
    assert loudest == pytest.approx(200 * 2 ** (semitones / 12), rel=0.02)


@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_speed_moves_length_and_pitch_and_is_librosas_resampling(voice, factor):
    own = speed(voice, factor)
    theirs = librosa.resample(voice.samples, orig_sr=RATE * factor, target_sr=RATE, res_type="soxr_hq")
    assert abs(len(own.samples) - RATE / factor) <= 2
    np.testing.assert_allclose(own.samples[:12_000], theirs[:12_000], atol=1e-3)
    assert own.sample_rate == RATE
    loudest = np.abs(np.fft.rfft(own.samples)).argmax() * RATE / len(own.samples)
    assert loudest == pytest.approx(200 * factor, rel=0.01)


def test_a_room_s_answer_begins_with_the_clap_and_dies_away_by_60_db():
    h = room_response(0.5, RATE, seeded(), direct_db=6)
    assert len(h) == 1 + RATE // 2
    assert h[0] == 1
    tail = h[1:]
    assert 10 * np.log10(1 / (tail**2).sum()) == pytest.approx(6, abs=1e-6)
    first, last = (np.mean(part**2) for part in (tail[:400], tail[-400:]))
    assert 10 * np.log10(first / last) == pytest.approx(60 * (1 - 0.05), abs=1.5)
    np.testing.assert_array_equal(room_response(0, RATE, seeded()), [1])


def test_a_room_leaves_length_and_loudness_and_lets_sounds_ring_on():
    click = np.zeros(RATE, np.float32)
    click[1000] = 0.5
    heard = reverberate(Waveform(click, RATE), 0.4, seeded()).samples
    assert len(heard) == RATE
    assert power_db(heard) == pytest.approx(power_db(click), abs=1e-3)
    assert np.abs(heard[:990]).max() < 1e-6
    assert np.abs(heard[1001:3000]).max() > 0.01
    np.testing.assert_array_equal(heard, reverberate(Waveform(click, RATE), 0.4, seeded()).samples)


def test_the_given_recording_stays_as_it_was(voice):
    before = voice.samples.copy()
    for made in (gain(voice, 3), add_noise(voice, 5, seeded()), reverberate(voice, 0.2, seeded())):
        made.samples[:] = 0
    np.testing.assert_array_equal(voice.samples, before)
