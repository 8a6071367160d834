import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.features import WordPicture, build_extractor
from mmteach.features.audio_picture import stretched, word_picture
from mmteach.types import Waveform


def sweep(seconds, gain=0.3, rate=8000):
    """A tone that rises from 300 Hz to 2 kHz, however long it takes."""
    n = round(seconds * rate)
    hertz = np.linspace(300, 2000, n)
    return Waveform((gain * np.sin(2 * np.pi * np.cumsum(hertz) / rate)).astype(np.float32), rate)


def test_stretched_is_linear_interpolation():
    x = np.random.default_rng(0).normal(size=(9, 3))
    expected = [np.interp(np.linspace(0, 8, 20), np.arange(9), column) for column in x.T]
    np.testing.assert_allclose(stretched(x, 20), np.stack(expected, axis=1), atol=1e-12)
    np.testing.assert_allclose(stretched(x, 9), x)


@pytest.mark.parametrize("steps", [2, 7])
def test_a_single_frame_stays_what_it_is(steps):
    np.testing.assert_array_equal(stretched(np.array([[1.0, 2.0]]), steps), [[1.0, 2.0]] * steps)


def test_pictures_have_one_size_however_long_the_clip_is():
    found = WordPicture(n_mels=20, n_steps=16)([sweep(0.3), sweep(0.9)])
    assert (found.shape, found.dtype) == ((2, 2, 20, 16), np.float32)


def test_a_word_said_slower_looks_the_same():
    fast, slow = WordPicture()([sweep(0.4), sweep(0.8)])
    other = WordPicture()([Waveform(sweep(0.4).samples[::-1].copy(), 8000)])[0]
    assert np.corrcoef(fast.ravel(), slow.ravel())[0, 1] > 0.95
    assert np.corrcoef(fast.ravel(), other.ravel())[0, 1] < 0.5  # the order of sounds is kept


def test_loudness_is_taken_out():
    soft, loud = WordPicture()([sweep(0.4, 0.1), sweep(0.4, 0.5)])
    np.testing.assert_allclose(soft, loud, atol=0.02)


def test_a_microphone_is_taken_out_of_the_second_channel_alone():
    x = np.random.default_rng(1).normal(0, 5, (30, 8)).astype(np.float32)
    coloured = x + np.linspace(-9, 9, 8, dtype=np.float32)
    plain, heard = word_picture(x, 12, 200.0), word_picture(coloured, 12, 200.0)
    np.testing.assert_allclose(plain[1], heard[1], atol=1e-4)
    assert np.abs(plain[0] - heard[0]).max() > 0.5


def test_what_is_far_below_the_loudest_is_raised():
    x = np.array([[0.0, -100.0]] * 3, np.float32)
    np.testing.assert_allclose(word_picture(x, 3, 40.0)[0], [[1.0] * 3, [-1.0] * 3])
    assert word_picture(np.full((3, 2), -100.0, np.float32), 3, 40.0).tolist() == np.zeros((2, 2, 3)).tolist()


def test_it_is_made_again_from_its_parameters():
    made = WordPicture(n_mels=24, n_steps=20, top_db=50.0)
    again = build_extractor(made.name, made.params())
    np.testing.assert_array_equal(again([sweep(0.4)]), made([sweep(0.4)]))


@pytest.mark.parametrize("wrong", [{"n_mels": 0}, {"n_steps": 1}, {"top_db": 0.0}])
def test_impossible_parameters(wrong):
    with pytest.raises(ParameterError, match="n_steps"):
        WordPicture(**wrong)
