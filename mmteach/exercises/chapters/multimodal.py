"""Exercises of chapter 1: the baseline that every result is compared with."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_majority_baseline(y_train, y_test):
    """Accuracy on the test part of always answering the commonest class of the training part."""
    classes, counts = np.unique(y_train, return_counts=True)
    answer = classes[counts.argmax()]
    return np.mean(y_test == answer)


def _mean_of_labels(y_train, y_test):
    return np.mean(y_test == round(np.mean(y_train)))


def _on_train(y_train, y_test):
    return np.unique(y_train, return_counts=True)[1].max() / len(y_train)


def _chosen_on_test(y_train, y_test):
    return my_majority_baseline(y_test, y_test)


def _first_met(y_train, y_test):
    counts = {}
    for label in y_train:
        counts[label] = counts.get(label, 0) + 1
    return np.mean(y_test == max(counts, key=counts.get))


def _last_of_equals(y_train, y_test):
    classes, counts = np.unique(y_train, return_counts=True)
    return np.mean(y_test == classes[counts == counts.max()][-1])


def _place_in_the_table(y_train, y_test):
    return np.mean(y_test == np.unique(y_train, return_counts=True)[1].argmax())


def _class_itself(y_train, y_test):
    classes, counts = np.unique(y_train, return_counts=True)
    return classes[counts.argmax()]


def _chance(y_train, y_test):
    return 1 / len(np.unique(y_train))


def _labels(*counts):
    """Labels in blocks: so many of class 0, so many of class 1, ..."""
    return np.repeat(np.arange(len(counts)), counts)


MAJORITY_BASELINE = Exercise(
    id="multimodal.majority_baseline",
    title="The majority baseline",
    minutes=10,
    task="""Write `my_majority_baseline(y_train, y_test)`: the accuracy, between 0 and 1, of a model that looks at
nothing. It gives every test sample the same answer, the class that is commonest in the **training** part.

Both arguments are arrays of class numbers, whole numbers from 0, at least one in each. The numbers may have gaps: an
array `[3, 3, 7]` has the classes 3 and 7. Where several classes are equally common, the smallest number is the answer.
A class of the test part may be missing in training, and the other way round.""",
    starter='''def my_majority_baseline(y_train, y_test):
    """Accuracy on the test part of always answering the commonest class of the training part.

    y_train: class numbers (n_train,); y_test: class numbers (n_test,). Returns a number between 0 and 1.
    """
    return ...
''',
    hints=(
        "There are two steps: which class is answered? How often is that answer right? Each step needs only one of "
        "the two arrays.",
        "`classes, counts = np.unique(y_train, return_counts=True)` gives the classes, sorted, and how often each "
        "occurs.",
        "`counts.argmax()` is the place of the largest count, the first one if there are several; `classes[...]` "
        "turns the place into a class. `np.mean(y_test == answer)` is the share of `True`.",
    ),
    checks=(
        # In these the mean of the class numbers, rounded or not, is no class of the test part: it is known either way.
        Check(
            "It answers the commonest class of training, and counts how often that is right in the test part.",
            lambda rng: [
                (rng.permutation(_labels(6, 1, 3)), rng.permutation(_labels(3, 0, 5))),
                (rng.permutation(_labels(2, 0, 3)), rng.permutation(_labels(7, 0, 2))),
                (rng.permutation(_labels(9, 1, 5)), rng.permutation(_labels(2, 0, 3))),
                (rng.permutation(_labels(5, 1, 1, 1)), rng.permutation(_labels(1, 0, 3, 1))),
                (rng.permutation(_labels(9, 1, 2, 4, 8)), rng.permutation(_labels(5, 1, 0, 1, 3))),
            ],
            points=2,
        ),
        Check(
            "A class that the test part does not have is right 0 times.",
            lambda rng: [
                (_labels(0, 0, 8, 2), _labels(5, 2)),
                (_labels(9, 3), np.array([1])),
                (np.array([4]), np.array([2, 2, 6])),
            ],
        ),
        Check(
            "Class numbers may have gaps.",
            lambda rng: [
                (np.array([7, 3, 7, 3, 7]), np.array([1, 3, 3, 7])),
                (rng.permutation(np.repeat([5, 9, 20], [1, 2, 4])), rng.permutation(np.repeat([0, 2, 20], [3, 2, 1]))),
            ],
        ),
        Check(
            "Of equally common classes the smallest number is answered.",
            lambda rng: [
                (np.array([1, 0, 2, 2, 0, 1]), np.array([0, 0, 0, 1, 1, 2])),
                (np.array([6, 3, 3, 9, 9, 6]), np.array([6, 3, 6, 6, 9, 3, 1])),
                (np.array([4, 1, 7]), np.array([1, 7, 4, 7, 4, 4])),
            ],
        ),
        Check(
            "It holds for forty people.",
            lambda rng: [(rng.integers(0, 40, 300), rng.integers(0, 45, 100)) for _ in range(5)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "mean of labels",
            "Class numbers are names, not amounts. The mean of 'calm' (0) and 'happy' (2) is 1, and 1 is 'angry', "
            "whom nobody mentioned. Names can be counted, but not averaged: ask which one occurs most often.",
            _mean_of_labels,
        ),
        Mistake(
            "accuracy on train",
            "That is how often the commonest class is right in the *training* part, where it was chosen. A model is "
            "measured on the test part, and what it is compared with must be measured there, too.",
            _on_train,
        ),
        Mistake(
            "chosen on the test part",
            "The answer was chosen by counting the test labels. In use, nobody knows these: a model that has looked "
            "at them is told the best fixed answer instead of having to guess it. Choose with one array, measure with "
            "the other.",
            _chosen_on_test,
        ),
        Mistake(
            "ignores ties: the first met wins",
            "Among equally common classes yours takes the one that comes first in `y_train`. Shuffle the training "
            "part and the number changes, although nothing was learnt. A rule that does not look at the order of the "
            "samples is needed: the smallest number.",
            _first_met,
        ),
        Mistake(
            "ignores ties: the last of them wins",
            "Among equally common classes yours takes the largest number; agreed was the smallest. Either is fair, "
            "yet two people who report a baseline must have the same rule. Which of equal values does your way of "
            "finding the largest keep?",
            _last_of_equals,
        ),
        Mistake(
            "place in the table instead of the class",
            "`argmax` gives a *place*: 'the second entry of the table of counts'. With classes 3 and 7 the second "
            "entry is class 7, not class 1. Look up which class stands at that place.",
            _place_in_the_table,
        ),
        Mistake(
            "the class itself",
            "The class that is answered was found, and it was returned. One step is left: how often is that answer "
            "right in the test part?",
            _class_itself,
        ),
        Mistake(
            "chance",
            "One divided by the number of classes is what guessing with a die reaches. Where one class is common, "
            "always naming it is better than the die, and so it is the harder rival.",
            _chance,
        ),
    ),
    reference=my_majority_baseline,
    reading=("`show_source(majority_accuracy)`: the library's own, which every report prints.",),
)

EXERCISES = (MAJORITY_BASELINE,)
