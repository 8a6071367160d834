"""The references of chapter 10 agree with the library, with torch and with scikit-learn."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import top_k_accuracy_score

from mmteach.exercises.chapters.contrast.info_nce import my_info_nce
from mmteach.exercises.chapters.contrast.recall_at_k import my_recall_at_k
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find
from mmteach.infer import first_hits, recall_at_k
from mmteach.train import info_nce


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("log_scale", [0.0, 2.6593, 4.6, 7.0])
def test_info_nce_is_the_librarys(rng, log_scale):
    a, b = (torch.tensor(rng.normal(size=(9, 5))).float() for _ in range(2))
    torch.testing.assert_close(my_info_nce(a, b, torch.tensor(log_scale)), info_nce(a, b, log_scale), rtol=1e-3, atol=0)


def test_info_nce_of_identical_embeddings_is_log_n():
    same = torch.ones(12, 3)
    assert my_info_nce(same, same, torch.tensor(2.6593)).item() == pytest.approx(math.log(12), abs=1e-5)


@pytest.mark.parametrize("k", [1, 3, 12])
def test_recall_is_the_librarys_and_scikit_learns(rng, k):
    scores, y = np.round(rng.normal(size=(30, 12)), 1), rng.integers(0, 4, 30)
    y_item = np.arange(12) % 4
    assert my_recall_at_k(scores, y, y_item, k) == recall_at_k(first_hits(scores, y, y_item), k)
    one_each, few = rng.normal(size=(30, 4)), min(k, 4)
    by_sklearn = top_k_accuracy_score(y, one_each, k=few, labels=np.arange(4))
    assert my_recall_at_k(one_each, y, np.arange(4), k) == pytest.approx(by_sklearn)


def test_a_loss_that_asks_one_side_is_called_by_its_name():
    def my_answer(a, b, log_scale):
        scores = torch.nn.functional.cosine_similarity(a[:, None], b[None], dim=2) * log_scale.exp()
        return torch.nn.functional.cross_entropy(scores, torch.arange(len(a)))

    outcome = judge(find("contrast.info_nce"), my_answer)
    assert (outcome.mistake, outcome.status) == ("only a asks", Status.PARTLY)


def test_plain_sorting_is_told_of_ties():
    def my_answer(scores, y_query, y_item, k):
        best = np.argsort(-scores)[:, :k]
        return np.mean([y in y_item[row] for row, y in zip(best, y_query, strict=True)])

    assert judge(find("contrast.recall_at_k"), my_answer).mistake == "ties for us"
