"""The references of chapter 3 agree with the library, scikit-learn and librosa."""

import numpy as np
import pytest

from mmteach.exercises.chapters.features.lbp import my_lbp
from mmteach.exercises.chapters.features.log_mel import my_log_mel
from mmteach.exercises.chapters.features.tfidf import my_tfidf
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.features import lbp_codes, log_mel, tf_idf
from mmteach.features.audio import mel_filters
from mmteach.types import Waveform


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def hann(n):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


@pytest.mark.parametrize("most", [3, 256])
def test_codes_are_the_librarys(rng, most):
    picture = rng.integers(0, most, (20, 31), dtype=np.uint8)
    assert np.array_equal(my_lbp(picture), lbp_codes(picture[None])[0])


def test_a_brighter_picture_has_the_same_codes(rng):
    picture = rng.integers(0, 200, (9, 9), dtype=np.uint8)
    assert np.array_equal(my_lbp(picture + 50), my_lbp(picture))


def test_tfidf_is_the_librarys_where_both_parts_are_one(rng):
    counts = rng.poisson(0.7, (12, 9))
    assert my_tfidf(counts, counts) == pytest.approx(tf_idf(counts), abs=1e-6)


def test_tfidf_is_scikit_learns(rng):
    from sklearn.feature_extraction.text import TfidfTransformer

    train, test = rng.poisson(0.4, (12, 9)), rng.poisson(0.4, (5, 9))
    train[:, 3] = test[2] = 0  # a word of no training text, a text without a word
    assert my_tfidf(train, test) == pytest.approx(TfidfTransformer().fit(train).transform(test).toarray())


def test_log_mel_is_the_librarys(rng):
    samples = rng.normal(0, 0.1, 4000).astype(np.float32)
    window = np.pad(hann(400), 56)  # the library's frames are 400 samples in the middle of 512
    mine = my_log_mel(np.pad(samples, 256), window, mel_filters(16_000, 512, 64), 160)
    assert mine == pytest.approx(log_mel([Waveform(samples, 16_000)])[0], abs=1e-2)


def test_log_mel_is_librosas(rng):
    import librosa

    samples = rng.normal(0, 0.1, 3000)
    power = librosa.feature.melspectrogram(y=samples, sr=16_000, n_fft=512, hop_length=128, n_mels=30, center=False)
    theirs = librosa.power_to_db(power, amin=1e-10, top_db=None)
    filters = librosa.filters.mel(sr=16_000, n_fft=512, n_mels=30).T
    assert my_log_mel(samples, hann(512), filters, 128) == pytest.approx(theirs.T, abs=1e-3)


def told(id, answer):
    return judge(find(id), answer).mistake


def test_codes_at_the_border_are_told_whatever_they_are():
    def zeros_outside(picture):
        return np.pad(my_lbp(picture), 1)

    assert told("features.lbp", zeros_outside) == "border"


def test_mirrored_codes_are_told_whether_the_ring_or_the_offsets_are_mirrored():
    assert told("features.lbp", lambda picture: my_lbp(picture.T).T) == "neighbour order: counter-clockwise"


def test_no_smoothing_is_told_whether_a_new_word_is_guarded_or_not():
    def weigh(test, idf):
        length = np.linalg.norm(test * idf, axis=1, keepdims=True)
        return test * idf / np.where(length > 0, length, 1)

    def unguarded(train, test):
        return weigh(test, np.log(len(train) / (train > 0).sum(axis=0)) + 1)

    def guarded(train, test):
        return weigh(test, np.log(len(train) / ((train > 0).sum(axis=0) + 1e-9)) + 1)

    assert {told("features.tfidf", f) for f in (unguarded, guarded)} == {"no smoothing"}
