"""Digits said by people: one speaker whom the model has never heard. Chance is .1."""

from dataclasses import replace

import numpy as np
import pytest

from mmteach.cases import digits
from mmteach.cases.studies.cross_modal_report import retrieval_report

pytestmark = pytest.mark.real


@pytest.fixture
def one_speaker(load):
    dataset, plan = digits.paired(load("fsdd"))
    assert len(plan.folds) == 5
    return dataset, plan._replace(folds=plan.folds[:1])


def test_a_digit_seen_and_heard_is_hardly_ever_mistaken(one_speaker):
    dataset, plan = one_speaker
    fold, made = plan.folds[0], digits.pipeline(dataset, epochs=5)
    made.fit(dataset.subset([*fold.train, *fold.val]))
    test = list(dataset.subset(fold.test))
    heard = [replace(s, media={"audio": s.media["audio"]}) for s in test]
    for asked, least in ((test, 0.95), (heard, 0.4)):
        said = np.array([p.label for p in made.predict(asked, contributions=False)])
        assert (said == [s.label for s in asked]).mean() > least


def test_a_voice_finds_the_picture_of_what_it_says(one_speaker):
    report = retrieval_report(*one_speaker)
    for way in ("audio -> image", "image -> audio"):
        assert report[way].value > 0.7
        assert report[way].further["n"] == 250
