"""The plan of an experiment: what is tested on what, said in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from mmteach.datasets.dataset import Dataset, natural_key
from mmteach.datasets.splits import Fold, folds, require_disjoint
from mmteach.errors import DataError, ParameterError

Task: TypeAlias = Literal["identify", "verify", "classify"]

N_RANDOM = 10  # splits of random<k>
PUBLISHED = ("published", "folds")  # without a number: the set's own
N_HALVES = 1  # splits where no protocol is named: a first answer soon


class Plan(NamedTuple):
    """The folds of an experiment.

    Parameters
    ----------
    note : what was split from what, in words; it belongs beside every result.
    """

    name: str
    note: str
    folds: list[Fold]


def plan(dataset: Dataset, task: Task, protocol: str | None = None, seed: int = 0) -> Plan:
    """Divide a set for a task.

    Parameters
    ----------
    task : "identify", who of the people seen in training is it; "verify", are two pictures the same person, asked
        of people never seen; "classify", which class, asked of groups never seen.
    protocol : identify: "first<k>", the first k of each person train and the rest test; "random<k>", k of each
        person train, 10 random splits. verify: "heldout<n>", the last n people test. classify: "folds<k>", groups
        dealt afresh; "published" (or "folds"), the set's own folds, its column `fold`. "split" is the set's own split
        column. By default the split column where there is one; else for identify half of each person at random; for
        verify the last quarter of the people; for classify the set's own folds where it has some, or 5 folds.

    Raises
    ------
    DataError : the set cannot be divided so.
    ParameterError : there is no such task or protocol.
    """
    if task not in PLANNERS:
        raise ParameterError(f"task is {task!r}; it can be {', '.join(PLANNERS)}")
    _require_classes(dataset)
    if task != "classify":
        _require_people(dataset)
    has_column = any(row.split for row in dataset.rows)
    if protocol == "split" or (protocol is None and has_column):
        return _by_column(dataset, task)
    if task == "classify" and (protocol in PUBLISHED or (protocol is None and len(_fold_names(dataset)) > 1)):
        return _by_own_folds(dataset)
    word, number = _parsed(protocol)
    if word not in WORDS[task] or (word and not number):
        offered = ", ".join(f"{name}<number>" for name in WORDS[task])
        own = " or published" if task == "classify" else ""
        raise ParameterError(f"protocol {protocol!r} does not fit the task {task}; it can be {offered} or split{own}")
    return PLANNERS[task](dataset, word, number, seed)


def _parsed(protocol: str | None) -> tuple[str, int]:
    """The word and the number of a protocol: "first5" -> ("first", 5); None -> ("", 0)."""
    found = re.fullmatch(r"([a-z]+)([1-9][0-9]{0,5})", protocol or "")
    return (found[1], int(found[2])) if found else (protocol or "", 0)


def _require_classes(dataset: Dataset) -> None:
    if not dataset.classes:
        raise DataError(f"no row of '{dataset.name}' has a label: fill in the label column")
    if len(dataset.classes) == 1:
        only = dataset.classes[0]
        raise DataError(f"every labelled row of '{dataset.name}' is {only!r}, one class; two are needed: add another")


def _require_people(dataset: Dataset) -> None:
    """Check that a label is a person: what lies in one group is of one label."""
    label_of: dict[str, str] = {}
    for row in dataset.rows:
        if row.group and row.label and label_of.setdefault(row.group, row.label) != row.label:
            raise DataError(
                f"group {row.group!r} of '{dataset.name}' has the labels {label_of[row.group]!r} and {row.label!r}: "
                "identify and verify need the person as label, for other labels the task is classify"
            )


def _by_column(dataset: Dataset, task: Task) -> Plan:
    """Obey the split column."""
    labelled = _labelled(dataset)
    parts = [np.flatnonzero(labelled & (dataset.splits == name)) for name in ("train", "val", "test")]
    fold = Fold("split column", *parts)
    for name, part in (("train", fold.train), ("test", fold.test)):
        if len(part) == 0:
            raise DataError(f"no row of '{dataset.name}' has the split {name}: mark some, or empty the split column")
    if task == "identify":
        note = "the set's own split column; the same people are in training and test, as identification needs"
        _require_known_classes(dataset, fold)
    else:
        require_disjoint(dataset, fold)
        known = any(row.group for row in dataset.rows)
        note = f"the set's own split column; {'no group stands on two sides' if known else 'no group is known'}"
        if task == "classify":
            _require_known_classes(dataset, fold)
    unused = len(dataset) - sum(map(len, parts))
    if unused:
        note += f"; {unused} rows without a split or a label are left out"
    return Plan("split", note, [fold])


def _by_own_folds(dataset: Dataset) -> Plan:
    """Test each of the set's own folds once; the others train."""
    names = _fold_names(dataset)
    if len(names) < 2:
        said = f"only the fold {names[0]!r}" if names else "no folds"
        raise DataError(f"'{dataset.name}' has {said}: fill in a column fold with two names or more, or ask for folds5")
    used = _labelled(dataset) & (_fold_column(dataset) != "")
    made = []
    for name in names:
        tested = _fold_column(dataset) == name
        train, test = np.flatnonzero(used & ~tested), np.flatnonzero(used & tested)
        made.append(Fold(f"fold {name}", train, np.array([], dtype=int), test))
        require_disjoint(dataset, made[-1])
        _require_known_classes(dataset, made[-1])
    note = f"the set's own folds, {len(names)}, each tested once"
    if any(row.group for row in dataset.rows):
        note += "; the groups of a test are never seen in training"
    if unused := len(dataset) - int(used.sum()):
        note += f"; {unused} rows without a fold or a label are left out"
    return Plan("folds", note, made)


