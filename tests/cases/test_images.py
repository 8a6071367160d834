"""The case of images: features beside a network, few examples, folders of one's own."""

import numpy as np
import pytest

from mmteach.cases import images
from mmteach.datasets import Dataset, Row, load
from mmteach.errors import DataError, ParameterError
from mmteach.pipeline import Pipeline
from tests.cases.conftest import spoken


@pytest.fixture(scope="module")
def few_digits():
    """Four digits, 20 pictures each."""
    everything = load("digit_images")
    at = [i for digit in "0147" for i in np.flatnonzero(everything.labels == digit)[:20]]
    return everything.subset(at)


@pytest.fixture(scope="module")
def report(few_digits):
    return images.evaluate(few_digits, "folds2", epochs=6, examples=(3,))


def test_features_network_and_both_stand_side_by_side(report, few_digits):
    names = ["HOG + LBP, linear", "features", "image", "fused"]
    few_each = [names[0], "image, no views", *names[1:]]
    assert [row.model for row in report.rows] == ["majority", *names, *(f"{name}, 3 each" for name in few_each)]
    for row in report.rows:
        assert row.further["n"] == len(few_digits)  # few examples are asked about the same pictures
        assert row.ci95[0] <= row.value <= row.ci95[1] + 1e-9
    assert report["HOG + LBP, linear"].value > 0.8
    assert report["fused, 3 each"].further["examples"] == 3
    assert "who wrote what is not known" in report.note


def test_the_verdict_is_about_all_examples(report):
    said = report.verdict()
    assert "3 each" not in said
    assert "HOG" not in said


def test_few_examples_are_of_the_training_part_and_few(few_digits, watched):
    known, planned = images.plan_for(few_digits, "folds2")
    images.few(known, planned, 2, epochs=1)
    assert len(watched) == 4 * 2  # features, image, fused on two folds, then the plain network on both
    seen_otherwise = [made.branches["image"].augment is not None for made, *_ in watched if "image" in made.branches]
    assert seen_otherwise == [True] * 4 + [False] * 2
    for i, (_, train, val) in enumerate(watched):
        fold = planned.folds[i // 3 if i < 6 else i - 6]
        assert {s.id for s in train} <= set(known.ids[np.concatenate([fold.train, fold.val])])
        assert sorted(s.label for s in train) == sorted("0147" * 2)
        assert not val


def test_more_examples_than_there_are(few_digits):
    known, planned = images.plan_for(few_digits, "folds2")
    with pytest.raises(ParameterError, match=r"41 examples of class '0' are asked for; it has \d+: ask for 1 to"):
        images.few(known, planned, 41)


def test_of_a_folder_for_each_class_pictures_are_split_and_that_is_said(few_digits):
    named = Dataset([Row(r.id, r.media, r.label, r.label) for r in few_digits.rows], "mine")
    known, planned = images.plan_for(named)
    assert "each group is one class" in known.note
    assert {*known.labels[planned.folds[0].train]} == {*known.labels[planned.folds[0].test]} == {*"0147"}


def test_known_groups_are_kept_apart(few_digits):
    named = Dataset([Row(r.id, r.media, r.label, f"hand {i % 5}") for i, r in enumerate(few_digits.rows)], "mine")
    known, planned = images.plan_for(named)
    for fold in planned.folds:
        assert not {*known.groups[fold.train]} & {*known.groups[fold.test]}


def test_a_set_without_pictures():
    with pytest.raises(DataError, match="no labelled pictures"):
        images.evaluate(spoken(modalities=("text",)))


def test_a_trained_pipeline_is_saved_and_loaded(few_digits, tmp_path):
    made, _ = images.train(few_digits, epochs=2)
    again, asked = Pipeline.load(made.save(tmp_path / "images.mmt")), list(few_digits[:5])
    np.testing.assert_allclose([p.probs for p in again.predict(asked)], [p.probs for p in made.predict(asked)])
