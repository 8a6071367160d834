"""Who may see what, in which way a student is taught, and what the report makes of it; on vectors made in a moment."""

import json

import numpy as np
import pytest
import torch

from mmteach.cases.studies import transfer
from mmteach.cases.studies.transfer import WAYS, divide, evaluate, run, targets_for, teach, train_teacher, usual
from mmteach.cases.studies.transfer_parts import choose_labelled
from mmteach.cases.studies.transfer_report import (
    HARD,
    MEANS,
    SHUFFLED,
    SMOOTHED,
    TEACHER,
    TransferReport,
    beyond_chance,
    compare,
    make_rows,
)
from mmteach.cases.studies.vectors import vectors
from mmteach.datasets import Dataset, Row, folds
from mmteach.errors import DataError, ParameterError
from mmteach.train import entropy, soft_targets


def dataset(n=150, classes=("a", "b", "c"), modalities=("audio", "face"), n_groups=15):
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        label = i % len(classes)
        media = {m: (rng.normal(size=5) + (3.0 if m == "face" else 0.7) * label).astype(np.float32) for m in modalities}
        rows.append(Row(f"s{i}", media, classes[label], f"g{i % n_groups}"))
    return Dataset(rows, "made", note="made up")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(transfer, "N_FOLDS", 3)
    monkeypatch.setattr(transfer, "BIG", {"name": "mlp", "hidden": 6, "dim": 4})


@pytest.fixture
def v(monkeypatch):
    monkeypatch.setattr("mmteach.cases.studies.vectors.VoiceStatistics", lambda: np.stack)
    monkeypatch.setattr("mmteach.cases.studies.vectors.STEPS", {})
    return vectors(dataset())


@pytest.fixture
def parts(v):
    return divide(v, folds(v.dataset, 5, 0.2, 0)[0], None, 0)


def asked_of(v, **further):
    return usual(v.dataset)._replace(n_steps=4, **further)


# who learns from what


def test_a_voice_learns_from_a_face_by_default():
    assert usual(dataset())[:2] == (("face",), "audio")
    assert usual(dataset(modalities=("audio", "text")))[:2] == (("text",), "audio")
    assert usual(dataset(), ("audio", "face"), "face")[:2] == (("audio", "face"), "face")


def test_a_modality_that_is_not_there_is_a_sentence():
    with pytest.raises(DataError, match="has audio, face and no 'text'"):
        usual(dataset(), ("text",))
    with pytest.raises(DataError, match="has audio alone"):
        usual(dataset(modalities=("audio",)))


def test_nobody_stands_in_two_parts_and_scaling_is_learnt_in_training(v, parts):
    groups = dict(zip(v.ids, v.dataset.groups, strict=True))
    sides = [{groups[i] for i in part.ids} for part in parts[:3]]
    assert all(a.isdisjoint(b) for a, b in ((sides[0], sides[1]), (sides[0], sides[2]), (sides[1], sides[2])))
    torch.testing.assert_close(parts.train.x["face"].mean(dim=0), torch.zeros(5), atol=1e-4, rtol=0)


def test_labels_are_dealt_to_the_classes_in_turn(parts):
    chosen = choose_labelled(parts.train, 3, 20, 0)
    assert int(chosen.sum()) == 20
    assert sorted(torch.bincount(parts.train.y[chosen]).tolist()) == [6, 7, 7]
    assert bool(choose_labelled(parts.train, 3, None, 0).all())
    assert bool(choose_labelled(parts.train, 3, 10_000, 0).all())
    with pytest.raises(ParameterError, match="5 labels for 3 classes"):
        choose_labelled(parts.train, 3, 5, 0)


@pytest.mark.parametrize("way", WAYS)
def test_labels_that_may_not_be_used_reach_nobody(v, parts, way):
    asked = asked_of(v, n_labelled=30)
    some = parts._replace(labelled=choose_labelled(parts.train, 3, 30, 0))
    wrong = torch.where(some.labelled, some.train.y, (some.train.y + 1) % 3)
    answers = []
    for given in (some, some._replace(train=some.train._replace(y=wrong))):
        logits = transfer.logits_of(train_teacher(given, asked, 3, 0), given.train)
        answers.append(transfer.logits_of(teach(way, logits, given, asked, 0), given.test))
    torch.testing.assert_close(*answers)


def test_the_student_never_sees_what_the_teacher_sees(v, parts):
    asked = asked_of(v)
    student = teach(TEACHER, torch.randn(len(parts.train.ids), 3), parts, asked, 0)
    assert student.modalities == ("audio",)
    blind = parts.test._replace(x={**parts.test.x, "face": torch.full_like(parts.test.x["face"], 99.0)})
    torch.testing.assert_close(transfer.logits_of(student, parts.test), transfer.logits_of(student, blind))


# the controls


