"""Muting and spoiling change the right bars, and nothing else."""

import numpy as np
import pytest

from mmteach.types import Image, Sample
from mmteach.widgets import ModalityMixer
from mmteach.widgets.modality_mixer import shrink, spoil
from mmteach.widgets.small import trained_on


@pytest.fixture(scope="module")
def mixer(few) -> ModalityMixer:
    return ModalityMixer(few)


@pytest.fixture(autouse=True)
def _resting(mixer):
    yield
    for box in mixer.heard.values():
        box.value = True
    mixer.noise.value = mixer.cover.value = mixer.jitter.value = 0


def bars(mixer) -> dict[str, float]:
    return {row.name: row.accuracy for row in mixer.rows}


def test_each_modality_and_all_together_beat_the_baseline(mixer):
    assert set(bars(mixer)) == {"image", "features", "landmarks", "together"}
    assert mixer.trained.majority == pytest.approx(1 / 8, abs=0.08)
    assert all(row.accuracy > mixer.trained.majority for row in mixer.rows)
    assert all(row.ci95.low <= row.accuracy <= row.ci95.high for row in mixer.rows)
    assert mixer.message.value == ""


def test_hearing_one_is_that_one(mixer):
    mixer.heard["image"].value = mixer.heard["features"].value = False
    assert bars(mixer)["together"] == bars(mixer)["landmarks"]
    assert "Muted: features, image" in mixer.plot.alt


def test_hearing_nobody_leaves_no_answer(mixer):
    for box in mixer.heard.values():
        box.value = False
    assert "together" not in bars(mixer)
    assert mixer.answers([]) == [""] * len(mixer.trained.test)


def test_noise_spoils_what_comes_from_the_photo_alone(mixer):
    before = bars(mixer)
    mixer.noise.value = 80
    after = bars(mixer)
    assert after["features"] < before["features"]
    assert after["landmarks"] == before["landmarks"]


def test_landmark_error_spoils_landmarks_alone(mixer):
    before = bars(mixer)
    mixer.jitter.value = 6
    after = bars(mixer)
    assert after["landmarks"] < before["landmarks"]
    assert (after["image"], after["features"]) == (before["image"], before["features"])


def test_going_back_gives_the_same_numbers(mixer):
    before = bars(mixer)
    mixer.cover.value = 60
    assert bars(mixer) != before
    mixer.cover.value = 0
    assert bars(mixer) == before


def test_a_missing_modality_does_not_vote(mixer):
    without = [i for i, s in enumerate(mixer.trained.test) if "landmarks" not in s.media]
    answers = mixer.answers(["landmarks"])
    assert all(answers[i] == "" for i in without)


def test_photos_alone_have_no_landmark_controls(photos):
    mixer = ModalityMixer(photos)
    assert set(bars(mixer)) == {"image", "features", "together"}
    assert (mixer.jitter.layout.display, mixer.heard["landmarks"].layout.display) == ("none", "none")
    assert "photos alone" in mixer.source.value


def test_training_is_done_once_a_set(few, mixer):
    assert trained_on(few) is mixer.trained


def test_spoiling_is_repeatable_and_leaves_the_sample_alone():
    sample = Sample("a", {"image": Image(np.full((20, 20), 100, np.uint8)), "landmarks": np.ones((4, 2), np.float32)})
    (one,), (two,) = spoil([sample], 10, 0.5, 2), spoil([sample], 10, 0.5, 2)
    np.testing.assert_array_equal(one.media["image"].pixels, two.media["image"].pixels)
    np.testing.assert_array_equal(one.media["landmarks"], two.media["landmarks"])
    assert (sample.media["image"].pixels == 100).all()
    assert (one.media["image"].pixels == 128).sum() >= 100
    (same,) = spoil([sample])
    assert same.media == sample.media


def test_shrinking_keeps_landmarks(few):
    sample = few[0]
    small = shrink(sample)
    assert small.media["image"].pixels.shape == (64, 64)
    np.testing.assert_array_equal(small.media["landmarks"], sample.media["landmarks"])
