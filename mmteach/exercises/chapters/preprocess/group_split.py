"""Deal out people, count samples."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_group_split(groups, share, seed):
    """Positions of the training and of the test samples, (n_train,) and (n_test,): no group is in both."""
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.zeros(len(groups), dtype=bool)
    for name in names:
        if in_test.sum() < share * len(groups):
            in_test |= groups == name
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _samples_dealt(groups, share, seed):
    order = np.random.default_rng(seed).permutation(len(groups))
    n = round(share * len(groups))
    return np.sort(order[n:]), np.sort(order[:n])


def _share_of_groups(groups, share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(share * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _unseeded(groups, share, seed):
    return my_group_split(groups, share, None)


def _always_the_same(groups, share, seed):
    return my_group_split(groups, share, 0)


def _names(groups, share, seed):
    train, test = my_group_split(groups, share, seed)
    return np.unique(groups[train]), np.unique(groups[test])


def _masks(groups, share, seed):
    in_test = np.isin(np.arange(len(groups)), my_group_split(groups, share, seed)[1])
    return ~in_test, in_test


def _exchanged(groups, share, seed):
    train, test = my_group_split(groups, share, seed)
    return test, train


def _stops_short(groups, share, seed):
    in_test = np.zeros(len(groups), dtype=bool)
    for name in np.random.default_rng(seed).permutation(np.unique(groups)):
        if (in_test | (groups == name)).sum() <= share * len(groups):
            in_test |= groups == name
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


# People may be dealt out in any order, so positions cannot be compared: what is looked at holds for every right split.


def _six(answer, groups, share, seed, n=6):
    """Splits for n seeds, as arrays: [(train, test), ...]."""
    made = [answer(groups.copy(), share, seed + i) for i in range(n)]
    if any(part is ... for parts in made for part in parts):
        raise NotImplementedError  # the starter as it comes
    return [(np.asarray(train), np.asarray(test)) for train, test in made]


def _every_position_once(answer, groups, share, seed):
    everyone = list(range(len(groups)))
    return {
        "every position once": all(
            sorted([*train.tolist(), *test.tolist()]) == everyone for train, test in _six(answer, groups, share, seed)
        )
    }


def _on_both_sides(answer, groups, share, seed):
    splits = _six(answer, groups, share, seed)
    return {"somebody on both sides": any(len(np.intersect1d(groups[a], groups[b])) > 0 for a, b in splits)}


def _enough(answer, groups, share, seed):
    sizes = [len(groups[test]) for _, test in _six(answer, groups, share, seed, n=20)]
    wanted = share * len(groups)
    return {"always at least its share": min(sizes) >= wanted, "sometimes more than its share": max(sizes) > wanted}


def _too_many(answer, groups, share, seed):
    spare = False
    for _, test in _six(answer, groups, share, seed):
        counts = np.unique(groups[test], return_counts=True)[1]
        spare |= len(counts) > 0 and counts.sum() - counts.max() >= share * len(groups)
    return {"sometimes somebody too many": bool(spare)}


def _asked_again(answer, groups, share, seed):
    first, again = (_six(answer, groups, share, seed) for _ in range(2))
    return {
        "the same seed gives the same split": all(np.array_equal(a[1], b[1]) for a, b in zip(first, again, strict=True))
    }


def _other_seeds(answer, groups, share, seed):
    tests = {tuple(test.tolist()) for _, test in _six(answer, groups, share, seed)}
    return {"different splits among six seeds": "one" if len(tests) == 1 else "several"}


def _people(rng, *sizes):
    """Somebody's name for each sample, in mixed order."""
    return rng.permutation(np.repeat([f"p{i:02d}" for i in range(len(sizes))], sizes))


_UNEVEN = (1, 1, 1, 1, 1, 1, 1, 11, 11, 11)  # 40 samples
_MANY = (3,) * 12

