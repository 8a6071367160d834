"""The case of digits: pairs that share nothing across sides, the report, and what is kept in a file."""

from collections import Counter

import numpy as np
import pytest

from mmteach.cases import digits
from mmteach.datasets import Dataset, load
from mmteach.errors import DataError
from mmteach.pipeline import Pipeline
from tests.cases.conftest import spoken


@pytest.fixture(scope="module")
def voices():
    """Five voices, two takes of each digit."""
    everything = load("spoken_digits", language="en")
    chosen = {"e01", "e02", "e08", "e10", "e12"}
    return everything.subset(
        i for i, row in enumerate(everything.rows) if row.group in chosen and int(row.meta["take"]) <= 2
    )


@pytest.fixture(scope="module")
def found(voices):
    return digits.paired(voices)


@pytest.fixture(scope="module")
def report(voices):
    return digits.evaluate(voices, epochs=12, retrieval=False)


def test_each_clip_meets_one_picture_of_its_digit(voices, found):
    made = found.dataset
    assert made.modalities == ("audio", "image")
    assert sorted(row.meta["audio_id"] for row in made.rows) == sorted(voices.ids)  # each clip once
    assert max(Counter(row.meta["image_id"] for row in made.rows).values()) == 1
    for row in made.rows:
        assert row.label == row.meta["image_label"] == row.meta["audio_label"]


def test_no_speaker_and_no_picture_stands_on_two_sides(found):
    assert len(found.plan.folds) == 5  # a speaker each
    for fold in found.plan.folds:
        sides = [[found.dataset.rows[i] for i in part] for part in ([*fold.train, *fold.val], fold.test)]
        for column in ("speaker", "image_id", "audio_id"):
            train, test = ({row.meta[column] for row in side} for side in sides)
            assert train
            assert not train & test
        assert len({row.meta["speaker"] for row in sides[1]}) == 1


def test_the_usual_set_is_english_and_of_many_voices():
    made, plan = digits.paired()
    assert len(made) == 700
    assert {row.meta["language"] for row in made.rows} == {"en"}
    assert len(plan.folds) == 5


def test_who_meets_whom_depends_on_the_seed(voices, found):
    ids = set(found.dataset.ids)
    assert set(digits.paired(voices).dataset.ids) == ids
    assert set(digits.paired(voices, seed=1).dataset.ids) != ids


def test_the_note_says_what_the_set_is(found):
    said = found.dataset.note
    assert found.dataset.synthetic
    for words in ("composed: pictures of digit_images with voices", "who wrote what is not known", "synthetic voices"):
        assert words in said
    assert "with these very scores in view" not in said


def test_of_fsdd_the_note_says_how_settings_were_chosen(voices):
    made = Dataset(voices.rows, "fsdd", note="few speakers, single digits")
    assert "with these very scores in view" in digits.paired(made).dataset.note


def test_majority_each_side_and_both_stand_side_by_side(report, voices):
    assert [row.model for row in report.rows] == ["majority", "audio", "image", "fused"]
    assert {row.further["n"] for row in report.rows} == {len(voices)}
    assert (report.case, report.data, report.protocol) == ("digits", "digit_images+spoken_digits", "folds")
    values = {row.model: row.value for row in report.rows}
    assert values["majority"] == pytest.approx(0.1)
    assert values["fused"] > 0.5  # of few samples
    assert values["fused"] >= max(values["audio"], values["image"]) - 0.1


def test_a_set_that_has_both_is_taken_as_it_is(found):
    assert digits.paired(found.dataset).dataset.ids.tolist() == found.dataset.ids.tolist()
    two = digits.evaluate(found.dataset, "folds2", epochs=1)
    assert two.protocol == "folds2"
    asides = [row for row in two.rows if "aside" in row.further]
    names = ["retrieval, chance", "retrieval, audio -> image", "retrieval, image -> audio"]
    assert [row.model for row in asides] == names
    assert {row.metric for row in asides} == {"recall@1"}
    assert asides[1].further["n"] == len(found.dataset)
    assert "retrieval" not in two.verdict()


def test_sets_that_cannot_be_used():
    with pytest.raises(DataError, match="no recordings: give a set of spoken digits"):
        digits.paired("digit_images")
    with pytest.raises(DataError, match="share 0 values of label"):
        digits.paired(spoken(modalities=("audio",)))
    with pytest.raises(DataError, match="digits are seen or heard"):
        digits.pipeline(spoken(modalities=("text",)))


def test_a_trained_pipeline_is_saved_and_loaded(voices, tmp_path):
    made, _ = digits.train(voices, epochs=2)
    again = Pipeline.load(made.save(tmp_path / "digits.mmt"))
    asked = list(digits.paired(voices).dataset[:6])
    before, after = made.predict(asked), again.predict(asked)
    np.testing.assert_allclose([p.probs for p in after], [p.probs for p in before], atol=1e-6)
    assert made.classes == tuple("0123456789")
