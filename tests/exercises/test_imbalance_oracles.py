"""The references of chapter 9 agree with the library, with scikit-learn, and with each technique's known values."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional as F

from mmteach import train
from mmteach.exercises.chapters.imbalance.focal import my_focal
from mmteach.exercises.chapters.imbalance.logit_adjust import my_logit_adjust
from mmteach.exercises.chapters.imbalance.modality_dropout import my_modality_dropout
from mmteach.exercises.chapters.imbalance.ogm import my_ogm
from mmteach.exercises.chapters.imbalance.sampler import my_sampler
from mmteach.exercises.chapters.imbalance.weights import my_weights
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find
from mmteach.types import Batch


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def seeded(number=0):
    return torch.Generator().manual_seed(number)


# weights


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.9999])
def test_weights_are_the_librarys(rng, beta):
    y = rng.permutation(np.repeat(np.arange(4), [40, 3, 17, 1]))
    library = train.effective_weights(torch.from_numpy(np.bincount(y)), beta)
    np.testing.assert_allclose(my_weights(y, beta), library, rtol=1e-5)


def test_weights_near_beta_1_are_scikit_learns_balanced(rng):
    y = rng.permutation(np.repeat(np.arange(3), [40, 3, 17]))
    balanced = compute_class_weight("balanced", classes=np.arange(3), y=y)
    np.testing.assert_allclose(my_weights(y, 1 - 1e-9), balanced * 3 / balanced.sum(), rtol=1e-5)


# focal


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_is_the_librarys(rng, gamma):
    logits, y = torch.from_numpy(rng.normal(size=(9, 4))), torch.from_numpy(rng.integers(0, 4, 9))
    torch.testing.assert_close(my_focal(logits, y, gamma), train.focal(logits, logits, y, gamma))
    if not gamma:
        torch.testing.assert_close(my_focal(logits, y, 0.0), F.cross_entropy(logits, y))


def test_focal_of_a_sample_known_well():
    assert my_focal(torch.tensor([[0.9, 0.1]]).log(), torch.tensor([0]), 2.0).item() == pytest.approx(
        0.001054, abs=5e-7
    )


# logit adjustment


def test_logit_adjustment_is_the_librarys_and_scikit_learns(rng):
    logits, y = torch.from_numpy(rng.normal(size=(60, 4))), torch.from_numpy(rng.integers(0, 3, 60))
    counts = torch.tensor([70, 5, 20, 9])
    predicted, score = my_logit_adjust(logits, y, counts, 0.8)
    assert torch.equal(predicted, train.adjust_logits(logits, counts, 0.8).argmax(dim=1))
    with pytest.warns(UserWarning, match="y_pred contains classes not in y_true"):
        assert float(score) == pytest.approx(balanced_accuracy_score(y, predicted))


# sampler


def test_the_sampler_draws_each_row_as_often_as_the_librarys(rng):
    y = np.repeat(np.arange(3), [200, 40, 10])
    train_rows, labels = np.arange(0, 250, 2), torch.from_numpy(y[::2])
    own = np.bincount(np.concatenate([my_sampler(y, train_rows, rng) for _ in range(400)]), minlength=250)[::2]
    drawn = torch.cat([train.balanced_order(labels, 3, seeded(i)) for i in range(400)])
    n = 400 * 125 / 3  # of each class
    for counted in (own, drawn.bincount(minlength=125).numpy()):
        np.testing.assert_allclose(np.bincount(y[::2], weights=counted), n, rtol=0.03)
    assert own[labels == 2].min() > 10 * own[labels == 0].max()


# modality dropout


@pytest.mark.parametrize("p", [0.0, 0.3, 0.8])
def test_modality_dropout_is_the_librarys_in_the_mean(p):
    rows = torch.tensor([[1, 1, 0], [1, 1, 1], [0, 0, 1]], dtype=torch.bool)
    present = rows.repeat_interleave(20_000, dim=0)
    own = my_modality_dropout(present, p, seeded())
    batch = Batch(tuple("i" * len(own)), {}, {}, dict(zip("abc", present.T, strict=True)), None)
    library = torch.stack([*train.drop_modalities(batch, p, seeded(1)).present.values()], dim=1)
    for flags in (own, library):
        assert bool(flags.any(dim=1).all())
        assert not bool((flags & ~present).any())
        kept = flags.view(3, -1, 3).float().mean(dim=1)
        had = rows.sum(dim=1, keepdim=True)
        torch.testing.assert_close(kept, rows * ((1 - p) + p**had), atol=0.015, rtol=0)


# OGM


def test_ogm_is_the_librarys(rng):
    y = torch.from_numpy(rng.integers(0, 3, 12))
    logits = {m: torch.from_numpy(rng.normal(scale=s, size=(12, 3))) for m, s in {"a": 1, "b": 3, "c": 0.1}.items()}
    logits["b"][torch.arange(12), y] += 2
    score = {m: float(z.softmax(dim=1)[torch.arange(12), y].mean()) for m, z in logits.items()}
    assert my_ogm(logits, y, 0.7) == pytest.approx(train.modulation(score, 0.7))


def test_ogm_at_rho_one_and_a_half():
    logits = {"a": torch.tensor([[0.6, 0.4]]).log(), "b": torch.tensor([[0.4, 0.6]]).log()}
    factors = my_ogm(logits, torch.tensor([0]), 0.8)
    assert factors == pytest.approx({"a": 0.1663, "b": 1.0}, abs=5e-5)
    assert factors["a"] == pytest.approx(1 - math.tanh(1.2))


# what a student hears


def test_a_random_answer_is_judged_by_what_holds_of_it_not_by_its_numbers():
    def my_answer(y, train, rng):
        by_class = [train[y[train] == c] for c in np.unique(y[train])]
        return np.array([rng.choice(by_class[i % len(by_class)]) for i in range(len(train))])

    assert judge(find("imbalance.sampler"), my_answer, held_back=True).status is Status.PASSED


def test_oversampling_of_the_whole_table_is_called_by_its_name():
    def my_answer(y, train, rng):
        rows = np.concatenate([rng.choice(np.flatnonzero(y == c), len(train)) for c in np.unique(y)])
        return rng.choice(rows, len(train))

    assert judge(find("imbalance.sampler"), my_answer).mistake == "resampling before the split"


def test_scaling_the_weaker_side_is_called_by_its_name():
    def my_answer(logits, y, alpha):
        score = torch.stack([z.softmax(dim=1)[torch.arange(len(y)), y].mean() for z in logits.values()])
        rho = score * (len(score) - 1) / (score.sum() - score)
        return dict(zip(logits, torch.where(rho < 0.9999, 1 - torch.tanh(alpha * rho), 1.0), strict=True))

    assert judge(find("imbalance.ogm"), my_answer).mistake == "who is behind is slowed down"


def test_plain_accuracy_is_called_by_its_name():
    def my_answer(logits, y, counts, tau):
        predicted = (logits - tau * counts.log()).argmax(dim=1)
        return predicted, (predicted == y).double().mean().item()

    assert judge(find("imbalance.logit_adjust"), my_answer).mistake == "accuracy as the measure"
