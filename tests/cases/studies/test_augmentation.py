"""Learning curves: nested sizes, nobody on two sides, views of training samples alone, gains by seed, and worth."""

import json

import numpy as np
import pytest
import torch

from mmteach.cases.studies import augmentation
from mmteach.cases.studies.augmentation import METHODS, Views, divide, evaluate, run, run_one, sizes_of, usual
from mmteach.cases.studies.augmentation_report import PLAIN, make_rows, worth
from mmteach.cases.studies.vectors import Vectors, vectors
from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError, ParameterError
from mmteach.types import Image


def faces(n=96, n_groups=16):
    """Small pictures with stripes that lie or stand, of people with an expression each."""
    rng, rows = np.random.default_rng(0), []
    for i in range(n):
        stripes = 100 * (np.indices((16, 16))[i % 2] // 4 % 2)
        pixels = rng.integers(0, 50, (16, 16)) + stripes
        media = {"image": Image(pixels.astype(np.uint8)), "landmarks": np.zeros((3, 2), np.float32)}
        rows.append(Row(f"s{i}", media, f"p{i % n_groups}", f"p{i % n_groups}", None, {"expression": "ab"[i % 2]}))
    return Dataset(rows, "made", note="made up")


@pytest.fixture(scope="module")
def v() -> Vectors:
    return vectors(usual(faces()))


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    monkeypatch.setattr(augmentation, "N_STEPS", 4)
    monkeypatch.setattr(augmentation, "MOST_SIZES", 2)


def test_faces_are_asked_for_the_expression_from_the_picture_alone():
    asked = usual(faces())
    assert asked.modalities == ("image",)
    assert asked.classes == ("a", "b")
    assert asked.note == "made up"
    texts = Dataset([Row("x", {"text": "good"}, "a")], "texts")
    assert usual(texts) is texts


def test_sizes_are_nested_balanced_and_of_other_people_than_the_test(v):
    views, groups = Views(v), dict(zip(v.ids, v.dataset.groups, strict=True))
    small, large = (divide(v, views, size, METHODS[PLAIN], 0) for size in (3, 6))
    assert set(small.train.ids) < set(large.train.ids)
    assert small.test.ids == large.test.ids
    assert torch.bincount(large.train.y).tolist() == [6, 6]
    assert {groups[i] for i in large.train.ids}.isdisjoint(groups[i] for i in large.test.ids)
    assert divide(v, views, 3, METHODS[PLAIN], 1).test.ids != small.test.ids


def test_views_are_of_training_samples_the_original_first_and_scaled_by_them(v):
    views = Views(v)
    parts = divide(v, views, 6, METHODS["augmented"], 0)
    plain = divide(v, views, 6, METHODS[PLAIN], 0)
    assert plain.views == {}
    assert torch.equal(parts.train.x["image"], plain.train.x["image"])
    assert torch.equal(parts.test.x["image"], plain.test.x["image"])
    assert torch.equal(parts.views["image"][:, 0], parts.train.x["image"])
    assert parts.views["image"].shape[:2] == (12, 1 + augmentation.N_VIEWS)
    assert not torch.equal(parts.views["image"][:, 1], parts.views["image"][:, 0])
    seen = {v.ids[row] for _, _, row in views._known}
    assert seen == set(parts.train.ids)
    again = divide(v, Views(v), 6, METHODS["augmented"], 0)
    assert torch.equal(again.views["image"], parts.views["image"])


def test_a_network_learns_what_is_there_and_repeats_itself(v, monkeypatch):
    monkeypatch.setattr(augmentation, "N_STEPS", 40)
    for name in ("augmented", "mixup"):
        parts = divide(v, Views(v), 12, METHODS[name], 0)
        values = [run_one(parts, 2, METHODS[name].recipe, 0) for _ in range(2)]
        assert values[0] == values[1] > 0.9


def test_all_methods_are_tried_and_the_report_says_what_was_found():
    report = evaluate(usual(faces()), 2)
    assert report.sizes == (3, 6)
    assert report.methods == list(METHODS)
    assert [r.model for r in report.rows][:3] == ["majority", "plain, 3 a class", "plain, 6 a class"]
    assert report.rows[0].value == 0.5
    told = json.loads(json.dumps(report.to_json()))
    row = next(r for r in told["rows"] if r["model"] == "mixup, 6 a class")
    assert row["value"] == pytest.approx(np.mean(row["seeds"]), abs=1e-5)
    base = next(r for r in told["rows"] if r["model"] == "plain, 6 a class")
    assert row["gain"] == pytest.approx(row["value"] - base["value"], abs=1e-5)
    assert "gain" not in base
    text = report.to_text()
    assert "made up" in text
    for name in METHODS:
        assert name in text
    assert "(95 % over 2 seeds)" in report.verdict()


def test_it_grows_step_by_step(v):
    steps = list(run(v, [3], [0, 1], [PLAIN, "mixup"]))
    assert len(steps) == 4
    assert {k: len(f) for k, f in steps[-1].found.items()} == {(PLAIN, 3): 2, ("mixup", 3): 2}


def test_too_few_samples_or_seeds_are_a_sentence():
    small = usual(faces(8, 8))
    with pytest.raises(DataError, match="a curve needs 6"):
        sizes_of(vectors(small), range(3))
    with pytest.raises(ParameterError, match="1 seed gives no interval"):
        evaluate(small, 1)


@pytest.mark.parametrize(
    ("value", "samples"), [(0.5, 6), (0.3, 3), (0.6, 12), (0.55, 6 * 2**0.5), (0.61, None), (0.45, 3 * 2**0.5)]
)
def test_worth_in_samples(value, samples):
    found = worth([3, 6, 12], [0.4, 0.5, 0.6], value)
    assert found is None if samples is None else found == pytest.approx(samples)


def test_a_curve_that_falls_is_taken_to_have_stayed():
    assert worth([3, 6, 12], [0.4, 0.3, 0.6], 0.5) == pytest.approx(6 * 2**0.5)


def test_gains_are_by_seed_and_only_what_is_beyond_chance_is_called_a_gain():
    found = {(PLAIN, 3): [0.2, 0.6], ("better", 3): [0.31, 0.7], ("noisy", 3): [0.5, 0.5]}
    rows = make_rows(found, {}, [3], 4)
    assert rows[2].further["gain"] == pytest.approx(0.105)
    report = augmentation.AugmentationReport(
        "augmentation", "x", "classify", "", "", 3, 3, rows, 0.0, 0, 2, (3,), tuple("abcd")
    )
    better, noisy = report.verdicts()
    assert "+10.5 points at 3" in better
    assert "noisy: no gain or loss beyond chance" in noisy


def test_a_step_takes_views_beside_originals_and_each_method_has_its_recipe(v, monkeypatch):
    told = {}
    monkeypatch.setattr(augmentation, "fit", lambda model, train, val, recipe, see: told.update(see=see, recipe=recipe))
    for name, method in METHODS.items():
        parts = divide(v, Views(v), 6, method, 0)
        run_one(parts, 2, method.recipe, 0)
        assert bool(told["recipe"].mixup) == (name == "mixup")
        assert (told["see"] is None) == (not method.views)
        if method.views:
            generator = torch.Generator().manual_seed(0)
            seen = [told["see"](parts.train, generator).x["image"] for _ in range(30)]
            same = torch.stack([(x == parts.train.x["image"]).all(dim=1) for x in seen]).float().mean()
            assert 0.1 < same < 0.35  # one in 1 + N_VIEWS
            assert torch.equal(told["see"](parts.train, generator).y, parts.train.y)
