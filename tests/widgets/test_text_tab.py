"""Terms, neighbours and accuracy are those of the features; scripts of any kind are shown."""

from __future__ import annotations

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row
from mmteach.features import NGrams
from mmteach.infer import accuracy
from mmteach.widgets import FeatureLab
from mmteach.widgets.text_features import FEATURES, WordNGrams, WordVectors
from mmteach.widgets.text_tab import STEPS, TextTab, compare
from mmteach.widgets.text_views import bar_list, neighbour_list

GOOD = ["a good warm soup", "good soup and good bread", "the bread was warm", "汤很好喝", "很好，很快"]
BAD = ["a bad cold soup", "bad soup and bad bread", "the bread was cold", "汤不好喝", "不好，太慢"]


def reviews(n_people: int = 6) -> Dataset:
    rows = [
        Row(f"{p}{label}{i}", {"text": f"{text} {('please', 'thanks', 'hm')[(p + i) % 3]}"}, label, f"p{p}")
        for p in range(n_people)
        for label, texts in (("good", GOOD), ("bad", BAD))
        for i, text in enumerate(texts)
    ]
    return Dataset(rows, "reviews", note="made for a test")


@pytest.fixture(scope="module")
def made() -> TextTab:
    return TextTab(reviews())


@pytest.fixture
def tab(made) -> TextTab:
    made.feature.value = "Word n-grams"
    made.which.value = 0
    return made


@pytest.mark.parametrize("feature", [f.title for f in FEATURES])
def test_every_feature_is_shown_with_neighbours_and_accuracy(tab, feature):
    tab.feature.value = feature
    assert tab.message.value == ""
    assert "<table" in tab.bars.value
    assert 0 < len(tab.neighbours) <= 5
    assert f"{tab.scores.accuracy:.3f}" in tab.result.value
    assert f"always the same label: {tab.parts.majority:.3f}" in tab.result.value
    assert "first split" in tab.result.value
    assert tab.scores.accuracy > 0.8


def test_right_and_wrong_are_marked(tab):
    for at in range(len(tab.test)):
        tab.which.value = at
        label = tab.parts.y_test[at]
        assert [right for _, right in tab.neighbours] == [name == label for name, _ in tab.neighbours]
        assert tab.nearest.value.count("✓") == sum(right for _, right in tab.neighbours)


def test_terms_are_those_of_the_extractor(tab):
    ngrams = NGrams(words=2)
    ngrams.fit(tab.train)
    (pairs,) = ngrams([tab.test[0]])
    strongest = ngrams.describe(int(pairs[pairs[:, 1].argmax(), 0]))
    assert strongest in tab.bars.value
    assert f"{pairs[:, 1].max():.2f}" in tab.bars.value
    name, value = WordNGrams(tab.train, {"Words": 2}).show(tab.test[0]).bars[0]
    assert (name, value) == (strongest, pytest.approx(pairs[:, 1].max()))


def test_parameters_move_the_feature(tab):
    before = tab.scores.cosines
    tab.values["Words"].value = 1
    assert not np.allclose(tab.scores.cosines, before)
    tab.values["Words"].value = 2
    assert tab.scores.cosines is before  # kept


def test_accuracy_is_that_of_brute_force():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(7, 4)), rng.normal(size=(9, 4))
    y_a, y_b = rng.choice(["x", "y"], 7), rng.choice(["x", "y"], 9)
    by_hand = np.array([[u @ v for v in b] for u in a])
    s = compare(a, b, y_a, y_b)
    np.testing.assert_allclose(s.cosines, by_hand)
    assert s.accuracy == pytest.approx(accuracy(y_a, y_b[by_hand.argmax(axis=1)]))
    assert s.ci95.low < s.accuracy < s.ci95.high


def test_a_text_that_shares_nothing_gets_the_commonest_label():
    s = compare(np.zeros((2, 3)), np.eye(3), np.array(["b", "b"]), np.array(["a", "b", "b"]))
    assert (s.accuracy, s.n_alone) == (1, 2)


def test_words_of_the_same_texts_are_near():
    feature = WordVectors(["salt pepper"] * 5 + ["moon stars sky"] * 5 + ["salt moon"], {"Dimensions": 2})
    shown = feature.show("pepper")
    assert shown.heading == "Words nearest to “pepper”, by cosine"
    assert shown.bars[0][0] == "salt"
    assert dict(shown.bars)["stars"] < 0.2
    assert feature.show("zebra").bars == []
    np.testing.assert_allclose(np.linalg.norm(feature.vectors(["salt", "sky"]), axis=1), 1)
    np.testing.assert_allclose(feature.vectors(["zebra"]), 0)


def test_markup_in_texts_and_terms_is_shown_not_obeyed():
    assert "<img" not in bar_list("x", [("<img src=x>", 0.5)])
    assert "<img" not in neighbour_list([("<img>", True, 0.5, "<img src=x>")])
    assert "nothing in this text is known" in bar_list("By tf-idf", [])
    assert "No training text" in neighbour_list([])


def test_the_lab_has_a_tab_for_texts():
    lab = FeatureLab(reviews())
    assert list(lab.tabs) == ["Texts"]
    assert lab.message.value == ""


def test_a_set_with_one_label_is_a_sentence_and_shows_nothing_else():
    rows = [Row(f"{i}", {"text": "so good"}, "good", f"p{i}") for i in range(8)]
    tab = TextTab(Dataset(rows, "one"))
    assert "no two labels to compare" in tab.message.value


def test_steps_are_those_of_the_course():
    assert [type(step).__name__ for step in STEPS] == ["Clean", "Normalise", "Lower"]
