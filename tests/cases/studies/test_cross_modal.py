"""A space is learnt from pairs of other groups, and watched while it is."""

import numpy as np
import pytest
import torch

from mmteach.cases.studies.cross_modal import make_space, watch, within_speaker, zero_shot
from mmteach.errors import DataError
from mmteach.features import Vector
from mmteach.pipeline import Branch, Pipeline
from mmteach.train import ALIKE, Recipe
from mmteach.types import Sample


def pairs(n=90, groups="abc", seed=0):
    """Two views of three classes, the second turned: nothing but pairs says which belongs to which."""
    rng = np.random.default_rng(seed)
    out = []
    for i in range(n):
        x = rng.normal(size=(2, 5)).astype(np.float32) * 0.3
        x[0, i % 3] += 2
        x[1, (i + 1) % 3] += 2
        group = groups[i // 3 % len(groups)]
        out.append(Sample(f"{group}{i}", {"look": x[0], "sound": x[1]}, str(i % 3), group))
    return out


def pipeline(epochs=6):
    branches = {m: Branch(m, Vector(), encoder={"name": "mlp", "dim": 8, "hidden": 16}) for m in ("look", "sound")}
    return Pipeline(branches, recipe=Recipe(epochs=epochs, batch_size=15, learning_rate=0.02))


@pytest.fixture(scope="module")
def journey():
    seen = []
    found = watch(pipeline(), pairs(), pairs(30, "xy", 1), by_speaker=False, progress=seen.append)
    assert seen == list(found.epochs)
    return found


def test_a_journey_holds_every_epoch_and_the_time_before(journey):
    assert len(journey.places) == 7
    assert [row.number for row in journey.epochs] == [1, 2, 3, 4, 5, 6]
    for places in journey.places:
        for e in places.values():
            np.testing.assert_allclose(np.linalg.norm(e, axis=1), 1, atol=1e-5)
    assert "90 pairs" in journey.note
    assert "2 other speakers" in journey.note


def test_what_belongs_together_is_found_both_ways_and_was_not_before(journey):
    before, after = journey.retrieval(0), journey.retrieval()
    assert list(after) == ["look -> sound", "sound -> look"]
    for way, found in after.items():
        assert found.recall() > 0.9
        assert found.recall() > before[way].recall()
        assert found.chance() == pytest.approx(1 / 3)


def test_one_side_names_the_classes_of_the_other(journey):
    named = list(zero_shot(journey))
    assert {(n.queries, n.by) for n in named} == {("look", "sound"), ("sound", "look")}
    for n in named:
        assert n.accuracy > 0.9
        assert n.ci95[0] < n.accuracy <= n.ci95[1] + 1e-9
        assert n.chance == pytest.approx(1 / 3)


@pytest.mark.parametrize("alike", ALIKE)
def test_classes_are_asked_for_only_where_false_negatives_are_avoided(alike):
    train = pairs()
    found = watch(pipeline(1), train, pairs(30, "xy", 1), alike, by_speaker=False)
    others = [Sample(s.id, s.media, str(i // 3 % 3), s.group) for i, s in enumerate(train)]
    again = watch(pipeline(1), others, pairs(30, "xy", 1), alike, by_speaker=False)
    same = np.allclose(found.places[-1]["look"], again.places[-1]["look"])
    assert same == (alike == "wrong")


def test_the_same_group_on_both_sides_is_refused():
    with pytest.raises(DataError, match="'a' is in training and in the test"):
        watch(pipeline(1), pairs(), pairs(30, "ax", 1))


def test_nothing_is_fitted_on_the_test_part():
    spaces = [make_space(pipeline(), pairs())[0].state_dict() for _ in range(2)]
    assert all(np.array_equal(spaces[0][k], spaces[1][k]) for k in spaces[0])


def test_what_is_a_speakers_own_is_taken_away_without_labels():
    samples = pairs(12, "ab")
    loud = [Sample(s.id, s.media, None, s.group) for s in samples]
    pipe = pipeline()
    _, batch = make_space(pipe, samples)
    shift = torch.tensor([[5.0] if s.group == "a" else [0.0] for s in samples])
    moved = batch._replace(x={**batch.x, "sound": 3 * batch.x["sound"] + shift})
    plain, same = (within_speaker(b, loud, "sound") for b in (batch, moved))
    torch.testing.assert_close(plain.x["sound"], same.x["sound"], atol=1e-4, rtol=1e-4)
    assert torch.equal(plain.x["look"], batch.x["look"])
    for name in "ab":
        rows = torch.tensor([s.group == name for s in samples])
        torch.testing.assert_close(plain.x["sound"][rows].mean(0), torch.zeros(5), atol=1e-5, rtol=0)
