from itertools import combinations

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row, plan
from mmteach.errors import DataError, ParameterError


def folder_of_people(make_set, n_people, n_each):
    return make_set(*((f"s{p + 1}", f"s{p + 1}", None) for p in range(n_people) for _ in range(n_each)))


def test_first_takes_each_persons_first(make_set):
    made = plan(folder_of_people(make_set, 12, 10), "identify", "first5")
    (fold,) = made.folds
    assert made.name == "first5"
    assert (fold.train % 10 < 5).all()
    assert (fold.test % 10 >= 5).all()
    assert (len(fold.train), len(fold.val), len(fold.test)) == (60, 0, 60)
    assert "every person is in training" in made.note


def test_random_takes_k_of_each_person_ten_times(make_set):
    dataset = folder_of_people(make_set, 4, 10)
    made = plan(dataset, "identify", "random3", seed=1)
    assert len(made.folds) == 10
    assert len({fold.train.tobytes() for fold in made.folds}) == 10
    for fold in made.folds:
        assert np.unique(dataset.labels[fold.train], return_counts=True)[1].tolist() == [3] * 4
        assert sorted([*fold.train, *fold.test]) == list(range(40))
    again = plan(dataset, "identify", "random3", seed=1)
    assert [f.train.tolist() for f in again.folds] == [f.train.tolist() for f in made.folds]
    other = plan(dataset, "identify", "random3", seed=2)
    assert [f.train.tolist() for f in other.folds] != [f.train.tolist() for f in made.folds]


def test_identify_by_default_takes_half_of_each_person(make_set):
    made = plan(make_set(*(("ab"[i > 2], None, None) for i in range(8))), "identify")
    assert len(made.folds) == 1
    assert [(len(f.train), len(f.test)) for f in made.folds] == [(3, 5)]
    assert "half of each person's samples" in made.note


def test_identify_needs_two_of_each_person(make_set):
    dataset = make_set(("Ann", None, None), ("Ann", None, None), ("Bob", None, None))
    with pytest.raises(DataError, match="identify needs at least 2 samples of each person, and 'Bob' has 1"):
        plan(dataset, "identify")
    with pytest.raises(DataError, match="first2 needs at least 3 samples of each person, and 'Ann' has 2"):
        plan(dataset, "identify", "first2")


@pytest.mark.parametrize("task", ["identify", "verify", "classify"])
def test_one_class_or_none_gets_its_sentence(make_set, task):
    with pytest.raises(DataError, match="'Ann', one class"):
        plan(make_set(("Ann", None, None), ("Ann", None, None), (None, None, None)), task)
    with pytest.raises(DataError, match="has a label"):
        plan(make_set((None, "g", None)), task)


def test_verify_tests_the_last_people_in_natural_order(make_set):
    dataset = folder_of_people(make_set, 40, 3)
    made = plan(dataset, "verify")
    assert made.name == "heldout10"
    assert made.note.endswith("the last 10 (s31 to s40) test")
    (fold,) = made.folds
    people = [set(dataset.labels[part]) for part in fold[1:]]
    assert people[2] == {f"s{i}" for i in range(31, 41)}
    assert [len(names) for names in people] == [24, 6, 10]
    assert not people[0] & people[1]
    assert made.folds[0].val.tolist() != plan(dataset, "verify", seed=1).folds[0].val.tolist()


def test_verify_of_few_people(make_set):
    (fold,) = plan(folder_of_people(make_set, 6, 2), "verify").folds
    assert [len(part) for part in fold[1:]] == [4, 4, 4]
    for n_people, protocol in ((5, None), (40, "heldout37"), (40, "heldout1"), (8, "heldout9")):
        with pytest.raises(DataError, match=r"at least 6 people|hold out at least 2"):
            plan(folder_of_people(make_set, n_people, 2), "verify", protocol)


@pytest.mark.parametrize("task", ["identify", "verify"])
def test_labels_that_are_not_people(make_set, task):
    dataset = make_set(*((("glad", "sad")[i % 2], f"s{i // 4}", None) for i in range(32)))
    with pytest.raises(DataError, match=r"group 's0' of 'made' has the labels 'glad' and 'sad'.*classify"):
        plan(dataset, task)
    assert plan(dataset, "classify").name == "folds5"


def test_classify_never_tests_a_group_that_trained(make_set):
    dataset = make_set(*((f"mood{i % 3}", f"v{i // 6}", None) for i in range(60)))
    made = plan(dataset, "classify")
    assert made.name == "folds5"
    assert "groups of a test are never seen" in made.note
    for fold in made.folds:
        parts = [set(dataset.groups[part]) for part in fold[1:]]
        assert not any(a & b for a, b in combinations(parts, 2))
        assert all(parts)


def test_classify_leaves_out_what_has_no_label_and_says_when_no_group_is_known(make_set):
    dataset = make_set(*(((None, "a", "b")[i % 3], None, None) for i in range(60)))
    made = plan(dataset, "classify", "folds4")
    assert len(made.folds) == 4
    assert "no group is known" in made.note
    for fold in made.folds:
        assert None not in dataset.labels[np.concatenate(fold[1:])]
    assert sum(len(fold.test) for fold in made.folds) == 40


@pytest.mark.parametrize(("n_groups", "k"), [(2, 2), (3, 3), (4, 4), (9, 5)])
def test_classify_with_few_groups(make_set, n_groups, k):
    dataset = make_set(*(("ab"[i % 2], f"v{i // 4}", None) for i in range(4 * n_groups)))
    made = plan(dataset, "classify")
    assert len(made.folds) == k
    assert all(bool(len(fold.val)) == (n_groups > 2) for fold in made.folds)


