"""AugmentLab: every operation on every subject, the badge, what is played, and what is told."""

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row
from mmteach.preprocess.augment import OPERATIONS
from mmteach.types import Image, Waveform
from mmteach.widgets import AugmentLab, Plot
from mmteach.widgets.augment_lab import SUBJECTS, digit


def sets():
    rng, t = np.random.default_rng(0), np.arange(8000) / 16_000
    faces = [
        Row(
            f"f{i}",
            {"image": Image(rng.integers(0, 256, (24, 24), dtype=np.uint8))},
            "ann",
            "ann",
            None,
            {"expression": "sad"},
        )
        for i in range(3)
    ]
    moods = {"voice_mood": "neutral", "text_mood": "<b>negative"}
    voice = Waveform((0.2 * np.sin(2 * np.pi * 220 * t) + 0.01 * rng.normal(size=8000)).astype(np.float32), 16_000)
    media = [{"audio": voice, "text": text} for text in ("It was fine.", "It was not bad at all", "Good")]
    reviews = [Row(f"r{i}", m, "neutral", "bob", None, moods) for i, m in enumerate(media)]
    return Dataset(faces, "pictures", note="made up"), Dataset(reviews, "reviews", note="made up, too")


@pytest.fixture(scope="module")
def made():
    return AugmentLab(*sets())


@pytest.fixture
def lab(made, monkeypatch):
    monkeypatch.setattr(Plot, "redraw", lambda self, alt: setattr(self, "alt", alt))
    made.subject.value = "a face"
    made.strength.value, made.which.value, made.draw.value = 25, 0, 0
    return made


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_operation_changes_and_0_is_the_original(lab, subject):
    lab.subject.value = subject
    for _, name in lab.operation.options:
        assert OPERATIONS[name].modality == SUBJECTS[subject].modality
        lab.operation.value, lab.strength.value = name, 0
        assert lab.after is lab.before
        assert "The label holds" in lab.badge.value
        lab.strength.value = 80
        assert lab.message.value == ""
        assert type(lab.after) is type(lab.before)
        assert lab.after is not lab.before
        if OPERATIONS[name].signed:
            lab.strength.value = -80
            assert lab.amount == pytest.approx(-0.8 * OPERATIONS[name].most)
        else:
            assert lab.strength.min == 0


def test_the_badge_depends_on_the_question(lab):
    lab.operation.value = "flip_mouth"
    lab.question.value = "which expression?"
    assert "The label no longer holds" in lab.badge.value
    assert "sad" in lab.badge.value
    lab.question.value = "who is it?"
    assert "The label holds" in lab.badge.value
    assert "ann" in lab.badge.value


def test_a_six_becomes_a_nine(lab):
    lab.subject.value = "a digit"
    lab.operation.value, lab.strength.value = "rotate", 100
    assert lab.answers == {"which digit?": "6"}
    assert lab.verdict.state == "broken"
    np.testing.assert_array_equal(lab.after.pixels, lab.before.pixels[::-1, ::-1])
    lab.strength.value = 5
    assert lab.verdict.state == "holds"


def test_a_voice_is_played_before_and_after_and_described(lab):
    lab.subject.value = "a voice"
    lab.operation.value, lab.strength.value = "gain", -50
    assert [p.audio.value[:4] for p in lab.players] == [b"RIFF"] * 2
    assert lab.players[0].audio.value != lab.players[1].audio.value
    assert "a voice before and after gain (-10 dB): 0.50 s" in lab.sounds.alt
    assert lab.verdict.state == "broken"
    lab.question.value = "which words are said?"
    assert lab.verdict.state == "holds"
    assert "It was fine." in lab.badge.value


def test_texts_begin_with_one_that_denies_and_markup_is_shown_not_obeyed(lab):
    lab.subject.value = "a text"
    assert lab.which.value == 1
    lab.operation.value = "negation"
    assert lab.after == "It was bad at all"
    assert "<del" in lab.texts.value
    assert lab.verdict.state == "broken"
    assert "&lt;b&gt;negative" in lab.badge.value
    lab.which.value = 0
    assert lab.verdict.state == "holds"
    assert "made up, too" in lab.source.value


def test_the_dice_decide(lab):
    lab.operation.value = "erase"
    first = lab.after.pixels
    lab.draw.value = 7
    assert not np.array_equal(lab.after.pixels, first)
    lab.draw.value = 0
    np.testing.assert_array_equal(lab.after.pixels, first)


def test_silence_is_told_in_a_sentence(lab):
    lab._sets[1].rows[2].media["audio"].samples[:] = 0
    lab.subject.value = "a voice"
    assert "silen" in lab.message.value or "no sound" in lab.message.value or lab.message.value


def test_sixes_come_first_and_others_after():
    assert [digit(i)[1]["which digit?"] for i in (0, 180)] == ["6", "6"]
    assert digit(190)[1]["which digit?"] != "6"
