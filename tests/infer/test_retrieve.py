"""Ranks, recall and what chance would reach, against values worked out by hand and scikit-learn's."""

import numpy as np
import pytest
import torch
from sklearn.metrics import label_ranking_average_precision_score, top_k_accuracy_score

from mmteach.errors import DataError, ParameterError
from mmteach.infer.retrieve import (
    Retrieval,
    both_ways,
    chance_recall,
    cosine_scores,
    embed_space,
    first_hits,
    mean_reciprocal_rank,
    median_rank,
    name_by_other_side,
    ranking,
    recall_at_k,
)
from mmteach.models.encoders import MLPEncoder
from mmteach.models.shared_space import SharedSpace
from mmteach.types import Batch


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_cosines_do_not_ask_for_length(rng):
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(5, 4))
    by_hand = (a @ b.T) / np.linalg.norm(a, axis=1)[:, None] / np.linalg.norm(b, axis=1)
    np.testing.assert_allclose(cosine_scores(7 * a, b / 9), by_hand)


def test_ranking_is_best_first_and_keeps_the_order_of_equals():
    assert ranking(np.array([[0.1, 0.9, 0.1, 0.5]])).tolist() == [[1, 3, 0, 2]]


def test_first_hits_by_hand():
    scores = np.array([[0.9, 0.8, 0.1], [0.9, 0.8, 0.1], [0.2, 0.3, 0.4]])
    assert first_hits(scores, ["a", "b", "c"], ["a", "b", "c"]).tolist() == [1, 2, 1]
    assert first_hits(scores, ["a", "a", "b"], ["b", "a", "a"]).tolist() == [2, 2, 3]


def test_a_model_that_says_the_same_of_everything_finds_nothing():
    y = np.repeat(np.arange(10), 3)
    ranks = first_hits(np.ones((30, 30)), y, y)
    assert set(ranks) == {28}  # all 27 wrong ones first
    assert recall_at_k(ranks, 1) == 0


def test_one_item_a_class_is_scikit_learns_top_k_and_mrr(rng):
    scores, y = rng.normal(size=(40, 6)), rng.integers(0, 6, 40)
    ranks = first_hits(scores, y, np.arange(6))
    for k in (1, 2, 5):
        assert recall_at_k(ranks, k) == pytest.approx(top_k_accuracy_score(y, scores, k=k, labels=np.arange(6)))
    by_sklearn = label_ranking_average_precision_score(np.eye(6)[y], scores)
    assert mean_reciprocal_rank(ranks) == pytest.approx(by_sklearn)


def test_median_rank():
    assert median_rank(np.array([1, 1, 2, 9])) == 1.5


@pytest.mark.parametrize("k", [1, 3, 8])
def test_chance_is_what_random_scores_reach(rng, k):
    y_query, y_item = np.array(["a", "a", "b"] * 4), np.array(["a"] * 2 + ["b"] * 3 + ["c"] * 4)
    found = [recall_at_k(first_hits(rng.random((12, 9)), y_query, y_item), k) for _ in range(600)]
    assert chance_recall(y_query, y_item, k) == pytest.approx(np.mean(found), abs=0.02)


def test_chance_of_ten_equal_classes_is_a_tenth():
    y = np.repeat(np.arange(10), 50)
    assert chance_recall(y, y, 1) == pytest.approx(0.1)
    assert chance_recall(y, y, 500) == 1


def test_a_query_without_any_right_item_is_a_sentence():
    with pytest.raises(DataError, match="no item is of the class 'z'"):
        first_hits(np.ones((2, 2)), ["a", "z"], ["a", "b"])
    with pytest.raises(ParameterError, match=r"\(2, 2\)"):
        first_hits(np.ones((2, 2)), ["a"], ["a", "b"])


def test_both_ways_have_names_numbers_and_intervals():
    e = np.eye(4)
    found = both_ways({"image": e, "audio": e[[0, 1, 2, 2]]}, {"image": list("abcd"), "audio": list("abcd")})
    assert list(found) == ["audio -> image", "image -> audio"]
    asked = found["audio -> image"]
    assert asked.ranks.tolist() == [1, 1, 1, 4]
    assert asked.recall() == 0.75
    assert asked.interval()[0] < 0.75 < asked.interval()[1]
    assert asked.chance() == pytest.approx(0.25)
    assert asked.to_dict((1, 4)) == {"recall@1": 0.75, "recall@4": 1.0, "median_rank": 1.0, "mrr": 3.25 / 4}


def test_classes_are_named_by_the_mean_direction_of_the_other_side():
    items = np.array([[1.0, 0.1], [10.0, -1.0], [0.0, 1.0]])
    cosines, classes = name_by_other_side(np.array([[5.0, 0.0], [0.1, 1.0]]), items, ["x", "x", "y"])
    assert classes == ("x", "y")
    assert cosines[0].tolist() == pytest.approx([1.0, 0.0])
    assert cosines.argmax(axis=1).tolist() == [0, 1]


def test_embedding_a_batch_in_parts_is_embedding_it_whole(rng):
    torch.manual_seed(0)
    space = SharedSpace({m: MLPEncoder((3,), dim=4) for m in ("a", "b")}, dim=2)
    x = {m: torch.tensor(rng.normal(size=(9, 3)), dtype=torch.float32) for m in ("a", "b")}
    present = {m: torch.ones(9, dtype=torch.bool) for m in x}
    batch = Batch(tuple(map(str, range(9))), x, {}, present)
    whole, parts = embed_space(space, batch), embed_space(space, batch, size=2)
    for m in ("a", "b"):
        np.testing.assert_allclose(whole[m], parts[m], atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(whole[m], axis=1), 1, atol=1e-5)
    assert Retrieval.of(whole["a"], whole["a"], np.arange(9), np.arange(9)).recall() == 1
