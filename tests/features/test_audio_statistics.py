import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.features import VoiceStatistics
from mmteach.features.audio_statistics import PARTS, RATES, STATISTICS, summarise
from mmteach.features.extractor import build_extractor
from mmteach.types import Waveform

RATE = 16_000


def voice(f0=150.0, seconds=1.5, loud=0.2, glide=0.0, syllables=0.0):
    """A hum with overtones whose pitch moves by `glide` octaves and whose loudness beats, over faint noise."""
    t = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(f0 * 2 ** (glide * t / seconds)) / RATE
    hum = sum(np.sin(k * phase) / k for k in range(1, 8))
    if syllables:
        hum = hum * np.clip(np.sin(2 * np.pi * syllables * t) + 0.3, 0, None)
    x = loud * hum / np.abs(hum).max() + 1e-4 * np.random.default_rng(0).standard_normal(len(t))
    return Waveform(x.astype(np.float32), RATE)


def said(waveform, *names):
    """The numbers of these names."""
    extractor = VoiceStatistics()
    row = dict(zip(extractor.names(), extractor([waveform])[0], strict=True))
    return [float(row[name]) for name in names]


def test_every_column_has_a_name_of_its_own():
    x, names = VoiceStatistics()([voice(), voice(220)]), VoiceStatistics().names()
    assert x.shape == (2, len(names))
    assert x.dtype == np.float32
    assert len(set(names)) == len(names)
    assert {"pitch, median where voiced", "mfcc 0, mean", *RATES} <= set(names)


@pytest.mark.parametrize("part", PARTS)
def test_parts_are_columns_of_the_whole(part):
    whole, alone = VoiceStatistics(), VoiceStatistics(parts=[part])
    places = [whole.names().index(name) for name in alone.names()]
    np.testing.assert_array_equal(alone([voice()]), whole([voice()])[:, places])


def test_parts_keep_the_order_they_are_named_in():
    both = VoiceStatistics(("rate", "pitch"))
    assert both.names() == VoiceStatistics(["rate"]).names() + VoiceStatistics(["pitch"]).names()
    again = build_extractor(both.name, both.params())
    np.testing.assert_array_equal(again([voice()]), both([voice()]))


@pytest.mark.parametrize("parts", [(), ("melody",), "pitch", ("pitch", "melody")])
def test_unknown_parts_are_refused(parts):
    with pytest.raises(ParameterError, match="some of mfcc, delta, pitch"):
        VoiceStatistics(parts)


def test_pitch_is_told_in_semitones_above_100_hz():
    low, high = (said(voice(f0), "pitch, median where voiced")[0] for f0 in (100, 200))
    assert low == pytest.approx(0, abs=0.05)
    assert high == pytest.approx(12, abs=0.05)


def test_a_rising_voice_has_a_slope_and_a_range():
    slope, span, share = said(
        voice(glide=0.5, seconds=2), "pitch, slope where voiced", "pitch, range where voiced", "share voiced"
    )
    assert slope == pytest.approx(3, rel=0.05)  # half an octave, six semitones, in two seconds
    assert span == pytest.approx(4.8, rel=0.05)  # from the 10th to the 90th percentile
    assert share > 0.95


def test_twice_as_loud_is_six_decibels():
    soft, loud = (said(voice(loud=x), "energy, mean from first to last sound")[0] for x in (0.1, 0.2))
    assert loud - soft == pytest.approx(6.02, abs=0.05)


def test_syllables_are_counted():
    for rate in (3, 5):
        assert said(voice(seconds=4, syllables=rate), "loudness peaks per second")[0] == pytest.approx(rate, rel=0.2)


def test_noise_is_not_voiced():
    noise = Waveform((0.1 * np.random.default_rng(0).standard_normal(RATE)).astype(np.float32), RATE)
    assert said(noise, "share voiced", "pitch, mean where voiced") == [0, 0]


def test_silence_around_a_voice_changes_little():
    names = ("mfcc 1, mean", "pitch, median where voiced", "seconds of speech", "centroid, mean")
    bare = voice()
    padded = Waveform(np.pad(bare.samples, RATE), RATE)
    np.testing.assert_allclose(said(padded, *names), said(bare, *names), rtol=0.05, atol=0.05)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("n", [0, 1, 2, 100, 399, 400, 1_000, RATE])
def test_silence_and_short_clips_give_finite_numbers(n):
    clips = [Waveform(samples[:n], RATE) for samples in (np.zeros(n, np.float32), voice().samples)]
    clips.append(Waveform(np.ones(n, np.float32), RATE))
    assert np.isfinite(VoiceStatistics()(clips)).all()


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100])
def test_other_rates_give_finite_numbers(rate):
    x = VoiceStatistics()([Waveform(voice().samples, rate)])
    assert np.isfinite(x).all()


def test_no_recording_gives_no_row():
    assert VoiceStatistics(["rate"])([]).shape == (0, len(RATES))


def test_a_generator_will_do():
    clips = [voice(f0) for f0 in (120, 180)]
    np.testing.assert_array_equal(VoiceStatistics()(clip for clip in clips), VoiceStatistics()(clips))


@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_statistics_are_those_of_numpy(n):
    x = np.random.default_rng(n).standard_normal((5, n)).astype(np.float32)
    times = np.arange(n) * 0.01
    p5, p10, median, p90, p95 = np.percentile(x, [5, 10, 50, 90, 95], axis=1)
    slope = np.polyfit(times, x.T, 1)[0] if n > 1 else np.zeros(5)
    expected = dict(zip(STATISTICS, (x.mean(1), x.std(1), p5, p10, median, p90, p95, p90 - p10, slope), strict=True))
    for name, row in zip(STATISTICS, summarise(x, times), strict=True):
        np.testing.assert_allclose(row, expected[name], rtol=1e-4, atol=1e-5, err_msg=name)
