"""Statistics, neighbours and accuracy are those of the features; voices of the test part stand in no training."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from mmteach.datasets import Dataset, Row, plan
from mmteach.features import Scale, VoiceStatistics
from mmteach.infer import majority_accuracy
from mmteach.preprocess import Resample
from mmteach.types import Waveform
from mmteach.widgets import FeatureLab
from mmteach.widgets.audio_features import N_BARS, VIEWS
from mmteach.widgets.audio_parts import AudioParts
from mmteach.widgets.audio_tab import AudioTab, labelled_line

RATE = 8000
PITCH = {"calm": 1.0, "glad": 1.3}


def voice_of(person: int, mood: str, take: int) -> Waveform:
    """Four harmonics of a pitch that depends on person and mood, with a little noise."""
    rng = np.random.default_rng(100 * person + take)
    f0 = (110 + 25 * person) * PITCH[mood] * (1 + 0.01 * take)
    t = np.arange(RATE // 2) / RATE
    x = sum(np.sin(2 * np.pi * k * f0 * t) / k for k in range(1, 5)) * np.hanning(len(t))
    return Waveform((0.2 * x + 0.003 * rng.standard_normal(len(t))).astype(np.float32), RATE)


@pytest.fixture(scope="module")
def voices() -> Dataset:
    rows = [
        Row(f"p{p}{mood}{k}", {"audio": voice_of(p, mood, k), "text": f"<b>{mood}</b>"}, mood, f"p{p}")
        for p in range(6)
        for mood in PITCH
        for k in range(4)
    ]
    return Dataset(rows, "voices", note="made for a test")


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMTEACH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def made(voices) -> AudioTab:
    tab = AudioTab(voices)
    tab.compare()
    return tab


@pytest.fixture
def tab(made) -> AudioTab:
    made.feature.value, made.by_voice.value, made.which.value = "Pitch", False, 0
    return made


@pytest.mark.parametrize("feature", [v.title for v in VIEWS])
def test_every_feature_is_shown_with_neighbours_and_accuracy(tab, feature):
    tab.feature.value = feature
    assert tab.message.value == ""
    assert tab.plot.alt.startswith(f"{feature} of {tab.parts.ids[0]}: ")
    assert len(tab.neighbours) == 5
    assert f"{tab.scores.accuracy:.3f}" in tab.result.value
    assert f"{tab.scores.ci95.low:.3f} to {tab.scores.ci95.high:.3f}" in tab.result.value
    assert f"always the same label: {tab.parts.majority:.3f}" in tab.result.value
    assert "never seen in training" in tab.result.value


def test_before_comparing_the_recording_is_shown_and_nothing_claimed(voices):
    fresh = AudioTab(voices)
    assert fresh.plot.png
    assert fresh.player.audio.value
    assert fresh.neighbours == []
    assert "right of" not in fresh.result.value
    assert fresh.button.layout.display is None
    fresh.feature.value = "All statistics"
    assert "nothing to compare with yet" in fresh.plot.alt
    seen = []
    fresh.progress.observe(lambda change: seen.append(change["new"]), names="value")
    fresh.button.click()
    assert seen[-1] == len(fresh.parts.train) + len(fresh.parts.test)
    assert fresh.neighbours
    assert fresh.button.layout.display == "none"
    fresh.use(voices)
    assert fresh.neighbours == []


@pytest.mark.parametrize("by_voice", [False, True])
def test_scores_are_those_of_the_library(tab, voices, by_voice):
    tab.by_voice.value = by_voice
    fold = plan(voices, "classify").folds[0]
    x = VoiceStatistics(parts=("pitch",))(Resample(16_000)(s.media["audio"]) for s in voices)
    scale = Scale("group" if by_voice else "train")
    scale.fit(x[fold.train])
    a, b = scale(x[fold.test], voices.groups[fold.test]), scale(x[fold.train], voices.groups[fold.train])
    distances = np.linalg.norm(a[:, None] - b[None], axis=2)
    np.testing.assert_allclose(tab.scores.distances, distances, atol=1e-2)
    right = voices.labels[fold.train][distances.argmin(axis=1)] == voices.labels[fold.test]
    assert tab.scores.accuracy == pytest.approx(right.mean())
    assert tab.parts.majority == majority_accuracy(voices.labels[fold.train], voices.labels[fold.test])
    assert ("at least three recordings of the same voice" in tab.result.value) == by_voice


def test_no_voice_stands_on_both_sides(tab, voices):
    assert not set(voices.groups[tab.parts.train]) & set(voices.groups[tab.parts.test])


def test_a_voice_of_its_own_pitch_needs_its_own_mean(tab):
    plainly = tab.scores.accuracy
    tab.by_voice.value = True
    assert tab.scores.accuracy == 1
    assert tab.scores.accuracy > plainly


def test_right_and_wrong_are_marked_by_sign_and_where_one_listens(tab):
    for at in range(0, len(tab.parts.test), 3):
        tab.which.value = at
        label = tab.parts.y_test[at]
        assert [right for _, right in tab.neighbours] == [name == label for name, _ in tab.neighbours]
        assert tab.nearest.value.count("✓") == sum(right for _, right in tab.neighbours)
        marks = [f"{'✓' if right else '✗'} {name}" for name, right in tab.neighbours]
        assert [words.split(": ")[1] for words, _ in tab.listen.options[1:]] == marks


def test_the_neighbour_that_is_chosen_is_the_one_that_plays(tab, voices):
    tab.listen.value = 2
    nearest = tab.scores.distances[0].argsort(kind="stable")[1]
    assert str(tab.parts.train_ids[nearest]) in tab.player.about.value
    x, rate = soundfile.read(io.BytesIO(tab.player.audio.value), dtype="float32")
    assert rate == 16_000
    np.testing.assert_allclose(x, tab.parts.read(tab.parts.train[nearest]).samples, atol=1e-4)
    tab.which.value = 1
    assert tab.listen.value == 0
    assert str(tab.parts.ids[1]) in tab.player.about.value


def test_pitch_is_shown_in_hertz(tab):
    at = int(np.flatnonzero(tab.parts.y_test == "calm")[0])
    tab.which.value = at
    person = int(str(tab.parts.ids[at])[1])
    shown = np.median(tab.view.pitch.get_ydata())
    assert shown == pytest.approx(110 + 25 * person, rel=0.05)


def test_unusual_statistics_are_those_of_the_widest_bars(tab):
    tab.feature.value = "All statistics"
    _, test = tab.parts.scaled(tuple(tab.view.parts), False)
    widths = [bar.get_width() for bar in tab.view.bars]
    np.testing.assert_allclose(np.abs(widths), np.sort(np.abs(test[0]))[::-1][:N_BARS], rtol=1e-5)


def test_columns_of_a_part_are_its_names():
    names = VoiceStatistics().names()
    assert len(set(names)) == len(names)


def test_markup_in_texts_and_labels_is_shown_not_obeyed(tab):
    assert "<img" not in labelled_line(True, "<img src=x>", "one")
    assert "<b>calm</b>" not in tab.nearest.value
    assert "&lt;b&gt;calm" in tab.nearest.value


def test_a_silent_recording_is_a_sentence_and_nothing_else_stays(voices):
    quiet = Waveform(np.zeros(RATE, np.float32), RATE)
    rows = [Row(r.id, {"audio": quiet}, r.label, r.group) for r in voices.rows]
    tab = AudioTab(Dataset(rows, "quiet"))
    assert "silent" in tab.message.value
    assert tab.plot.layout.display == "none"


def test_a_set_with_one_label_is_a_sentence(voices):
    rows = [Row(r.id, r.media, "same", r.group) for r in voices.rows]
    assert "no two labels to compare" in AudioTab(Dataset(rows, "one")).message.value


def test_a_set_without_recordings_is_a_sentence():
    rows = [Row(f"{p}{y}", {"text": "hm"}, y, f"p{p}") for p in range(6) for y in "ab"]
    assert "pick a set with recordings" in AudioTab(Dataset(rows, "texts")).message.value


def test_a_larger_set_is_drawn_and_said(voices, monkeypatch):
    monkeypatch.setattr("mmteach.widgets.audio_parts.N_TRAIN", 10)
    parts = AudioParts(voices)
    assert len(parts.train) == 10
    assert f"10 training and {len(parts.test)} test recordings are drawn" in parts.note


def test_the_lab_has_a_tab_for_voices(voices):
    lab = FeatureLab(voices)
    assert list(lab.tabs) == ["Texts", "Voices"]
    assert lab.message.value == ""