def test_the_controls_know_less_at_the_same_entropy(parts):
    logits = 6 * torch.randn(len(parts.train.ids), 3, generator=torch.Generator().manual_seed(0))
    soft, y = soft_targets(logits, 4.0), parts.train.y
    made = {way: targets_for(way, logits, parts, 4.0, 0) for way in WAYS[1:]}
    for way, targets in made.items():
        torch.testing.assert_close(targets.sum(dim=1), torch.ones(len(y)))
        assert entropy(targets) >= entropy(soft) - 1e-4
        assert way == MEANS or entropy(targets) == pytest.approx(entropy(soft), abs=1e-3)
    torch.testing.assert_close(made[TEACHER], soft)
    torch.testing.assert_close(made[SMOOTHED].argmax(dim=1), y)
    means = [t[y == 1].mean(dim=0) for t in (made[SHUFFLED], made[MEANS], soft)]
    torch.testing.assert_close(means[0], means[2])
    torch.testing.assert_close(means[1], means[2])
    assert not torch.allclose(made[SHUFFLED], soft)


# what is found


def test_every_sample_is_tested_once_a_seed_and_seeds_can_be_repeated(v):
    *_, results = run(v, asked_of(v), [0, 1], [HARD, TEACHER])
    for tested in results.tested:
        assert sorted(tested.tolist()) == list(range(150))
    *_, again = run(v, asked_of(v), [1], [HARD, TEACHER], n_folds=1)
    n = len(again.tested[0])
    assert 40 <= n <= 60
    for way in (HARD, TEACHER):
        np.testing.assert_array_equal(results.right[way][1][:n], again.right[way][0])


def test_the_report_says_it_all(v, monkeypatch):
    monkeypatch.setattr(transfer, "vectors", lambda _: v)
    monkeypatch.setattr(transfer, "N_FOLDS", 2)
    report = evaluate(v.dataset, asked_of(v), n_seeds=2)
    assert [r.model for r in report.rows] == ["majority", "the teacher itself (face)", *WAYS]
    told = json.loads(json.dumps(report.to_json()))
    assert told["rows"][0]["value"] == pytest.approx(1 / 3)
    assert told["rows"][2]["value"] == pytest.approx(np.mean(told["rows"][2]["seeds"]), abs=1e-6)
    assert told["verdict"] in report.to_text()
    assert "made up" in report.note
    with pytest.raises(ParameterError, match="1 seed gives no interval"):
        evaluate(v.dataset, n_seeds=1)


def test_differences_are_paired_over_seeds_and_over_people():
    groups = np.array(["p", "p", "q", "q"])
    one = [np.array([1, 1, 1, 0], bool), np.array([1, 1, 0, 0], bool)]
    other = [np.array([0, 1, 0, 0], bool), np.array([1, 0, 0, 0], bool)]
    found = compare(one, other, [np.arange(4), np.array([3, 2, 1, 0])], groups)
    assert found["seeds"] == [0.5, 0.25]
    assert found["gain"] == pytest.approx(0.375)
    # p: 1 of 2, then 0 of 2; q: 1 of 2, then 1 of 2
    half = 12.706 * np.std([0.25, 0.5], ddof=1) / 2**0.5
    assert found["ci95_groups"] == pytest.approx((max(-1, 0.375 - half), min(1, 0.375 + half)), abs=1e-3)


@pytest.mark.parametrize(
    ("seeds", "people", "said"),
    [
        ((0.01, 0.05), (0.01, 0.06), 1),
        ((0.01, 0.05), (-0.01, 0.06), 0),
        ((-0.01, 0.05), (0.01, 0.06), 0),
        ((-0.05, -0.01), (-0.06, -0.01), -1),
    ],
)
def test_a_difference_counts_where_both_intervals_agree(seeds, people, said):
    assert beyond_chance({"ci95": seeds, "ci95_groups": people}) == said


def told_of(accuracies):
    """The verdict where each way is right so often, in every group and with every seed."""
    n, groups = 100, np.repeat(np.arange(10), 10)
    right = {"teacher itself": [np.ones(n, bool)] * 3}
    right |= {way: [np.tile(np.arange(10) < a, 10)] * 3 for way, a in accuracies.items()}
    rows = make_rows(right, [np.arange(n)] * 3, groups, np.repeat(["a", "b"], 50), {}, "face")
    return TransferReport(
        "transfer", "x", "classify", "p", "", 80, n, rows, 1.0, 0, ("face",), "audio", 4.0, 0.5, None, 3, 10
    ).verdict()  # fmt: skip


def test_the_verdict_names_what_it_was():
    plain = dict.fromkeys(WAYS, 5)
    assert "no gain that is beyond chance here: +0.0" in told_of(plain)
    assert "makes a student that has audio alone worse: -10.0" in told_of(plain | {TEACHER: 4})
    assert "and it is the teacher" in told_of(plain | {TEACHER: 7})
    merely = told_of(plain | {TEACHER: 7, SMOOTHED: 7})
    assert "better than labels alone: +20.0" in merely
    assert "more than soft labels is not shown: against smoothed labels +0.0" in merely
    assert merely.endswith("Beyond chance over labels alone: smoothed labels +20.0 (95 % over 3 seeds +20.0 to +20.0, "
                           "over 10 groups +20.0 to +20.0).")  # fmt: skip
    assert "Beyond chance" not in told_of(plain | {TEACHER: 7})
