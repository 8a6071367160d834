"""Long tails, parts that share nobody, intervals, the leak; on vectors that are made in a moment."""

import json

import numpy as np
import pytest
import torch

from mmteach.cases.studies import imbalance
from mmteach.cases.studies.imbalance import PLAIN, REMEDIES, evaluate, recalls, run, without
from mmteach.cases.studies.imbalance_parts import divide, long_tail
from mmteach.cases.studies.imbalance_report import make_rows
from mmteach.cases.studies.vectors import hashed, vectors
from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError, ParameterError
from mmteach.infer import interval_over_seeds


def dataset(n=240, classes=("a", "b", "c"), modalities=("face", "voice"), n_groups=20, name="made"):
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        label = i % len(classes)
        media = {m: (rng.normal(size=6) + 2.0 * label).astype(np.float32) for m in modalities}
        rows.append(Row(f"s{i}", media, classes[label], f"g{i % n_groups}"))
    return Dataset(rows, name, note="made up")


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    monkeypatch.setattr(imbalance, "N_STEPS", 6)


def test_a_tail_falls_off_exponentially():
    assert long_tail(100, 3, 25) == [100, 20, 4]
    assert long_tail(100, 2, 50) == [100, 2]
    assert long_tail(100, 4, 1) == [100] * 4


@pytest.mark.parametrize(
    ("n", "ratio", "said"),
    [
        (100, 0.5, "ratio is 0.5; it must lie between 1"),
        (100, 1001, "ratio is 1001"),
        (100, float("nan"), "ratio is nan"),
        (75, 50, "ratio 50 leaves 1.5 of 75 .* ask for a ratio of 37 or less"),
    ],
)
def test_a_ratio_that_cannot_be_is_a_sentence(n, ratio, said):
    with pytest.raises(ParameterError, match=said):
        long_tail(n, 3, ratio)


def test_only_training_is_thinned_and_no_group_stands_in_two_parts():
    v = vectors(dataset())
    parts = divide(v, 10, 0)
    assert parts.counts.tolist() == long_tail(int(parts.counts[0]), 3, 10)
    groups = dict(zip(v.ids, v.dataset.groups, strict=True))
    sides = [{groups[i] for i in part.ids} for part in parts[:3]]
    assert all(a.isdisjoint(b) for a, b in ((sides[0], sides[1]), (sides[0], sides[2]), (sides[1], sides[2])))
    whole = divide(v, 1, 0)
    assert parts.test.ids == whole.test.ids
    assert parts.val.ids == whole.val.ids
    assert set(parts.train.ids) < set(whole.train.ids)


def test_scaling_is_learnt_from_the_thinned_training_part():
    parts = divide(vectors(dataset()), 10, 0)
    for x in parts.train.x.values():
        torch.testing.assert_close(x.mean(dim=0), torch.zeros(6), atol=1e-4, rtol=0)


def test_another_seed_is_another_division():
    v = vectors(dataset())
    assert divide(v, 10, 0).train.ids == divide(v, 10, 0).train.ids
    assert divide(v, 10, 0).test.ids != divide(v, 10, 1).test.ids


def test_recall_of_each_class():
    z = torch.tensor([[1.0, 0], [1.0, 0], [1.0, 0], [0, 1.0]])
    np.testing.assert_allclose(recalls(z, torch.tensor([0, 0, 1, 1])), [1.0, 0.5])


def test_one_class_or_one_modality_is_a_sentence():
    with pytest.raises(DataError, match="1 class with all of face, voice; an imbalance needs two"):
        vectors(dataset(classes=("a",)))
    with pytest.raises(DataError, match="one modality"):
        without(vectors(dataset(modalities=("face",))), "plain", [0.0], 0)
    with pytest.raises(ParameterError, match="1 seed gives no interval"):
        evaluate(dataset(), 5, 1)


