"""Matching: like is compared with like, the shares make up the cosine, and every refusal is a sentence."""

import numpy as np
import pytest

from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.infer import all_pairs, cosine_matrix, error_rates
from mmteach.types import Sample
from mmteach.widgets.face_match import FaceMatcher
from mmteach.widgets.face_views import rates_at

BOTH = ("image", "vector")


@pytest.fixture
def matcher(fitted, faces_of):
    made = FaceMatcher(fitted, faces_of("stuv"))
    people = faces_of("abcd")
    for name in "abc":
        made.enrol(name, [s for s in people if s.label == name][:2])
    return made


@pytest.fixture
def photo(faces_of):
    """Somebody's last photo, which nobody enrolled."""
    return lambda name, **kwargs: [s for s in faces_of("abcd", **kwargs) if s.label == name][-1]


def test_people_never_seen_are_recognised(matcher, photo):
    for name in "abc":
        assert matcher.match(photo(name)).matches[0].name == name


def test_the_embedding_is_that_of_the_pipeline(matcher, fitted, faces_of):
    people = faces_of("ab")
    ours = matcher.embed(fitted.batch(people), BOTH)
    np.testing.assert_allclose(ours, fitted.embed(people), atol=1e-6)


def test_the_cosine_is_that_to_the_mean_of_the_photos(matcher, fitted, faces_of, photo):
    enrolled = fitted.embed([s for s in faces_of("abcd") if s.label == "b"][:2]).mean(axis=0)
    expected = fitted.embed([photo("a")])[0] @ enrolled / np.linalg.norm(enrolled)
    assert dict(matcher.match(photo("a")).matches)["b"] == pytest.approx(expected, abs=1e-6)


def test_a_photo_alone_is_compared_as_a_photo_alone(matcher, photo):
    alone = Sample("alone", {"image": photo("a").media["image"]})
    verdict = matcher.match(alone)
    assert verdict.modalities == ("image",)
    assert verdict.left_out == ("vector",)
    assert verdict.matches == matcher.match(photo("a"), use=["image"]).matches


def test_one_person_without_a_modality_makes_all_do_without_it(matcher, photo):
    matcher.enrol("d", [Sample("d", {"image": photo("d").media["image"]})])
    assert matcher.match(photo("a")).modalities == ("image",)
    matcher.enrol("d", [photo("d")])
    assert matcher.match(photo("a")).modalities == BOTH


@pytest.mark.parametrize("use", [None, ["image"], ["vector"]])
def test_the_shares_make_up_the_cosine(matcher, photo, use):
    verdict = matcher.match(photo("b"), use)
    assert sum(verdict.shares.values()) == pytest.approx(verdict.matches[0].cosine, abs=1e-6)
    assert set(verdict.shares) == set(use or BOTH)


def test_the_threshold_comes_from_the_validation_people(matcher, fitted, faces_of):
    curve, chosen = matcher.curve()
    val = faces_of("stuv")
    pairs = all_pairs(val.labels)
    scores = cosine_matrix(fitted.embed(val))[pairs.a, pairs.b]
    assert rates_at(curve, chosen) == pytest.approx(error_rates(scores, pairs.same, chosen))
    assert matcher.curve(("image",))[1] != chosen


def test_covering_the_face_costs_cosine_where_the_face_is(matcher, photo):
    sample = photo("a")
    picture, fall = matcher.occlusion(sample, "a", BOTH)
    assert picture.shape == fall.shape == (16, 16)
    assert fall.max() > 0
    with pytest.raises(ParameterError, match="tick image"):
        matcher.occlusion(sample, "a", ("vector",))


def test_occlusion_follows_the_cosine(matcher, photo, fitted, monkeypatch):
    """The probability that occlusion follows is (1 + cosine) / 2, of the picture as it is."""
    seen = {}

    def spy(model, batch, modality, target, **kwargs):
        seen["p"] = float(model(batch).logits.softmax(dim=1)[0, target].detach())
        return np.zeros((16, 16))

    monkeypatch.setattr("mmteach.widgets.face_match.occlusion", spy)
    monkeypatch.setattr(fitted, "views", False)
    matcher.occlusion(photo("a"), "b", BOTH)
    cosine = dict(matcher.match(photo("a")).matches)["b"]
    assert 2 * seen["p"] - 1 == pytest.approx(cosine, abs=1e-5)


def test_twice_the_same_name_adds_photos(matcher, photo):
    assert matcher.enrol(" a ", [photo("a")]) == 3
    assert matcher.names == ("a", "b", "c")


def test_refusals(matcher, photo, fitted, faces_of):
    with pytest.raises(ParameterError, match="type a name"):
        matcher.enrol("  ", [photo("a")])
    with pytest.raises(ParameterError, match="choose at least one"):
        matcher.enrol("d", [])
    with pytest.raises(ParameterError, match="in common"):
        matcher.match(photo("a"), use=[])
    for name in matcher.names:
        matcher.remove(name)
    matcher.remove("never there")
    with pytest.raises(ParameterError, match="nobody is enrolled"):
        matcher.match(photo("a"))


def test_a_person_whose_photos_never_have_all_modalities_at_once(matcher, photo):
    whole = photo("d")
    matcher.enrol("d", [Sample(m, {m: whole.media[m]}) for m in BOTH])
    assert matcher.match(photo("a")).modalities == ("image",)


def test_the_set_is_not_needed_as_a_dataset(fitted, faces_of):
    val = faces_of("stuv")
    assert isinstance(val, Dataset)
    assert FaceMatcher(fitted, list(val)).curve()[1] == FaceMatcher(fitted, val).curve()[1]
