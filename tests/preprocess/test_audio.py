import librosa
import numpy as np
import pytest

from mmteach.errors import DataError, ParameterError
from mmteach.preprocess.audio import AUDIO_STEPS, Level, PadCrop, Resample, Trim, require_sound
from mmteach.types import Waveform


def voice(n=24_000, rate=16_000, peak=0.3, quiet=0):
    """A hum with overtones; `quiet` samples of faint noise stand before and after it."""
    t = np.arange(n) / rate
    hum = sum(np.sin(2 * np.pi * 140 * k * t + 1) / k for k in range(1, 6))
    noise = 1e-4 * np.random.default_rng(0).standard_normal(n + 2 * quiet)
    return Waveform((np.pad(hum * peak / np.abs(hum).max(), quiet) + noise).astype(np.float32), rate)


@pytest.mark.parametrize(
    ("rate", "n"), [(48_000, 30_001), (44_100, 9_999), (8_000, 4_003), (11_025, 1), (192_000, 50_000)]
)
def test_resample_is_what_librosa_does(rate, n):
    before = voice(n, rate)
    after = Resample(16_000)(before)
    expected = librosa.resample(before.samples, orig_sr=rate, target_sr=16_000)
    assert after.sample_rate == 16_000
    assert after.samples.dtype == np.float32
    np.testing.assert_allclose(after.samples, np.clip(expected, -1, 1), atol=1e-6)


def test_a_recording_at_the_right_rate_stays():
    before = voice()
    assert Resample(16_000)(before) is before


def test_resampling_stays_within_one():
    square = Waveform(np.sign(np.sin(np.arange(8000) * 0.3) + 1e-9).astype(np.float32), 8000)
    assert np.abs(librosa.resample(square.samples, orig_sr=8000, target_sr=16_000)).max() > 1
    assert np.abs(Resample()(square).samples).max() == 1


@pytest.mark.parametrize(("n", "quiet"), [(24_000, 8_000), (5_000, 1_234), (900, 3_000), (300, 0)])
@pytest.mark.parametrize("top_db", [20.0, 40.0])
def test_trim_is_what_librosa_does(n, quiet, top_db):
    before = voice(n, quiet=quiet)
    expected, _ = librosa.effects.trim(before.samples, top_db=top_db)
    np.testing.assert_array_equal(Trim(top_db)(before).samples, expected)


def test_trim_takes_silence_off_and_leaves_sound():
    after = Trim()(voice(16_000, quiet=16_000))
    assert 16_000 <= len(after.samples) <= 16_000 + 2 * (2048 + 512)


def test_level_reaches_the_level():
    for peak in (0.01, 0.1, 0.9):
        after = Level(-26)(voice(peak=peak)).samples
        assert after.dtype == np.float32
        assert 20 * np.log10(np.sqrt(np.mean(after**2))) == pytest.approx(-26, abs=0.01)


def test_level_never_clips():
    click = np.zeros(16_000, np.float32)
    click[:40] = np.linspace(0.5, 0.1, 40)
    after = Level(-10)(Waveform(click, 16_000)).samples
    assert np.abs(after).max() == 1
    np.testing.assert_allclose(after, click * 2, atol=1e-6)


@pytest.mark.parametrize("step", [Resample(8_000), Trim(), Level(), PadCrop(0.5)])
@pytest.mark.parametrize("n", [0, 1, 100, 16_000])
def test_silence_and_short_recordings_pass_every_step(step, n):
    after = step(Waveform(np.zeros(n, np.float32), 16_000))
    assert not after.samples.any()
    assert n == 0 or np.isfinite(step(voice(n)).samples).all()


def test_pad_crop_gives_one_length():
    before = voice(16_000)
    longer, shorter = PadCrop(2)(before).samples, PadCrop(0.25)(before).samples
    np.testing.assert_array_equal(longer, np.pad(before.samples, (0, 16_000)))
    np.testing.assert_array_equal(shorter, before.samples[:4_000])


def test_no_step_changes_what_it_is_given():
    before = voice()
    kept = before.samples.copy()
    for step in (Resample(8_000), Trim(), Level(), PadCrop(1)):
        step(before)
    np.testing.assert_array_equal(before.samples, kept)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Resample(10), "1000 to 192000"),
        (lambda: Resample(16_000.5), "whole number"),
        (lambda: Trim(0), "top_db is 0"),
        (lambda: Trim(hop_length=0), "hop_length 0"),
        (lambda: Level(3), "between -80 and 0"),
        (lambda: Level(float("nan")), "between -80 and 0"),
        (lambda: PadCrop(0), "between 0.05 and 300"),
    ],
)
def test_parameters_out_of_range(make, words):
    with pytest.raises(ParameterError, match=words):
        make()


@pytest.mark.parametrize("step", AUDIO_STEPS)
def test_another_medium_is_refused(step):
    with pytest.raises(DataError, match="a recording was needed, a str came"):
        step()("hello")


def test_what_holds_no_voice():
    require_sound(voice())
    with pytest.raises(DataError, match=r"has 120 samples, 0\.0075 s; one frame needs 400: record for longer"):
        require_sound(voice(120))
    with pytest.raises(DataError, match="silent"):
        require_sound(Waveform(np.full(16_000, 1e-4, np.float32), 16_000))
    with pytest.raises(DataError, match="a recording was needed"):
        require_sound("hello")
