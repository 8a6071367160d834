"""The solutions of chapter 6 agree with the library's verification and gallery."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import paired_cosine_distances

from mmteach.exercises.chapters.faces.enrol import my_enrol
from mmteach.exercises.chapters.faces.verify import my_verify
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.infer import Gallery, all_pairs, choose_threshold, cosine_matrix, error_rates


def people(rng, n_people, n_photos):
    """Photos of people who are all unlike each other, and their names."""
    names = np.repeat([f"p{k}" for k in range(n_people)], n_photos)
    middle = np.repeat(rng.normal(0, 1, (n_people, 8)), n_photos, axis=0)
    return (middle + rng.normal(0, 0.8, (len(names), 8))) * rng.uniform(0.5, 3, (len(names), 1)), names


def pairs_of(embeddings, names):
    pairs = all_pairs(names)
    return embeddings[pairs.a], embeddings[pairs.b], pairs.same


@pytest.mark.parametrize("max_far", [0.2, 0.05])
def test_verify_is_the_library_s(max_far):
    """The library's threshold lies a little lower, between two validation scores; few test scores lie there."""
    rng = np.random.default_rng(1)
    (val, val_names), (test, test_names) = people(rng, 12, 4), people(rng, 10, 4)
    pairs = all_pairs(val_names)
    threshold = choose_threshold(cosine_matrix(val)[pairs.a, pairs.b], pairs.same, max_far)
    asked = all_pairs(test_names)
    theirs = error_rates(cosine_matrix(test)[asked.a, asked.b], asked.same, threshold)
    found = my_verify(pairs_of(val, val_names), pairs_of(test, test_names), max_far)
    np.testing.assert_allclose(found, theirs, atol=0.01)


def test_verify_keeps_its_promise_on_the_people_who_chose():
    rng = np.random.default_rng(2)
    part = pairs_of(*people(rng, 12, 4))
    far, frr = my_verify(part, part, 0.05)
    scores = 1 - paired_cosine_distances(part[0], part[1])
    strangers = np.sort(scores[~part[2]])[::-1]
    n_inside = int(0.05 * len(strangers))  # so many may get in, and the next one may not
    assert far == pytest.approx(n_inside / len(strangers))
    assert frr == pytest.approx(np.mean(scores[part[2]] <= strangers[n_inside]))


def test_enrol_is_the_gallery_s():
    rng = np.random.default_rng(0)
    photos, query = people(rng, 1, 5)[0], rng.normal(0, 1, 8)
    photos[2] = 0
    gallery = Gallery()
    gallery.enrol("Ada", photos)
    cosine = my_enrol(photos) @ query / np.linalg.norm(query)
    assert gallery.match(query)[0].cosine == pytest.approx(cosine)
    assert np.linalg.norm(my_enrol(photos)) == pytest.approx(1)


def test_of_two_mistakes_the_one_to_mend_first_is_told():
    """Too short, and 0 / 0 where there is no face."""
    enrol = find("faces.enrol")
    answer = judge(enrol, lambda embeddings: (embeddings / np.linalg.norm(embeddings, axis=1)[:, None]).mean(axis=0))
    assert answer.mistake == "the mean is shorter than 1"
