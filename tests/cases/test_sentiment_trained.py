"""A trained case of sentiment: what it was trained on, and its answer to whatever somebody types or records."""

import re
from dataclasses import replace

import numpy as np
import pytest

from mmteach.cases import sentiment
from mmteach.errors import DataError
from mmteach.pipeline import Pipeline
from mmteach.types import Sample, Waveform
from tests.cases.conftest import changed, spoken, tone

ODD_TEXTS = {
    "emoji": "😀😀🎉",
    "10,000 words": "a happy and lovely day " * 2_000,
    "Thai": "วันนี้อากาศดีมาก",
    "Arabic": "هذا يوم جميل",
    "lone surrogates": "good \ud83d day \udc00",
    "nothing known": "zzyzx qwrty",
    "zero-width between": "good\u200bday",
}


@pytest.fixture(scope="module")
def both():
    return spoken()


# train


def test_training_stops_by_speakers_of_their_own(both, watched):
    sentiment.train(both, epochs=1)
    ((_, train, val),) = watched
    assert len(train) + len(val) == 48
    assert {s.group for s in val}
    assert not {s.group for s in train} & {s.group for s in val}


def test_training_leaves_the_test_part_alone(both, watched):
    parts = ["train"] * 4 + ["val", "test"]
    marked = changed(both, lambda i, row: replace(row, split=parts[i // 8]))
    sentiment.train(marked, epochs=1)
    ((_, train, val),) = watched
    assert {s.group for s in train} == {f"spoken {i}" for i in range(4)}
    assert {s.group for s in val} == {"spoken 4"}


@pytest.mark.parametrize("split", [None, "train"])
def test_rows_without_a_label_teach_nothing(both, watched, split):
    sentiment.train(
        changed(both, lambda i, row: replace(row, label=row.label if i < 40 else None, split=split)), epochs=1
    )
    ((_, train, val),) = watched
    assert len(train) + len(val) == 40
    assert all(s.label for s in [*train, *val])


@pytest.fixture(scope="module")
def trained(both):
    """A model of a set with one wrong label in six: where all labels are right, no answer is in doubt."""
    moods = {"glad": "low", "low": "glad"}
    noisy = changed(both, lambda i, row: replace(row, label=moods[row.label] if i * 5 % 6 == 0 else row.label))
    return sentiment.train(noisy)[0]


def test_a_saved_model_says_exactly_the_same(both, trained, tmp_path):
    again = Pipeline.load(trained.save(tmp_path / "moods.mmteach"))
    samples = [*both[:4], sentiment.sample("a lovely day"), sentiment.sample(audio=tone(300))]
    for one, other in zip(trained.predict(samples), again.predict(samples), strict=True):
        np.testing.assert_array_equal(one.probs, other.probs)
        assert one.contributions == other.contributions


# one sample


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "neither a text nor a recording came"),
        ({"text": ""}, "the text is empty"),
        ({"text": " \t\n\u3000"}, "the text is empty"),
        ({"text": "\u200b\u200d\ufeff"}, "holds no word"),
        ({"text": "..., --"}, "holds no word"),
        ({"audio": Waveform(np.zeros(16_000, np.float32), 16_000)}, "silent"),
        ({"audio": Waveform(np.full(16_000, 1e-4, np.float32), 16_000)}, "silent"),
        ({"audio": Waveform(np.ones(300, np.float32), 16_000)}, "record for longer"),
        ({"audio": Waveform(np.zeros(0, np.float32), 16_000)}, "0 samples"),
        ({"text": "a fine day", "audio": Waveform(np.zeros(16_000, np.float32), 16_000)}, "silent"),
        ({"text": "", "audio": tone(200)}, "the text is empty"),
    ],
)
def test_what_says_nothing_gets_its_sentence(given, sentence):
    with pytest.raises(DataError, match=re.escape(sentence)):
        sentiment.sample(**given)


def test_a_sample_holds_what_came():
    sound = tone(200)
    assert sentiment.sample("a fine day", sound).media == {"text": "a fine day", "audio": sound}
    assert set(sentiment.sample(audio=sound).media) == {"audio"}
    assert sentiment.sample("hm", name="mine").id == "mine"


def entropy(probs):
    """In bits: 1 where two answers are equally likely."""
    return float(-(probs * np.log2(probs)).sum())


@pytest.mark.parametrize("text", ["zzyzx qwrty", "วันนี้อากาศดีมาก"])
def test_a_text_of_which_nothing_is_known_is_answered_with_doubt(trained, text):
    (answer,) = trained.predict([sentiment.sample(text)])
    assert entropy(answer.probs) > 0.95
    (known,) = trained.predict([sentiment.sample("a happy and lovely day")])
    assert entropy(known.probs) < entropy(answer.probs)
    assert known.label == "glad"


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts_get_probabilities(trained, text):
    for given in ({"text": text}, {"text": text, "audio": tone(300)}):
        (answer,) = trained.predict([sentiment.sample(**given)])
        assert np.isfinite(answer.probs).all()
        assert answer.probs.sum() == pytest.approx(1)


def test_each_side_answers_by_itself_and_both_share_the_answer(trained):
    words, voice, both = trained.predict(
        [sentiment.sample("a sad and awful day"), sentiment.sample(audio=tone(160)),
         sentiment.sample("a sad and awful day", tone(160))]
    )  # fmt: skip
    assert words.label == voice.label == both.label == "low"
    assert words.contributions["audio"] == voice.contributions["text"] == 0
    assert min(both.contributions.values()) > 0


def test_odd_recordings_get_probabilities(trained):
    rng = np.random.default_rng(0)
    sounds = [tone(200, sample_rate=48_000), tone(200, sample_rate=8_000), tone(200, seconds=30)]
    sounds += [Waveform(rng.normal(0, 0.1, 16_000).clip(-1, 1).astype(np.float32), 16_000)]
    sounds += [Waveform(np.eye(1, 16_000, 8_000, dtype=np.float32)[0], 16_000)]  # a single click
    for answer in trained.predict([Sample(str(i), {"audio": sound}) for i, sound in enumerate(sounds)]):
        assert np.isfinite(answer.probs).all()
