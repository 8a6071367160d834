"""Counts, weights, the balanced order, SMOTE."""

import numpy as np
import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.train import (
    Recipe,
    Trainer,
    balanced_order,
    class_counts,
    effective_weights,
    inverse_weights,
    smote,
)
from mmteach.train.sampling import per_sample, training_batches
from mmteach.types import Batch

COUNTS = torch.tensor([1000, 100, 10])


def test_weights_are_inverse_to_counts_and_sum_to_their_number():
    w = inverse_weights(COUNTS)
    assert w.sum().item() == pytest.approx(3)
    assert (w[2] / w[0]).item() == pytest.approx(100, rel=1e-5)


def test_effective_number_goes_from_uniform_to_inverse():
    torch.testing.assert_close(effective_weights(COUNTS, 0.0), torch.ones(3))
    torch.testing.assert_close(effective_weights(COUNTS, 1 - 1e-9), inverse_weights(COUNTS), rtol=1e-4, atol=1e-5)
    between = effective_weights(COUNTS, 0.999)
    assert 1 < between[2] / between[0] < 100
    assert between.sum().item() == pytest.approx(3)
    with pytest.raises(ParameterError, match="beta is 1"):
        effective_weights(COUNTS, 1.0)


def test_per_sample_weights_average_1():
    w = per_sample(inverse_weights(COUNTS), COUNTS)
    assert ((w * COUNTS).sum() / COUNTS.sum()).item() == pytest.approx(1)


@pytest.mark.parametrize(("y", "n"), [([0, 2], 3), ([0, 1, 2], 2)])
def test_a_class_without_samples_or_beyond_the_model_is_a_sentence(y, n):
    with pytest.raises(ParameterError, match="at least one training sample"):
        class_counts(torch.tensor(y), n)


def test_the_balanced_order_is_balanced_in_expectation_and_obeys_its_generator():
    y = torch.tensor([0] * 900 + [1] * 90 + [2] * 10)
    draws = [balanced_order(y, 3, torch.Generator().manual_seed(s)) for s in range(20)]
    share = torch.bincount(y[torch.cat(draws)]) / (20 * 1000)
    torch.testing.assert_close(share, torch.full((3,), 1 / 3), atol=0.02, rtol=0)
    assert torch.equal(draws[3], balanced_order(y, 3, torch.Generator().manual_seed(3)))
    assert len(draws[0]) == len(y)


def test_the_sampler_leaves_samples_as_they_are(make_batch):
    batch = make_batch(40)
    seen = list(training_batches(batch, 8, torch.Generator().manual_seed(0), "balanced"))
    assert sum(len(b.ids) for b in seen) == 40
    for part in seen:
        rows = [int(i) for i in part.ids]
        assert torch.equal(part.y, batch.y[rows])
        assert torch.equal(part.x["vector"], batch.x["vector"][rows])


def unequal(n_rare=6):
    generator = torch.Generator().manual_seed(0)
    y = torch.tensor([0] * 30 + [1] * n_rare)
    x = {m: torch.randn(len(y), d, generator=generator) for m, d in (("a", 3), ("b", 2))}
    return Batch(tuple(map(str, range(len(y)))), x, {}, {m: torch.ones(len(y), dtype=torch.bool) for m in x}, y)


def test_smote_fills_up_with_points_on_segments_of_one_class():
    batch = unequal()
    more = smote(batch)
    assert torch.bincount(more.y).tolist() == [30, 30]
    assert all(torch.equal(more.x[m][:36], batch.x[m]) for m in batch.x)
    assert len(set(more.ids)) == 60
    old = torch.cat([batch.x["a"], batch.x["b"]], dim=1)[30:].double().numpy()
    new = torch.cat([more.x["a"], more.x["b"]], dim=1)[36:].double().numpy()
    for point in new:  # modalities move together: one u for both
        on = [
            np.allclose(point, a + u * (b - a), atol=1e-5) and -1e-6 <= u <= 1 + 1e-6
            for a in old
            for b in old
            if not np.array_equal(a, b)
            for u in [float((point - a) @ (b - a) / ((b - a) @ (b - a)))]
        ]
        assert any(on)


def test_smote_never_meets_validation_and_leaves_the_given_batch(make_model):
    batch = Batch(*unequal())
    batch = batch._replace(x={"other": batch.x["a"][:, :2], "vector": batch.x["b"]}, present={
        "other": batch.present["a"], "vector": batch.present["b"]
    })  # fmt: skip
    trainer = Trainer(make_model(), batch, batch, Recipe(sampler="smote"))
    assert len(trainer.train.ids) == 60
    assert trainer.val is batch
    assert len(batch.ids) == 36


def test_smote_refuses_what_it_cannot_mix():
    with pytest.raises(ParameterError, match="1 training sample"):
        smote(unequal(1))
    batch = unequal()
    batch.present["a"][3] = False
    with pytest.raises(ParameterError, match="a is not a vector that every"):
        smote(batch)
    batch = unequal()
    with pytest.raises(ParameterError, match="SMOTE mixes vectors"):
        smote(batch._replace(x={**batch.x, "a": batch.x["a"][:, :, None]}))


def test_smote_with_two_samples_uses_the_one_neighbour_there_is():
    assert torch.bincount(smote(unequal(2)).y).tolist() == [30, 30]


def test_the_loop_draws_as_its_recipe_says(make_model):
    batch = unequal(3)
    batch = batch._replace(
        x={"other": batch.x["a"][:, :2], "vector": batch.x["b"]},
        present={"other": batch.present["a"], "vector": batch.present["b"]},
    )
    share = {}
    for sampler in ("shuffle", "balanced"):
        seen = []
        recipe = Recipe(sampler=sampler, epochs=20)
        trainer = Trainer(make_model(), batch, None, recipe, lambda b, _, seen=seen: seen.extend(b.y.tolist()) or b)
        while not trainer.done:
            trainer.epoch()
        share[sampler] = np.mean(seen)
    assert share["shuffle"] < 0.15
    assert share["balanced"] == pytest.approx(0.5, abs=0.08)
