"""The case on real recordings and texts; each bound lies below what is reached and above what a broken branch gives."""

import pytest

from mmteach.cases import sentiment
from mmteach.cases.compare import by_class

pytestmark = pytest.mark.real


def test_face_and_voice_of_actors_never_seen_say_more_together(load):
    """Eight emotions, three of the six folds; linear models reach .70 with both."""
    dataset = load("ravdess")
    published = sentiment.plan_for(dataset)
    assert len(published.folds) == 6
    some = published._replace(folds=published.folds[:3])
    report = by_class("sentiment", dataset, some, "classify", sentiment.pipeline(dataset))
    assert report["fused"].value >= 0.68
    assert report["fused"].value > max(report["audio"].value, report["face"].value) + 0.05
    assert min(report["audio"].value, report["face"].value) > 0.45
    assert report["majority"].value < 0.2
    assert "points better than the best single modality" in report.verdict()


def test_words_of_reviews_tell_and_the_sound_beside_them_hardly_anything(load):
    """Linear models: .73 by the words; the words of the report follow its numbers."""
    report = sentiment.evaluate(load("mosi"))
    assert report["text"].value >= 0.72
    assert report["acoustic"].value < report["text"].value - 0.1
    assert abs(report["fused"].value - report["text"].value) < 0.03
    adds_nothing = report["fused"].further["p_against_best"] >= 0.05
    tells_nothing = report["acoustic"].ci95[0] <= report["majority"].value
    assert ("adds nothing to text alone" in report.verdict()) == adds_nothing
    assert ("acoustic alone" in report.verdict()) == tells_nothing


def test_sentences_of_film_reviews(load):
    """A linear model of the same n-grams reaches .80 without the list of mood words."""
    report = sentiment.evaluate(load("sst2"))
    assert report["text"].value >= 0.81
    assert report.n_test > 1_800
    assert "nothing to fuse" in report.verdict()
