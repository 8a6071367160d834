import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics

from mmteach.errors import ParameterError
from mmteach.infer import accuracy, confusion_matrix, macro_f1, majority_accuracy, mcnemar, wilson_interval

RNG = np.random.default_rng(0)
TRUE = RNG.choice(["ann", "bob", "cyd"], 60, p=[0.6, 0.3, 0.1])
SAID = np.where(RNG.random(60) < 0.6, TRUE, RNG.choice(["ann", "bob", "dee"], 60))  # dee is never true, cyd rarely said


def test_accuracy_macro_f1_and_confusion_are_scikit_learn_s():
    assert accuracy(TRUE, SAID) == metrics.accuracy_score(TRUE, SAID)
    assert macro_f1(TRUE, SAID) == pytest.approx(metrics.f1_score(TRUE, SAID, average="macro", zero_division=0))
    classes = ["ann", "bob", "cyd", "dee", "eve"]
    ours = confusion_matrix(TRUE, SAID, classes)
    np.testing.assert_array_equal(ours, metrics.confusion_matrix(TRUE, SAID, labels=classes))
    assert ours.sum() == 60
    assert not ours[3:].any()  # who is never the truth keeps a row of zeros


def test_lists_do_as_well_as_arrays():
    assert accuracy(list(TRUE), list(SAID)) == accuracy(TRUE, SAID)
    assert macro_f1(list(TRUE), list(SAID)) == macro_f1(TRUE, SAID)


def test_an_answer_outside_the_classes_gets_a_sentence():
    with pytest.raises(ParameterError, match="'dee' is none of the 2 classes"):
        confusion_matrix(["ann", "bob"], ["ann", "dee"], ["ann", "bob"])


def test_wilson_of_a_known_value():
    assert [round(v, 3) for v in wilson_interval(196, 200)] == [0.950, 0.992]


@pytest.mark.parametrize(("n_right", "n"), [(0, 1), (1, 1), (0, 20), (20, 20), (7, 9), (196, 200), (500, 1000)])
def test_wilson_is_scipy_s(n_right, n):
    theirs = binomtest(n_right, n).proportion_ci(method="wilson")
    ours = wilson_interval(n_right, n)
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-6)
    assert 0 <= ours.low <= n_right / n <= ours.high <= 1


@pytest.mark.parametrize(("n_right", "n"), [(0, 0), (3, 2), (-1, 2)])
def test_an_impossible_count_gets_a_sentence(n_right, n):
    with pytest.raises(ParameterError, match=f"{n_right} right of {n}"):
        wilson_interval(n_right, n)


def test_majority_is_learnt_from_training_and_measured_on_test():
    assert majority_accuracy(["a", "b", "b"], ["a", "b", "a", "a"]) == 0.25
    assert majority_accuracy(["b", "a"], ["a", "a", "b"]) == pytest.approx(2 / 3)  # a tie: the first in order
    assert majority_accuracy(["a", "a", "b"], ["c"]) == 0


def test_mcnemar_by_hand():
    """Ten samples speak, nine for a: 2 (C(10,0) + C(10,1)) / 2^10."""
    a = np.array([True] * 9 + [False] + [True] * 30 + [False] * 5)
    b = np.array([False] * 9 + [True] + [True] * 30 + [False] * 5)
    assert mcnemar(a, b) == pytest.approx(2 * 11 / 1024)
    assert mcnemar(b, a) == mcnemar(a, b)


def test_mcnemar_of_models_that_agree_says_nothing():
    a = RNG.random(20) < 0.5
    assert mcnemar(a, a) == 1