def test_classify_with_one_group(make_set):
    with pytest.raises(DataError, match="one group"):
        plan(make_set(("a", "v", None), ("b", "v", None)), "classify")


def test_classify_where_each_group_is_a_class_points_to_the_right_task(make_set):
    with pytest.raises(DataError, match="identify or verify"):
        plan(folder_of_people(make_set, 10, 4), "classify")


def test_the_split_column_is_obeyed(make_set):
    rows = [("a", "1", "train"), ("b", "2", "train"), ("a", "3", "test"), ("b", "4", "val"), ("a", "5", None)]
    made = plan(make_set(*rows), "classify")
    assert [part.tolist() for part in made.folds[0][1:]] == [[0, 1], [3], [2]]
    assert "1 rows without a split or a label are left out" in made.note


def test_a_group_on_both_sides_of_the_split_column(make_set):
    dataset = make_set(*((f"s{i % 4}", f"s{i % 4}", "train" if i < 8 else "test") for i in range(16)))
    for task in ("classify", "verify"):
        with pytest.raises(DataError, match=r"group s0, group s1, group s2, \.\.\. \(4 in all\)"):
            plan(dataset, task)
    assert "the same people are in training and test" in plan(dataset, "identify").note
    assert len(plan(dataset, "identify", "first2").folds[0].test) == 8  # a protocol by name comes first


def test_a_split_column_without_a_test_part(make_set):
    with pytest.raises(DataError, match="has the split test"):
        plan(make_set(("a", "1", "train"), ("b", "2", "train")), "identify")


def test_a_split_column_that_tests_a_person_unknown_in_training(make_set):
    dataset = make_set(("a", "1", "train"), ("b", "2", "train"), ("c", "3", "test"))
    for task in ("identify", "classify"):
        with pytest.raises(DataError, match="class 'c' is tested but never in training"):
            plan(dataset, task)


@pytest.mark.parametrize(
    ("task", "protocol"),
    [
        *(("identify", protocol) for protocol in ("heldout3", "first", "first0", "first-1", "5", "folds5")),
        *(("verify", protocol) for protocol in ("first5", "Heldout3")),
        ("classify", "first5"),
    ],
)
def test_a_protocol_that_does_not_fit(make_set, task, protocol):
    with pytest.raises(ParameterError, match=f"{protocol}.* does not fit the task {task}"):
        plan(folder_of_people(make_set, 10, 4), task, protocol)


def test_a_task_that_does_not_exist(make_set):
    with pytest.raises(ParameterError, match="identify, verify, classify"):
        plan(folder_of_people(make_set, 10, 4), "guess")


@pytest.fixture
def set_with_folds():
    """Build a set in memory from (label, group, fold) of each sample."""

    def make(*rows):
        return Dataset(
            [
                Row(str(i), {"text": "x"}, label, group, meta={"fold": fold})
                for i, (label, group, fold) in enumerate(rows)
            ],
            "made",
        )

    return make


def test_classify_by_default_takes_the_sets_own_folds(set_with_folds):
    dataset = set_with_folds(*(("ab"[i % 2], f"g{i // 4}", str(i // 4 + 9)) for i in range(12)), ("a", "h", ""))
    made = plan(dataset, "classify")
    assert made.name == "folds"
    assert [fold.name for fold in made.folds] == ["fold 9", "fold 10", "fold 11"]
    assert [fold.test.tolist() for fold in made.folds] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    for fold in made.folds:
        assert sorted([*fold.train, *fold.test]) == list(range(12))
        assert len(fold.val) == 0
    for said in ("the set's own folds, 3", "never seen in training", "1 rows without a fold or a label are left out"):
        assert said in made.note
    for name in ("published", "folds"):
        assert plan(dataset, "classify", name).note == made.note
    assert "own folds" not in plan(dataset, "classify", "folds2").note  # dealt afresh


def test_own_folds_that_cut_a_group_or_lack_a_class(set_with_folds):
    with pytest.raises(DataError, match=r"group g0 .*both train and test"):
        plan(set_with_folds(*(("ab"[i % 2], "g0", str(i // 2)) for i in range(4))), "classify")
    with pytest.raises(DataError, match=r"class 'b' is tested but never in training \(fold 2"):
        plan(set_with_folds(("a", None, "1"), ("a", None, "1"), ("b", None, "2"), ("a", None, "2")), "classify")


def test_one_fold_or_none_is_asked_for_by_name_in_vain(make_set, set_with_folds):
    one = set_with_folds(*(("ab"[i % 2], f"g{i}", "all") for i in range(8)))
    assert plan(one, "classify").name == "folds4"
    with pytest.raises(DataError, match="only the fold 'all'"):
        plan(one, "classify", "published")
    with pytest.raises(DataError, match="'made' has no folds: fill in a column fold"):
        plan(make_set(("a", None, None), ("b", None, None)), "classify", "published")
    with pytest.raises(ParameterError, match="first<number>"):
        plan(folder_of_people(make_set, 10, 4), "identify", "published")


def test_a_split_column_comes_before_folds():
    rows = [Row(str(i), {"text": "x"}, "ab"[i % 2], None, "train" if i < 4 else "test", {"fold": str(i // 4)})
            for i in range(8)]  # fmt: skip
    made = plan(Dataset(rows, "made"), "classify")
    assert (made.name, len(made.folds)) == ("split", 1)
    assert "no group is known" in made.note
