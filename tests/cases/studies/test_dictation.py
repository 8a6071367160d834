"""Strings of digits: how they are made, what is kept apart, and what a report says."""

import json

import numpy as np
import pytest

from mmteach.cases.studies import dictation, dictation_report, dictation_strings
from mmteach.cases.studies.dictation_strings import (
    Clips,
    Drawing,
    clips,
    digits_from,
    frames,
    join,
)
from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError, ParameterError
from mmteach.features import level_frames
from mmteach.train.ctc import padded
from mmteach.types import Waveform


def digit_rows(n_speakers=5, rate=8000):
    """Tones, one for each digit, a little higher for each speaker; three takes each."""
    rng, rows = np.random.default_rng(0), []
    for speaker in range(n_speakers):
        for digit in range(10):
            for take in range(3):
                t = np.arange(rng.integers(1600, 2400)) / rate
                tone = 0.3 * np.sin(2 * np.pi * (300 + 250 * digit + 10 * speaker) * t)
                audio = Waveform((tone + rng.normal(scale=0.01, size=len(t))).astype(np.float32), rate)
                rows.append(Row(f"{digit}_{speaker}_{take}", {"audio": audio}, str(digit), f"s{speaker}"))
    return rows


@pytest.fixture(scope="module")
def dataset():
    return Dataset(digit_rows(), "tones")


@pytest.fixture(scope="module")
def c(dataset):
    return clips(dataset)


def test_strings_are_of_one_speaker_and_say_what_they_hold(c):
    rows = np.flatnonzero(np.isin(c.groups, ["s1", "s3"]))
    said = dictation_strings.strings_of(c, rows, 12, np.random.default_rng(0))
    assert {len({c.groups[i] for i in s.rows}) for s in said} == {1}
    assert {str(c.groups[s.rows[0]]) for s in said} == {"s1", "s3"}
    assert all(tuple(c.y[list(s.rows)]) == s.digits for s in said)
    assert all(len(s.pauses) == len(s.digits) + 1 for s in said)


def test_frames_of_a_joined_recording_are_about_the_joined_frames(c):
    said = dictation_strings.strings_of(c, np.arange(30), 1, np.random.default_rng(1))[0]
    heard = frames(dictation_strings.waveform(said, c))
    short = level_frames(join([c.frames[i] for i in said.rows], said.pauses))
    assert abs(len(heard) - len(short)) <= len(said.rows) + 1
    assert abs(heard.mean(axis=0) - short.mean(axis=0)).max() < 0.3


def test_neither_loudness_nor_pauses_count(c):
    x = join(c.frames[:3], [4, 4, 4, 4])
    np.testing.assert_allclose(level_frames(x + 7), level_frames(x), atol=1e-4)
    longer = level_frames(join(c.frames[:3], [30, 4, 4, 4]))
    np.testing.assert_allclose(longer[30:], level_frames(x)[4:], atol=1e-4)


def test_counting_goes_on_by_0_1_or_2():
    counted = np.array(digits_from("counting", 200, 4, np.random.default_rng(0)))
    assert set(np.unique(np.diff(counted, axis=1) % 10)) == {0, 1, 2}
    free = np.array(digits_from("any", 200, 4, np.random.default_rng(0)))
    assert len(np.unique(np.diff(free, axis=1) % 10)) == 10


def test_training_draws_only_from_its_speakers(c):
    rows = np.flatnonzero(c.groups != "s4")
    frames_of_test = {id(c.frames[i]) for i in np.flatnonzero(c.groups == "s4")}
    drawing = Drawing(c, rows)
    assert set(drawing.views) == set(rows)
    assert not frames_of_test & {id(v[0]) for v in drawing.views.values()}
    words, strings = drawing(True), drawing(False)
    assert words.n_targets.tolist() == [1] * 96
    assert set(strings.n_targets.tolist()) <= {3, 4, 5}
    assert int(words.targets.min()) >= 1
    assert int(words.targets.max()) <= 10
    assert len(strings.targets) == int(strings.n_targets.sum())
    assert words.x.shape[1] % 32 == 0


def test_the_same_seed_draws_the_same(c):
    one, other = Drawing(c, np.arange(60), 3), Drawing(c, np.arange(60), 3)
    assert all((a == b).all() for a, b in zip(one(False), other(False), strict=True))


def test_padding_is_nothing():
    made = padded([np.ones((5, 2), np.float32), np.ones((40, 2), np.float32)], [np.array([1]), np.array([2, 3])])
    assert made.x.shape == (2, 64, 2)
    assert float(made.x.sum()) == 90
    assert made.n_frames.tolist() == [5, 40]


def test_a_report_holds_every_reading_of_both_kinds_of_strings(dataset, monkeypatch):
    monkeypatch.setattr(dictation, "N_WORDS", 3)
    monkeypatch.setattr(dictation, "N_STRINGS", 2)
    report = dictation.evaluate(dataset.subset(range(150)), "folds2", n_strings=6)
    rows = {r.model: r for r in report.rows}
    assert list(rows) == ["majority", "greedy", "beam", "beam + bigram"]
    assert 0.5 < rows["majority"].value <= 1
    assert rows["greedy"].further["n_words"] == 2 * 6 * 4
    assert rows["greedy"].further["n_strings"] == 12
    low, high = rows["beam"].ci95
    assert low <= rows["beam"].value <= high
    told = json.loads(json.dumps(report.to_json()))
    assert told["counting"][3]["gain_ci95"][0] <= told["counting"][3]["gain"] <= told["counting"][3]["gain_ci95"][1]
    assert "counting:" in report.to_text()
    assert report.to_markdown().startswith("| model |")


def test_a_row_counts_errors_by_kind_and_speaker():
    row = dictation_report.row("beam", [(1, 2), (3, 4)], [(1, 2), (4,)], ["a", "b"], 0.0, [(1,), (3, 4, 5)])
    assert row.value == pytest.approx(1 / 4)
    assert row.further["deleted"] == 1
    assert row.further["speakers"] == {"a": 0, "b": 0.5}
    assert row.further["strings_right"] == 0.5
    assert row.further["gain"] == pytest.approx(1 / 4)  # two errors before, one now


def test_what_is_no_set_of_digits_is_said():
    with pytest.raises(DataError, match="labelled 0 to 9"):
        clips(Dataset([Row("a", {"text": "one"}, "1", "s")], "texts"))
    rows = [Row("a", {"audio": Waveform(np.zeros(800, np.float32), 8000)}, "1")]
    with pytest.raises(DataError, match="who speaks"):
        clips(Dataset(rows, "nobody"))
    with pytest.raises(ParameterError, match="2 or more"):
        dictation.evaluate(Dataset(digit_rows(2), "tones"), n_strings=1)


def test_clips_share_a_rate(c):
    assert isinstance(c, Clips)
    assert {w.sample_rate for w in c.waveforms} == {8000}
    assert {x.shape[1] for x in c.frames} == {24}
