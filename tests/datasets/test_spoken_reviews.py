import csv
import importlib
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmteach.datasets import load
from mmteach.datasets.known import known_sets

REVIEWS = Path(__file__).parents[2] / "datasets" / "spoken_reviews"
OWN_MODULES = ("make", "sentences", "voices", "sound", "english", "mandarin")
MOODS = {"negative": -1, "neutral": 0, "positive": 1}


@pytest.fixture(scope="module")
def rows():
    with (REVIEWS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def make():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(REVIEWS)
        for name in OWN_MODULES:
            patch.delitem(sys.modules, name, raising=False)
        yield importlib.import_module("make")
        for name in OWN_MODULES:
            sys.modules.pop(name, None)


def test_counts_voices_and_languages(rows):
    assert len(rows) == len({row["id"] for row in rows}) == 720
    by_voice = defaultdict(set)
    for row in rows:
        by_voice[row["group"]].add((row["voice"], row["language"]))
    assert len(by_voice) == 18
    assert all(len(pairs) == 1 for pairs in by_voice.values())  # one voice, one language
    assert len({pair for pairs in by_voice.values() for pair in pairs}) == 18  # no voice under two names
    assert set(Counter(row["group"] for row in rows).values()) == {40}
    assert Counter(row["language"] for row in rows) == {"en": 440, "zh": 280}


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


def test_recordings_can_be_read_and_follow_the_mood(rows):
    loudness = defaultdict(list)
    for row in rows[::9]:
        samples, rate = soundfile.read(REVIEWS / row["audio"], dtype="float32")
        assert rate == 16_000
        assert samples.ndim == 1
        assert 0.7 < samples.size / rate < 8
        assert np.abs(samples).max() <= 1.1  # Vorbis may overshoot a little
        loudness[row["voice_mood"]].append(10 * np.log10(np.mean(samples**2)))
    soft, middle, loud = (np.mean(loudness[mood]) for mood in ("negative", "neutral", "positive"))
    assert soft + 3 < middle < loud - 3
    assert min(loudness["negative"]) > -50


def test_the_set_is_what_make_py_makes(make):
    assert make.check(REVIEWS) == []


def test_check_names_what_is_wrong(make, tmp_path):
    shutil.copytree(REVIEWS, tmp_path / "set", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    audio = tmp_path / "set" / "audio"
    (audio / "e01_01.ogg").unlink()
    (audio / "more.ogg").write_bytes(b"")
    soundfile.write(audio / "e01_02.ogg", np.zeros(800), 8000)
    listed = "\n".join(make.check(tmp_path / "set"))
    assert "e01_01.ogg is missing" in listed
    assert "more.ogg is not listed" in listed
    assert "e01_02.ogg: 0.1 s, 8000 Hz, 1 channels" in listed


def test_the_number_of_a_stream_is_ours(make, tmp_path):
    sound = importlib.import_module("sound")
    kept = (REVIEWS / "audio" / "z03_05.ogg").read_bytes()
    assert int.from_bytes(kept[14:18], "little") == 305
    samples = np.random.RandomState(0).randint(-3000, 3000, 20_000).astype(np.int16)
    for name in ("a.ogg", "b.ogg"):
        sound.write_ogg(tmp_path / name, samples, serial=7)
    assert (tmp_path / "a.ogg").read_bytes() == (tmp_path / "b.ogg").read_bytes()
    assert soundfile.info(tmp_path / "a.ogg").frames == samples.size  # a wrong checksum would drop the page


def test_without_espeak_a_sentence_says_how_to_get_it(make, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"espeak-ng is not installed.*apt install espeak-ng"):
        make.make(tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_same_utterance_is_spoken_the_same_way_twice(make, tmp_path):
    utterance = make.utterances()[-1]
    for name in ("a", "b"):
        (tmp_path / name / "audio").mkdir(parents=True)
        make.record(utterance, make.SEED, tmp_path / name)
    first, second = ((tmp_path / name / "audio" / f"{utterance.id}.ogg").read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_set_is_small():
    assert sum(path.stat().st_size for path in REVIEWS.rglob("*") if path.is_file()) < 12e6


def test_it_is_found_by_name_and_says_what_it_is(rows):
    dataset = load("spoken_reviews")
    assert len(dataset) == 720
    assert dataset.modalities == ("audio", "text")
    assert dataset.synthetic
    assert dataset.note == "synthetic voices, made with espeak-ng"
    assert "no real person" in " ".join(dataset.card.casefold().split())
    sample = dataset[0]
    assert sample.media["text"] == rows[0]["text"]
    assert sample.media["audio"].sample_rate == 16_000
    assert sample.meta["language"] == "en"


def test_a_folder_of_ones_own_is_not_taken_for_it(tmp_path):
    (tmp_path / "spoken_reviews").mkdir()
    assert not known_sets()["spoken_reviews"].fits(tmp_path / "spoken_reviews")
