from collections import Counter, defaultdict

import numpy as np
import pytest
import soundfile

MOODS = {"negative": -1, "neutral": 0, "positive": 1}


@pytest.fixture(scope="module")
def rows(speech_set):
    return speech_set("spoken_reviews").rows


def test_no_sentence_comes_twice(rows):
    assert len({row["text"].casefold().strip(" .!。") for row in rows}) == len(rows)
    for row in rows:
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in row["text"])
        assert chinese == (row["language"] == "zh")
        assert "{" not in row["text"]


def test_the_voice_decides_when_it_is_moved(rows):
    for row in rows:
        decides = row["voice_mood"] if row["voice_mood"] != "neutral" else row["text_mood"]
        assert row["label"] == decides
        assert row["conflict"] == ("yes" if MOODS[row["voice_mood"]] * MOODS[row["text_mood"]] < 0 else "no")


def test_classes_are_balanced_and_neither_side_tells_all(rows):
    assert all(0.28 < n / len(rows) < 0.38 for n in Counter(row["label"] for row in rows).values())
    assert sum(row["conflict"] == "yes" for row in rows) == 144
    for side in ("text_mood", "voice_mood"):
        told = Counter((row[side], row["label"]) for row in rows)
        best = sum(max(told[mood, label] for label in MOODS) for mood in MOODS)
        assert best / len(rows) == 0.75


def test_the_settings_of_moods_overlap(rows):
    for setting in ("pitch", "range", "rate", "loudness"):
        values = {m: [float(row[setting]) for row in rows if row["voice_mood"] == m] for m in MOODS}
        assert np.median(values["negative"]) < np.median(values["neutral"]) < np.median(values["positive"])
        assert max(values["negative"]) > min(values["neutral"])
        assert max(values["neutral"]) > min(values["positive"])


def test_recordings_follow_the_mood(rows, speech_set):
    loudness = defaultdict(list)
    for row in rows[::9]:
        samples, _ = soundfile.read(speech_set("spoken_reviews").folder / row["audio"], dtype="float32")
        loudness[row["voice_mood"]].append(10 * np.log10(np.mean(samples**2)))
    soft, middle, loud = (np.mean(loudness[mood]) for mood in ("negative", "neutral", "positive"))
    assert soft + 3 < middle < loud - 3
    assert min(loudness["negative"]) > -50


def test_a_better_mood_is_higher_livelier_faster_and_louder(speech_set):
    voices = speech_set("spoken_reviews").modules["voices"]
    speaker = voices.MANNER.cast(voices.VOICES, np.random.RandomState(0))[0]
    bad, flat, good = (voices.prosody(speaker, mood, np.random.RandomState(1)) for mood in (-1, 0, 1))
    for setting in ("pitch", "range", "rate", "loudness"):
        assert getattr(bad, setting) < getattr(flat, setting) < getattr(good, setting)
    assert good.loudness - flat.loudness == pytest.approx(6, abs=0.11)
