"""Who is frozen, who is slow, and that nobody of the test was met before."""

import numpy as np
import pytest
import torch

from mmteach.cases.studies import finetune
from mmteach.cases.studies.finetune import ALIKE, AS_IT_IS, FROZEN, SCRATCH, SLOW, WAYS, between, prepare, run
from mmteach.cases.studies.vectors import vectors
from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError
from mmteach.models import ModelSpec, build_model
from mmteach.train import Recipe
from mmteach.train.loop import make_optimiser


@pytest.fixture
def v(monkeypatch):
    monkeypatch.setattr(finetune, "FIRST", Recipe(2, unimodal=0.0))
    monkeypatch.setattr(finetune, "THEN", Recipe(2, 16, unimodal=0.0))
    rng = np.random.default_rng(0)
    rows = [
        Row(f"s{i}", {"vector": (rng.normal(size=4) + i % 2).astype(np.float32)}, "ab"[i % 2], f"g{i // 10}",
            meta={"language": "en" if i < 100 else "zh"})
        for i in range(160)
    ]  # fmt: skip
    return vectors(Dataset(rows, "made"))


def test_no_voice_stands_in_two_parts_and_each_part_has_one_language(v):
    first, then = between(v, "language", "en", 0)
    group = dict(zip(v.ids, v.dataset.groups, strict=True))
    language = {row.id: row.meta["language"] for row in v.dataset.rows}
    parts = [*first[:3], *then[:3]]
    sides = [{group[i] for i in part.ids} for part in parts]
    assert sum(len(s) for s in sides) == len(set().union(*sides))
    assert [{language[i] for i in part.ids} for part in parts] == [{"en"}] * 3 + [{"zh"}] * 3


def test_both_are_scaled_by_the_first_training_part(v):
    first, then = between(v, "language", "en", 0)
    torch.testing.assert_close(first.train.x["vector"].mean(dim=0), torch.zeros(4), atol=1e-5, rtol=0)
    row = list(v.ids).index(then.test.ids[0])
    mean, deviation = (
        f(v.x["vector"][[list(v.ids).index(i) for i in first.train.ids]], axis=0) for f in (np.mean, np.std)
    )
    wanted = (v.x["vector"][row] - mean) / deviation
    np.testing.assert_allclose(then.test.x["vector"][0], wanted, rtol=1e-3, atol=1e-4)


def test_each_way_lets_learn_what_it_says():
    model = build_model(ModelSpec({"vector": (4,)}, 2, {"vector": {"name": "mlp"}}))
    rates = {}
    for way in (FROZEN, SLOW, ALIKE):
        made = prepare(model, way)
        names = {id(p): name.split(".")[0] for name, p in made.named_parameters()}
        groups = make_optimiser(made, Recipe()).param_groups
        rates[way] = {names[id(p)]: g["rate"] for g in groups for p in g["params"]}
    assert "encoders" not in rates[FROZEN]
    assert rates[FROZEN]["head"] == 1.0
    assert (rates[SLOW]["encoders"], rates[SLOW]["head"]) == (0.1, 1.0)
    assert set(rates[ALIKE].values()) == {1.0}
    assert all(p.requires_grad for p in model.parameters())  # the trained one itself is left alone


def test_all_ways_are_tried_with_every_seed(v):
    *_, found = run(v, [0, 1], 8)
    assert {way: len(x) for way, x in found.items()} == dict.fromkeys(WAYS, 2)
    *_, again = run(v, [1], 8)
    assert all(again[way][0] == found[way][1] for way in (SCRATCH, AS_IT_IS))


def test_a_language_that_is_not_there_is_a_sentence(v):
    with pytest.raises(DataError, match="0 samples of 'fr' and 160 others"):
        between(v, "language", "fr", 0)
