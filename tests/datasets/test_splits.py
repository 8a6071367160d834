from itertools import combinations

import numpy as np
import pytest

from mmteach.datasets import Fold, folds, require_disjoint, split
from mmteach.errors import DataError, ParameterError


@pytest.fixture
def people(make_set):
    """Ten people, ten samples each."""
    return make_set(*((f"p{i // 10}", f"p{i // 10}", None) for i in range(100)))


@pytest.fixture
def clips(make_set):
    """Thirty speakers of 1 to 30 clips, three moods."""
    rng = np.random.default_rng(0)
    return make_set(*((f"m{rng.integers(3)}", f"v{g}", None) for g in range(30) for _ in range(g + 1)))


def sides(dataset, fold):
    return [set(dataset.groups[part]) for part in fold[1:]]


def test_sizes_are_exact_where_groups_allow(people):
    fold = split(people, val=0.2, test=0.2)
    assert [len(part) for part in fold[1:]] == [60, 20, 20]


def test_every_sample_is_on_one_side(clips):
    fold = split(clips)
    assert sorted(np.concatenate(fold[1:]).tolist()) == list(range(len(clips)))


@pytest.mark.parametrize("seed", range(20))
def test_no_group_is_cut_and_sizes_are_near(clips, seed):
    fold = split(clips, val=0.2, test=0.3, seed=seed)
    assert not any(a & b for a, b in combinations(sides(clips, fold), 2))
    want = np.array([0.5, 0.2, 0.3]) * len(clips)
    assert np.abs([len(part) for part in fold[1:]] - want).max() <= 15  # half of the largest group


def test_the_same_seed_gives_the_same_split(clips):
    for a, b in zip(split(clips, seed=3)[1:], split(clips, seed=3)[1:], strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(split(clips, seed=3).test, split(clips, seed=4).test)


def test_a_sample_without_a_group_is_its_own(make_set):
    dataset = make_set(*(("ab"[i % 4 == 0], None, None) for i in range(100)))
    fold = split(dataset, val=0.1, test=0.2)
    assert [len(part) for part in fold[1:]] == [70, 10, 20]
    assert (dataset.labels[fold.test] == "b").sum() == 5  # each label gets its share


def test_without_a_validation_part(people):
    fold = split(people, val=0, test=0.5)
    assert [len(part) for part in fold[1:]] == [50, 0, 50]


def test_folds_test_each_sample_once(clips):
    made = folds(clips, k=5, val=0.2, seed=1)
    assert sorted(np.concatenate([fold.test for fold in made]).tolist()) == list(range(len(clips)))
    for fold in made:
        assert not any(a & b for a, b in combinations(sides(clips, fold), 2))
        assert len(np.concatenate(fold[1:])) == len(clips)
        assert abs(len(fold.test) - len(clips) / 5) <= 15
        assert len(fold.val) > 0


def test_as_many_folds_as_groups_leave_one_out(people):
    assert sorted(people.groups[fold.test][0] for fold in folds(people, k=10)) == [f"p{i}" for i in range(10)]


def test_no_part_stays_empty(make_set):
    dataset = make_set(*((str(g), str(g), None) for g, n in ((0, 90), (1, 5), (2, 5)) for _ in range(n)))
    for seed in range(5):
        assert all(len(part) for part in split(dataset, seed=seed)[1:])


def test_many_samples_are_dealt_quickly(make_set):
    dataset = make_set(*(("ab"[i % 3 == 0], None, None) for i in range(12_000)))
    assert [len(part) for part in split(dataset)[1:]] == [7200, 2400, 2400]


def test_too_few_groups(make_set):
    dataset = make_set(("a", "g", None), ("b", "h", None))
    with pytest.raises(DataError, match="2 groups cannot fill 3 parts"):
        split(dataset)
    with pytest.raises(DataError, match="2 groups cannot fill 5 parts"):
        folds(dataset)


@pytest.mark.parametrize(("val", "test"), [(-0.1, 0.2), (0.5, 0.5), (0.2, 1.0)])
def test_shares_that_make_no_sense(people, val, test):
    with pytest.raises(ParameterError):
        split(people, val, test)


@pytest.mark.parametrize(("k", "val"), [(1, 0.2), (5, 1.0), (5, -0.1)])
def test_folds_that_make_no_sense(people, k, val):
    with pytest.raises(ParameterError):
        folds(people, k, val)


def test_a_group_or_a_sample_on_two_sides_is_named(make_set):
    dataset = make_set(("a", "Ann", None), ("b", "Ann", None), ("c", None, None))
    none = np.array([], dtype=int)
    with pytest.raises(DataError, match=r"group Ann .* in both train and test"):
        require_disjoint(dataset, Fold("cut", np.array([0]), none, np.array([1])))
    with pytest.raises(DataError, match=r"sample 2 .* in both train and val"):
        require_disjoint(dataset, Fold("cut", np.array([2]), np.array([2]), none))
    require_disjoint(dataset, Fold("whole", np.array([0, 1]), none, np.array([2])))