GROUP_SPLIT = Exercise(
    id="preprocess.group_split",
    title="Split by person",
    minutes=20,
    task="""Write `my_group_split(groups, share, seed)`. `groups[i]` is the name of the person in sample i. It
returns two arrays of **positions**, those of the training part and those of the test part.

- Nobody is in both parts, and every sample is in one of them.
- Bring the people into a random order that depends on `seed` alone: the same seed gives the same split, another seed
  another order.
- People go into the test part in that order, each with all their samples, until the test part has at least `share` of
  the **samples**. Then it is full, and everybody else is for training.

`share` lies between 0 and 1, and there are enough people for both parts.""",
    starter='''def my_group_split(groups, share, seed):
    """Positions of the training and of the test samples.

    groups: names (n,); share: of the samples that the test part has at least, between 0 and 1; seed: whole number.
    Returns two arrays of positions, (n_train,) and (n_test,).
    """
    names = ...  # the people, in a random order
    in_test = ...
    return ..., ...
''',
    hints=(
        "What is dealt out: samples or people? And what is counted: people or samples?",
        "`np.unique(groups)` are the people, each once. `np.random.default_rng(seed).permutation(...)` mixes them. "
        "`groups == name` is True at all samples of one person.",
        "Keep an array of False, one for each sample. Go through the mixed people: while fewer than `share * "
        "len(groups)` entries are True, set those of the next person. `np.flatnonzero` turns True into positions.",
    ),
    checks=(
        Check(
            "Every sample is in one part, once.",
            lambda rng: [
                (_people(rng, *_UNEVEN), 0.3, 0),
                (_people(rng, *_MANY), 0.2, 50),
                (np.array([7, 3, 3, 7, 9]), 0.2, 3),
            ],
            observe=_every_position_once,
        ),
        Check(
            "Nobody is on both sides.",
            lambda rng: [(_people(rng, *_UNEVEN), 0.3, 0), (_people(rng, *_MANY), 0.5, 50)],
            points=2,
            observe=_on_both_sides,
        ),
        Check(
            "The test part has at least its share of the samples.",
            lambda rng: [(_people(rng, *_UNEVEN), 0.3, 0)],
            observe=_enough,
        ),
        Check(
            "Once it has them, nobody more goes there.",
            lambda rng: [(_people(rng, *_MANY), 0.25, 7), (_people(rng, 2, 2, 2, 2, 2), 0.4, 1)],
            observe=_too_many,
        ),
        Check(
            "The same seed gives the same split, whenever it is asked for.",
            lambda rng: [(_people(rng, *_MANY), 0.2, 0), (_people(rng, *_UNEVEN), 0.3, 9)],
            observe=_asked_again,
        ),
        Check(
            "Other seeds give other splits.",
            lambda rng: [(_people(rng, *_MANY), 0.2, 0), (_people(rng, *_UNEVEN), 0.3, 9)],
            observe=_other_seeds,
        ),
        Check(
            "Few people and many, with shares large and small.",
            lambda rng: [(_people(rng, *rng.integers(1, 9, 30)), s, 3) for s in (0.05, 0.5, 0.7)],
            observe=lambda *a: {**_every_position_once(*a), **_on_both_sides(*a), **_enough(*a), **_too_many(*a)},
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "same person on both sides",
            "Samples were dealt out, not people: the same person is in training and in test. The model can recognise "
            "the person and look up the answer, and the accuracy says nothing about people it has not met. What must "
            "be mixed, and kept whole?",
            _samples_dealt,
        ),
        Mistake(
            "sizes by group, not by sample",
            "You took `share` of the *people*. If one of them has half of the samples, the test part is either huge "
            "or tiny. The people are dealt out, but it is their samples that have to be counted.",
            _share_of_groups,
        ),
        Mistake(
            "unseeded",
            "Asked twice with the same seed, it gives two splits. Then nobody can repeat your result, and today's "
            "test people may have been in yesterday's training. What draws at random must be made from `seed`, inside "
            "the function.",
            _unseeded,
        ),
        Mistake(
            "always the same people",
            "Six seeds, one split: `seed` changes nothing. Perhaps the people are taken in the order of their names. "
            "Those who were recorded first may differ from the others; a random order does not care.",
            _always_the_same,
        ),
        Mistake(
            "names instead of positions",
            "You return who is in each part. Whoever uses the split needs to know which *samples*: positions, to "
            "index pictures and labels with.",
            _names,
        ),
        Mistake(
            "masks instead of positions",
            "You return True and False for every sample. That is half of the way: where are the True ones? Positions "
            "are what is asked for.",
            _masks,
        ),
        Mistake(
            "parts exchanged",
            "The split itself is sound, but `share` of the samples went to the part that is returned first, and the "
            "first is training.",
            _exchanged,
        ),
        Mistake(
            "stops below the share",
            "Somebody with whom the test part would pass its share is left out. With few people the test part then "
            "stays much too small, or empty: *at least* its share means that the last one may take it past the mark.",
            _stops_short,
        ),
    ),
    reference=my_group_split,
    reading=("`show_source(datasets.split)`: the library also gives every part its share of the labels.",),
)
