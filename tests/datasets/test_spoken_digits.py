from collections import Counter

import numpy as np
import pytest

from mmteach.datasets import load
from mmteach.errors import ParameterError


@pytest.fixture(scope="module")
def rows(speech_set):
    return speech_set("spoken_digits").rows


def test_every_speaker_says_every_digit_as_often(rows):
    assert set(Counter((row["group"], row["label"]) for row in rows).values()) == {5}


def test_a_word_is_a_digit(rows):
    words = {(row["language"], row["label"]): row["word"] for row in rows}
    assert len(words) == len(set(words.values())) == 20
    assert (words["en", "7"], words["zh", "0"]) == ("seven", "零")


def test_noise_varies_and_tells_nothing(rows):
    snr = {digit: [float(row["snr_db"]) for row in rows if row["label"] == digit] for digit in "0123456789"}
    everything = np.concatenate(list(snr.values()))
    assert everything.min() < 5
    assert everything.max() > 28
    assert np.ptp([np.mean(values) for values in snr.values()]) < 5


def test_one_language_can_be_asked_for():
    english = load("spoken_digits", language="en")
    assert len(english) == 700
    assert {row.meta["language"] for row in english.rows} == {"en"}
    with pytest.raises(ParameterError, match="en and zh"):
        load("spoken_digits", language="fr")
