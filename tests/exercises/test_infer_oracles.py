"""The solutions of chapter 5 agree with the library, with torch and with scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix as sklearn_s
from sklearn.metrics import roc_curve

from mmteach.exercises.chapters.infer.confusion_matrix import my_confusion_matrix
from mmteach.exercises.chapters.infer.ece import my_ece
from mmteach.exercises.chapters.infer.eer import my_eer
from mmteach.exercises.chapters.infer.softmax import my_softmax
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.infer import confusion_matrix, eer, reliability, softmax
from mmteach.infer.verify import error_curve


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_softmax_is_the_library_s_and_torch_s(rng, temperature):
    z = rng.normal(0, 500, (30, 6))
    np.testing.assert_allclose(my_softmax(z, temperature), softmax(z, temperature))
    np.testing.assert_allclose(my_softmax(z, temperature), torch.softmax(torch.tensor(z) / temperature, 1), atol=1e-12)


def test_confusion_matrix_is_the_library_s_and_scikit_learn_s(rng):
    y, said = rng.integers(0, 5, 60), rng.integers(1, 6, 60)  # class 6 of 7 never occurs, 0 is never said
    names = [str(k) for k in range(7)]
    np.testing.assert_array_equal(my_confusion_matrix(y, said, 7), confusion_matrix(y, said, names))
    np.testing.assert_array_equal(my_confusion_matrix(y, said, 7), sklearn_s(y, said, labels=range(7)))
    np.testing.assert_allclose(
        my_confusion_matrix(y, said, 7, True), sklearn_s(y, said, labels=range(7), normalize="true")
    )


def test_eer_and_its_curve_are_the_library_s_and_scikit_learn_s(rng):
    same = rng.random(300) < 0.3
    scores = np.round(rng.normal(0.3 + 0.3 * same, 0.25), 2)  # with ties
    far, frr, crossing = my_eer(scores, same)
    curve = error_curve(scores, same)
    np.testing.assert_allclose(far, curve.far)
    np.testing.assert_allclose(frr, curve.frr)
    assert crossing == pytest.approx(eer(scores, same))
    false_positive, true_positive, _ = roc_curve(same, scores, drop_intermediate=False)
    np.testing.assert_allclose(far[::-1], false_positive)
    np.testing.assert_allclose(frr[::-1], 1 - true_positive)


@pytest.mark.parametrize("n_bins", [1, 4, 15])
def test_ece_is_the_library_s(rng, n_bins):
    probs = rng.dirichlet([0.5] * 4, 400)
    probs[:5] = [0.25, 0.25, 0.25, 0.25]  # on an edge
    probs[5] = [1, 0, 0, 0]
    y = rng.integers(0, 4, 400)
    found = my_ece(probs.max(axis=1), probs.argmax(axis=1) == y, n_bins)
    assert found == pytest.approx(reliability(probs, y, n_bins).ece)


def test_a_calibrated_model_has_no_error():
    assert my_ece(np.full(10, 0.8), np.arange(10) < 8, 15) == pytest.approx(0)


# Two mistakes at once: what is told is the one to mend first.


def naive_softmax(logits, temperature):
    return np.exp(logits / temperature) / np.exp(logits / temperature).sum()


def naive_rows(logits, temperature):
    e = np.exp(logits / temperature)
    return e / e.sum(axis=1)


def naive_precision(y_true, y_pred, n_classes, normalise=False):
    table = sklearn_s(y_true, y_pred, labels=range(n_classes)).astype(float)
    return table / table.sum(axis=0) if normalise else table


def naive_ece(confidence, right, n_bins):
    bins = [(confidence >= b / n_bins) & (confidence < (b + 1) / n_bins) for b in range(n_bins)]
    return sum(p.mean() * abs(right[p].mean() - confidence[p].mean()) for p in bins)


@pytest.mark.parametrize(
    ("id", "answer", "told"),
    [
        ("infer.softmax", naive_softmax, "one sum for the whole batch"),
        ("infer.softmax", naive_rows, "keepdims forgotten"),
        ("infer.confusion_matrix", naive_precision, "normalised along the wrong axis"),
        ("infer.ece", naive_ece, "empty bins"),
    ],
)
def test_of_two_mistakes_one_is_told(id, answer, told):
    assert judge(find(id), answer).mistake == told