def _fold_column(dataset: Dataset) -> np.ndarray:
    """np.ndarray [shape=(n,), str] : each sample's own fold, "" where it has none."""
    return np.array([str(row.meta.get("fold") or "") for row in dataset.rows])


def _fold_names(dataset: Dataset) -> list[str]:
    """The folds that hold a labelled sample, in natural order."""
    return sorted({*_fold_column(dataset)[_labelled(dataset)].tolist()} - {""}, key=natural_key)


def _labelled(dataset: Dataset) -> np.ndarray:
    """np.ndarray [shape=(n,), bool] : which samples have a label."""
    return np.array([row.label is not None for row in dataset.rows])


def _require_known_classes(dataset: Dataset, fold: Fold) -> None:
    unknown = sorted({*dataset.labels[fold.test].tolist()} - {*dataset.labels[fold.train].tolist()})
    if unknown:
        raise DataError(
            f"class {unknown[0]!r} is tested but never in training ({fold.name}; such classes: {len(unknown)}): give "
            "it samples to train on; where each group is one class, as with a folder a person, identify or verify"
        )


def _identify(dataset: Dataset, word: str, number: int, seed: int) -> Plan:
    people = _people(dataset)
    fewest = number + 1 if word else 2
    poor = [name for name, images in people.items() if len(images) < fewest]
    if poor:
        name = poor[0]
        raise DataError(
            f"{word + str(number) if word else 'identify'} needs at least {fewest} samples of each person, and "
            f"{name!r} has {len(people[name])} (such people: {len(poor)}): add more, or leave those people out"
        )
    rng = np.random.default_rng(seed)
    take = {name: number or len(images) // 2 for name, images in people.items()}
    if word == "first":
        made = [_each_person(people, take, "first " + str(number))]
        said = f"the first {number} samples of each person train, the rest test"
    else:
        n = N_RANDOM if word else N_HALVES
        splits = f"{n} random split{'s' if n > 1 else ''}"
        said = f"{number or 'half'} of each person's samples at random train, the rest test; {splits}"
        made = [
            _each_person({name: rng.permutation(images) for name, images in people.items()}, take, f"random {i + 1}")
            for i in range(n)
        ]
    note = f"each person's samples are split, every person is in training: {said}"
    return Plan(f"{word}{number}" if word else "random half", note, made)


def _each_person(people: dict[str, np.ndarray], take: dict[str, int], name: str) -> Fold:
    """Each person's first samples train, the rest test."""
    train = np.concatenate([images[: take[person]] for person, images in people.items()])
    test = np.concatenate([images[take[person] :] for person, images in people.items()])
    return Fold(name, np.sort(train), np.array([], dtype=int), np.sort(test))


def _people(dataset: Dataset) -> dict[str, np.ndarray]:
    """The positions of each person's samples, people in natural order."""
    labels = dataset.labels
    return {name: np.flatnonzero(labels == name) for name in sorted(dataset.classes, key=natural_key)}


def _verify(dataset: Dataset, word: str, number: int, seed: int) -> Plan:
    people = list(_people(dataset).items())
    if len(people) < 6:
        raise DataError(
            "verification needs at least 6 people, two to train on, two to choose the threshold and two to test; "
            f"'{dataset.name}' has {len(people)}: add people"
        )
    n_test = number or max(2, round(len(people) / 4))
    n_rest = len(people) - n_test
    if n_test < 2 or n_rest < 4:
        raise DataError(f"heldout{n_test} of {len(people)} people: hold out at least 2 and at most {len(people) - 4}")
    n_val = max(2, round(n_rest / 5))
    chosen = np.random.default_rng(seed).permutation(n_rest)
    picked = ([people[i] for i in sorted(chosen[n_val:])], [people[i] for i in sorted(chosen[:n_val])], people[n_rest:])
    fold = Fold(f"heldout {n_test}", *(np.concatenate([images for _, images in part]) for part in picked))
    require_disjoint(dataset, fold)
    note = (
        f"the people of the test are never seen before: {n_rest - n_val} people train, {n_val} others choose the "
        f"threshold, the last {n_test} ({people[n_rest][0]} to {people[-1][0]}) test"
    )
    return Plan(f"heldout{n_test}", note, [fold])


def _classify(dataset: Dataset, word: str, number: int, seed: int) -> Plan:
    labelled = np.flatnonzero(_labelled(dataset))
    known = dataset.subset(labelled)
    n_groups = len({row.group or i for i, row in enumerate(known.rows)})
    if n_groups < 2:
        raise DataError(f"all of '{dataset.name}' is one group; a test needs a group never seen: record another")
    groups_of: dict[str | None, set[str | int]] = {}
    for i, row in enumerate(known.rows):
        groups_of.setdefault(row.label, set()).add(row.group or i)
    k = number or max(2, min(5, *map(len, groups_of.values())))  # a class in 2 groups can be tested twice, not 5 times
    val = 0.2 if n_groups - -(-n_groups // k) >= 2 else 0.0
    made = []
    for fold in folds(known, k, val, seed):
        if not {*known.labels[fold.test]} <= {*known.labels[fold.train]}:
            fold = fold._replace(train=np.sort(np.concatenate([fold.train, fold.val])), val=fold.val[:0])
        _require_known_classes(known, fold)
        made.append(Fold(fold.name, *(labelled[part] for part in fold[1:])))
    what = "groups" if any(row.group for row in known.rows) else "samples (no group is known)"
    note = f"{k} folds; the {what} of a test are never seen in training"
    return Plan(f"folds{k}", note, made)


PLANNERS: dict[str, Callable[[Dataset, str, int, int], Plan]] = {
    "identify": _identify,
    "verify": _verify,
    "classify": _classify,
}
WORDS = {"identify": ("first", "random", ""), "verify": ("heldout", ""), "classify": ("folds", "")}
