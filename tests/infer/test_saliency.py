"""What is left out is found: in a text by word, in a recording by band and time."""

import numpy as np
import pytest

from mmteach.errors import DataError, ParameterError
from mmteach.infer import MAX_WORDS, spectrogram_saliency, word_saliency
from mmteach.types import Waveform

RATE = 16_000


def two(p):
    """Probabilities (N, 2) of the first class."""
    p = np.asarray(p, float)
    return np.stack([p, 1 - p], axis=1)


def knows(*words):
    """A reader whose probability rises by 0.2 for each of these words that is in a text."""
    return lambda texts: two([0.3 + 0.2 * sum(w in t for w in words) for t in texts])


def test_the_word_that_counts_is_found_and_no_other():
    text = "A  fairly good film, I'd say"
    found = word_saliency(knows("good"), text, 0)
    assert [w.word for w in found] == ["A", "fairly", "good", "film", "I'd", "say"]
    assert [w.value for w in found] == pytest.approx([0, 0, 0.2, 0, 0, 0])
    assert all(text[w.start : w.end] == w.word for w in found)


def test_for_the_other_class_it_speaks_against():
    assert [w.value for w in word_saliency(knows("good"), "so good", 1)] == pytest.approx([0, -0.2])


def test_a_chinese_character_is_a_word_and_places_are_those_of_the_raw_text():
    text = "味道  很<b>好</b>！ good"
    found = word_saliency(knows("好"), text, 0)
    assert {w.word for w in found} >= {"味", "道", "很", "好", "！", "good"}
    assert {w.word: round(w.value, 6) for w in found if w.value} == {"好": 0.2}
    assert all(text[w.start : w.end] == w.word for w in found)


def test_leaving_a_word_out_joins_no_neighbours():
    asked = []

    def probs_of(texts):
        asked.extend(texts)
        return two([0.5] * len(texts))

    word_saliency(probs_of, "un好able", 0)
    assert "un able" in asked


def test_all_words_are_asked_at_once_and_of_a_long_text_the_first():
    calls = []

    def probs_of(texts):
        calls.append(len(texts))
        return two([0.5] * len(texts))

    found = word_saliency(probs_of, "word " * 10_000, 0)
    assert calls == [MAX_WORDS + 1]
    assert len(found) == MAX_WORDS
    assert {w.value for w in found} == {0.0}


def test_a_text_without_words_has_no_values():
    assert word_saliency(knows("good"), "  ,, ", 0) == []


def clip(*tones, seconds=1.2, rate=RATE):
    """Tones (Hz, begin, end), silence elsewhere."""
    t = np.arange(int(seconds * rate)) / rate
    x = sum((0.3 * np.sin(2 * np.pi * hz * t) * ((t >= a) & (t < b)) for hz, a, b in tones), np.zeros_like(t))
    return Waveform(x.astype(np.float32), rate)


def hears(hz, begin, end):
    """A listener whose probability is the strength of one tone within one stretch."""

    def probs_of(clips):
        p = []
        for c in clips:
            t = np.arange(len(c.samples)) / c.sample_rate
            part = (t >= begin) & (t < end)
            p.append(min(1, 4 * abs(np.mean(c.samples[part] * np.exp(-2j * np.pi * hz * t[part])))))
        return two(p)

    return probs_of


def test_the_cell_that_counts_is_found_and_elsewhere_is_nothing():
    both = clip((3_000, 0.45, 0.55), (300, 0, 1.2))
    found = spectrogram_saliency(hears(3_000, 0.45, 0.55), both, 0, n_bands=8, n_times=12)
    assert found.shape == (8, 12)
    band, time = np.unravel_index(found.argmax(), found.shape)
    assert (band, time) in {(5, 4), (5, 5)}
    assert found[5, 4] + found[5, 5] > 0.4
    others = np.delete(np.delete(found, (5,), axis=0), (3, 4, 5, 6), axis=1)
    assert np.abs(others).max() < 1e-3
    assert np.abs(found[[0, 1, 2, 7]]).max() < 0.02


def test_time_runs_to_the_right_and_pitch_upwards():
    early_low = spectrogram_saliency(hears(200, 0, 0.3), clip((200, 0, 0.3), (5_000, 0.9, 1.2)), 0, 4, 4)
    late_high = spectrogram_saliency(hears(5_000, 0.9, 1.2), clip((200, 0, 0.3), (5_000, 0.9, 1.2)), 0, 4, 4)
    assert np.unravel_index(early_low.argmax(), (4, 4)) == (0, 0)
    assert np.unravel_index(late_high.argmax(), (4, 4)) == (3, 3)


def test_a_probability_that_does_not_listen_gives_zeros():
    found = spectrogram_saliency(lambda clips: two([0.7] * len(clips)), clip((440, 0, 1)), 1, 3, 5, size=4)
    assert found.tolist() == np.zeros((3, 5)).tolist()


def test_the_parts_muted_add_up_to_the_recording():
    whole, gone = clip((700, 0.2, 0.9), (2_500, 0, 1.2)), []

    def probs_of(clips):
        gone.extend(whole.samples.astype(float) - c.samples for c in clips)
        return two([0.5] * len(clips))

    spectrogram_saliency(probs_of, whole, 0, 4, 6)
    assert len(gone) == 25
    np.testing.assert_allclose(sum(gone), whole.samples, atol=1e-5)


def test_recordings_are_asked_in_parts():
    sizes = []

    def probs_of(clips):
        sizes.append(len(clips))
        return two([0.5] * len(clips))

    spectrogram_saliency(probs_of, clip((440, 0, 1)), 0, 4, 5, size=8)
    assert sizes == [1, 8, 8, 4]


def test_too_short_and_too_many_cells_are_sentences():
    with pytest.raises(DataError, match="record for longer"):
        spectrogram_saliency(hears(1, 0, 1), Waveform(np.ones(100, np.float32), RATE), 0)
    with pytest.raises(ParameterError, match="stretches"):
        spectrogram_saliency(hears(1, 0, 1), clip((440, 0, 1)), 0, n_times=100_000)
    with pytest.raises(ParameterError, match="bands"):
        spectrogram_saliency(hears(1, 0, 1), clip((440, 0, 1)), 0, n_bands=0)


def test_a_target_that_does_not_exist_is_a_sentence():
    with pytest.raises(ParameterError, match="target"):
        word_saliency(knows("good"), "good", 2)