def test_samples_that_lack_a_modality_or_a_label_are_left_out():
    made = dataset(60)
    rows = list(made.rows)
    rows[0] = Row("lacks", {"face": rows[0].media["face"]}, "a", "g0")
    rows[1] = Row("nameless", rows[1].media, None, "g1")
    assert len(vectors(Dataset(rows, "gaps")).ids) == 58


def test_classes_stand_in_order_of_frequency_then_name():
    rows = [Row(f"s{i}", {"text": f"word{i}"}, label, None) for i, label in enumerate("bbbaacc")]
    assert vectors(Dataset(rows, "texts")).classes == ("b", "a", "c")


def test_hashed_texts_have_unit_length_and_do_not_depend_on_each_other():
    one = hashed(["Not bad at all"])
    both = hashed(["Not bad at all", "一点也不差"])
    np.testing.assert_array_equal(one[0], both[0])
    np.testing.assert_allclose(np.linalg.norm(both, axis=1), 1, rtol=1e-5)
    assert not np.array_equal(hashed(["not bad"]), hashed(["bad not"]))


def test_all_remedies_are_tried_and_the_report_says_what_was_found():
    report = evaluate(dataset(), 10, 2)
    assert [r.model for r in report.rows] == ["majority", *REMEDIES]
    assert report.rows[0].value == pytest.approx(1 / 3)
    told = json.loads(json.dumps(report.to_json()))
    best = told["rows"][2]
    assert set(best["recall"]) == {"a", "b", "c"}
    assert best["value"] == pytest.approx(np.mean(best["seeds"]), abs=1e-5)
    assert best["value"] == pytest.approx(np.mean(list(best["recall"].values())), abs=1e-5)
    assert "gain" not in told["rows"][1]
    assert told["counts"]["a"] > told["counts"]["b"] > told["counts"]["c"]
    assert [r["model"][:5] for r in told["leak"]] == ["leaky", "the s"]
    text = report.to_text()
    assert "over plain cross-entropy (95 % over 2 seeds" in text
    assert "would have reported" in text
    assert "made up" in text


def test_adjusting_afterwards_trains_nothing_and_moves_answers_to_the_rare():
    v = vectors(dataset())
    *_, results = run(v, 10, [0], (PLAIN, "adjusted afterwards"))
    plain, adjusted = (results.recall[n][0] for n in (PLAIN, "adjusted afterwards"))
    assert adjusted[2] >= plain[2]
    assert adjusted[0] <= plain[0]


def test_the_same_seeds_give_the_same_numbers():
    v = vectors(dataset())
    a, b = ([r.recall for r in run(v, 10, [3], (PLAIN, "class weights"))][-1] for _ in range(2))
    assert all(np.array_equal(a[k], b[k]) for k in a)


def test_without_a_modality():
    v = vectors(dataset())
    for remedy in imbalance.MODALITY_REMEDIES:
        found = without(v, remedy, [0.0, 1.0], 0)
        assert set(found) == {"face", "voice"}
        np.testing.assert_array_equal(found["face"][0], found["voice"][0])  # nothing hidden
    hidden = without(v, "plain", [0.0], 0, missing_in_training=0.9)
    assert hidden["face"][0].shape == (3,)


def test_the_interval_is_student_s():
    low, high = interval_over_seeds([0.70, 0.72, 0.71, 0.69, 0.73])
    half = 2.776 * np.std([0.70, 0.72, 0.71, 0.69, 0.73], ddof=1) / 5**0.5
    assert (high - low) / 2 == pytest.approx(half, rel=1e-3)
    assert interval_over_seeds([0.5]) == (0, 1)
    assert interval_over_seeds([0.99, 1.0, 0.9])[1] == 1


def test_gains_are_paired_by_seed():
    recall = {PLAIN: [np.array([0.2, 0.4]), np.array([0.6, 0.8])], "x": [np.array([0.3, 0.5]), np.array([0.7, 0.9])]}
    row = make_rows(("a", "b"), recall, {}, PLAIN)[2]
    assert row.further["gain"] == pytest.approx(0.1)
    assert row.further["gain_ci95"] == pytest.approx((0.1, 0.1))
