"""Proofs of `preprocess.group_split`."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np

from mmteach.exercises.proof import Proof


def _people_in_a_list(who, share, seed):
    sizes = Counter(who.tolist())
    people = sorted(sizes)
    random.Random(seed).shuffle(people)
    test, n = [], 0
    while n < share * len(who):
        test.append(people[len(test)])
        n += sizes[test[-1]]
    return [i for i, p in enumerate(who) if p not in test], [i for i, p in enumerate(who) if p in test]


def _by_running_sum(who, share, seed):
    people, code, size = np.unique(who, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(people))
    before = np.concatenate([[0], np.cumsum(size[order])[:-1]])
    chosen = order[before < share * len(who)]
    return np.where(~np.isin(code, chosen))[0], np.where(np.isin(code, chosen))[0]


def _shuffled_samples(who, share, seed):
    positions = list(range(len(who)))
    random.Random(seed).shuffle(positions)
    n = int(share * len(who))
    return positions[n:], positions[:n]


def _so_many_people(who, share, seed):
    people = sorted(set(who.tolist()))
    random.Random(seed).shuffle(people)
    test = people[: max(1, int(share * len(people)))]
    return [i for i, p in enumerate(who) if p not in test], [i for i, p in enumerate(who) if p in test]


def _global_generator(who, share, seed):
    people = np.unique(who)
    np.random.shuffle(people)  # noqa: NPY002 - this is the mistake
    taken = 0
    while np.isin(who, people[:taken]).sum() < share * len(who):
        taken += 1
    in_test = np.isin(who, people[:taken])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _by_name(who, share, seed):
    people = sorted(set(who.tolist()))
    taken = 0
    while np.isin(who, people[:taken]).sum() < share * len(who):
        taken += 1
    in_test = np.isin(who, people[:taken])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _people(who, share, seed):
    train, test = _people_in_a_list(who, share, seed)
    return sorted({who[i] for i in train}), sorted({who[i] for i in test})


def _true_and_false(who, share, seed):
    train, test = (set(part) for part in _people_in_a_list(who, share, seed))
    return [i in train for i in range(len(who))], [i in test for i in range(len(who))]


def _test_first(who, share, seed):
    return _people_in_a_list(who, share, seed)[::-1]


def _nobody_too_many(who, share, seed):
    sizes = Counter(who.tolist())
    people = sorted(sizes)
    random.Random(seed).shuffle(people)
    test, n = set(), 0
    for person in people:
        if n + sizes[person] <= share * len(who) + 1e-9:
            test.add(person)
            n += sizes[person]
    return [i for i, p in enumerate(who) if p not in test], [i for i, p in enumerate(who) if p in test]


GROUP_SPLIT = Proof(
    right=(_people_in_a_list, _by_running_sum),
    variants={
        "same person on both sides": _shuffled_samples,
        "sizes by group, not by sample": _so_many_people,
        "unseeded": _global_generator,
        "always the same people": _by_name,
        "names instead of positions": _people,
        "masks instead of positions": _true_and_false,
        "parts exchanged": _test_first,
        "stops below the share": _nobody_too_many,
    },
)
