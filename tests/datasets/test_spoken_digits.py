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
from mmteach.errors import ParameterError

DIGITS = Path(__file__).parents[2] / "datasets" / "spoken_digits"
OWN_MODULES = ("make", "speakers", "voices", "sound")


@pytest.fixture(scope="module")
def rows():
    with (DIGITS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def make():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(DIGITS), *sys.path])  # make.py adds to it: the list goes with the patch
        for name in OWN_MODULES:
            patch.delitem(sys.modules, name, raising=False)
        yield importlib.import_module("make")
        for name in OWN_MODULES:
            sys.modules.pop(name, None)


def test_every_speaker_says_every_digit_as_often(rows):
    assert len(rows) == len({row["id"] for row in rows}) == 1000
    assert set(Counter((row["group"], row["label"]) for row in rows).values()) == {5}
    assert len({row["group"] for row in rows}) == 20
    assert Counter(row["language"] for row in rows) == {"en": 700, "zh": 300}


def test_a_speaker_has_one_voice_and_nobody_elses(rows):
    by_speaker = defaultdict(set)
    for row in rows:
        by_speaker[row["group"]].add((row["voice"], row["language"]))
    assert all(len(voices) == 1 for voices in by_speaker.values())
    assert len({voice for voices in by_speaker.values() for voice in voices}) == 20
    with (DIGITS.parent / "spoken_reviews" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        reviews = {row["voice"] for row in csv.DictReader(file)}
    assert not reviews & {row["voice"] for row in rows}


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


def test_recordings_can_be_read(rows):
    for row in rows[::50]:
        samples, rate = soundfile.read(DIGITS / row["audio"], dtype="float32")
        assert (rate, samples.ndim) == (16_000, 1)
        assert 0.01 < np.abs(samples).max() <= 1.1


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_no_two_voices_sound_the_same(rows, make):
    """espeak-ng says nothing when it does not know a variant, and takes the plain voice."""
    sound, voices = (importlib.import_module(name) for name in ("sound", "voices"))
    names = {row["voice"] for row in rows}
    asked = names | {name.partition("+")[0] for name in names}
    plain = voices.Prosody(50, 80, 160, 0.0)
    heard = {name: sound.speak("nine", name, plain, {}).tobytes() for name in asked}
    assert len(set(heard.values())) == len(asked)


def test_the_set_is_what_make_py_makes(make):
    assert make.check(DIGITS) == []


def test_check_names_what_is_wrong(make, tmp_path):
    shutil.copytree(DIGITS, tmp_path / "set", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    audio = tmp_path / "set" / "audio"
    (audio / "e01_0_1.ogg").unlink()
    (audio / "more.ogg").write_bytes(b"")
    listed = "\n".join(make.check(tmp_path / "set"))
    assert "e01_0_1.ogg is missing" in listed
    assert "more.ogg is not listed" in listed


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_same_utterance_is_spoken_the_same_way_twice(make, tmp_path):
    utterance = make.utterances()[-1]
    for name in ("a", "b"):
        (tmp_path / name / "audio").mkdir(parents=True)
        make.record(utterance, make.SEED, tmp_path / name)
    first, second = ((tmp_path / name / "audio" / f"{utterance.id}.ogg").read_bytes() for name in ("a", "b"))
    assert first == second


def test_the_set_is_small():
    assert sum(path.stat().st_size for path in DIGITS.rglob("*.ogg")) < 3e6


def test_it_is_found_by_name_and_says_what_it_is():
    dataset = load("spoken_digits")
    assert len(dataset) == 1000
    assert dataset.modalities == ("audio",)  # the word would be the answer
    assert dataset.synthetic
    assert dataset.note == "synthetic voices, made with espeak-ng"
    assert "no real person" in " ".join(dataset.card.casefold().split())
    assert dataset[0].media["audio"].sample_rate == 16_000


def test_one_language_can_be_asked_for():
    english = load("spoken_digits", language="en")
    assert len(english) == 700
    assert {row.meta["language"] for row in english.rows} == {"en"}
    with pytest.raises(ParameterError, match="en and zh"):
        load("spoken_digits", language="fr")


def test_a_folder_of_ones_own_is_not_taken_for_it(tmp_path):
    (tmp_path / "spoken_digits").mkdir()
    assert not known_sets()["spoken_digits"].fits(tmp_path / "spoken_digits")
