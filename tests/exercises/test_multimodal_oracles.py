"""The reference of chapter 1 agrees with the library."""

import numpy as np
import pytest

from mmteach.exercises.chapters.multimodal import my_majority_baseline
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.infer import majority_accuracy


@pytest.mark.parametrize("seed", range(5))
def test_majority_baseline_is_the_librarys(seed):
    rng = np.random.default_rng(seed)
    y_train, y_test = rng.integers(0, 9, 12), rng.integers(0, 9, 30)  # one digit: sorted as text they stay in order
    assert my_majority_baseline(y_train, y_test) == pytest.approx(majority_accuracy(y_train, y_test))


def test_an_average_that_is_not_rounded_is_the_same_mistake():
    outcome = judge(find("multimodal.majority_baseline"), lambda train, test: np.mean(test == train.mean()))
    assert outcome.mistake == "mean of labels"
