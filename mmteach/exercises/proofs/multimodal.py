"""Chapter 1: other right answers, other ways to write each mistake."""

from __future__ import annotations

import statistics
from collections import Counter

import numpy as np

from mmteach.exercises.proof import Proof


def _by_bincount(train, test):
    answer = np.bincount(train).argmax()
    return (test == answer).sum() / len(test)


def _by_counter(train, test):
    counts = Counter(train.tolist())
    answer = min(counts, key=lambda label: (-counts[label], label))
    return sum(label == answer for label in test.tolist()) / len(test)


def _by_multimode(train, test):
    answer = min(statistics.multimode(train.tolist()))
    return test.tolist().count(answer) / len(test)


def _middle(train, test):
    middle = sum(train.tolist()) / len(train)
    return sum(label == round(middle) for label in test) / len(test)


def _seen_in_training(train, test):
    answer = np.bincount(train).argmax()
    return float((train == answer).mean())


def _best_for_test(train, test):
    return np.bincount(test).max() / len(test)


def _most_common(train, test):
    answer = Counter(train.tolist()).most_common(1)[0][0]
    return test.tolist().count(answer) / len(test)


def _last_when_sorted(train, test):
    by_count = sorted(set(train.tolist()), key=lambda label: (train == label).sum() * 1000 + label)
    return np.mean(test == by_count[-1])


def _index(train, test):
    names = sorted(set(train.tolist()))
    counts = [train.tolist().count(name) for name in names]
    return sum(label == counts.index(max(counts)) for label in test) / len(test)


def _says_class(train, test):
    return int(np.bincount(train).argmax())


def _die(train, test):
    n = len(set(train.tolist()))
    return sum(1 / n for _ in test) / len(test)


PROOFS = {
    "multimodal.majority_baseline": Proof(
        right=(_by_bincount, _by_counter, _by_multimode),
        variants={
            "mean of labels": _middle,
            "accuracy on train": _seen_in_training,
            "chosen on the test part": _best_for_test,
            "ignores ties: the first met wins": _most_common,
            "ignores ties: the last of them wins": _last_when_sorted,
            "place in the table instead of the class": _index,
            "the class itself": _says_class,
            "chance": _die,
        },
    ),
}
