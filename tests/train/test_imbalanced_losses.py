"""Focal, logit adjustment, LDAM, class weights: their identities and known values."""

import math

import pytest
import torch
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.train import Objective, Recipe, Trainer, adjust_logits, fit, focal, ldam, logit_adjusted, margins
from mmteach.train.losses import LOSSES, choose_loss, cross_entropy
from mmteach.types import Output

COUNTS = torch.tensor([900, 90, 10])


def examples(n=30, c=3, scale=4.0):
    generator = torch.Generator().manual_seed(0)
    return scale * (2 * torch.rand(n, c, generator=generator) - 1), torch.zeros(n, 1), torch.arange(n) % c


def test_focal_without_gamma_is_cross_entropy():
    z, h, y = examples()
    torch.testing.assert_close(focal(z, h, y, gamma=0.0), F.cross_entropy(z, y))


def test_focal_known_value():
    z = torch.tensor([[0.9, 0.1]]).log()
    assert focal(z, None, torch.tensor([0])).item() == pytest.approx(0.001054, abs=1e-6)


def test_focal_has_a_finite_slope_where_the_answer_is_certain():
    z = torch.tensor([[60.0, -60.0]], requires_grad=True)
    focal(z, None, torch.tensor([0]), gamma=0.5).backward()
    assert z.grad.isfinite().all()


def test_logit_adjustment_without_tau_or_with_a_uniform_prior_is_cross_entropy():
    z, h, y = examples()
    plain = F.cross_entropy(z, y)
    torch.testing.assert_close(logit_adjusted(z, h, y, COUNTS, tau=0.0), plain)
    torch.testing.assert_close(logit_adjusted(z, h, y, torch.tensor([7, 7, 7])), plain)
    torch.testing.assert_close(adjust_logits(z, COUNTS, tau=0.0), z)


def test_logit_adjustment_by_hand():
    """Equal logits and shares of .9 and .1: the probability in training is the share itself."""
    loss = logit_adjusted(torch.zeros(1, 2), None, torch.tensor([1]), torch.tensor([90, 10]))
    assert loss.item() == pytest.approx(-math.log(0.1))
    z = adjust_logits(torch.log(torch.tensor([[0.9, 0.1]])), torch.tensor([90, 10]))
    assert z[0, 0].item() == pytest.approx(z[0, 1].item())  # nothing but the prior was known


def test_ldam_without_margin_is_cross_entropy():
    z, h, y = examples(scale=1.0)
    torch.testing.assert_close(ldam(z, h, y, COUNTS, margin=0.0, scale=1.0), F.cross_entropy(z, y))


def test_the_margin_of_ldam_falls_with_the_fourth_root():
    found = margins(torch.tensor([1000, 10]))
    assert (found[1] / found[0]).item() == pytest.approx(3.162, abs=5e-4)
    assert found.max().item() == pytest.approx(0.5)


def test_ldam_by_hand():
    """Cosines .5 and 0 and a margin of .5 for the rarer class: a coin toss."""
    z = 8 * torch.tensor([[0.5, 0.0]])
    loss = ldam(z, None, torch.tensor([0]), torch.tensor([10, 1000]), scale=8.0)
    assert loss.item() == pytest.approx(math.log(2), rel=1e-5)
    with pytest.raises(ParameterError, match="choose head 'cosine'"):
        ldam(3 * z, None, torch.tensor([0]), torch.tensor([10, 1000]), scale=8.0)


@pytest.mark.parametrize("name", ["cross_entropy", "focal", "logit_adjusted", "ldam", "arcface"])
def test_class_weights_multiply_each_sample_s_loss(name):
    z, h, y = examples(scale=1.0)
    weight = torch.tensor([0.5, 1.0, 7.0])
    one = choose_loss(name, COUNTS)
    wanted = sum(weight[y[i]] * one(z[[i]], h[[i]], y[[i]]) for i in range(len(y))) / len(y)
    torch.testing.assert_close(choose_loss(name, COUNTS, weight)(z, h, y), wanted)


def test_weighted_cross_entropy_is_torch_s_sum_over_the_batch():
    z, h, y = examples()
    weight = torch.tensor([0.2, 1.0, 3.0])
    torch.testing.assert_close(cross_entropy(z, h, y, weight), F.cross_entropy(z, y, weight, reduction="sum") / len(y))


def test_a_loss_that_needs_counts_says_so():
    with pytest.raises(ParameterError, match="ldam must know how many"):
        choose_loss("ldam")


# in the loop


def rare(make_batch, n_rare=3):
    """60 samples of class 0 and a few of class 1."""
    batch = make_batch(60)
    y = torch.zeros(60, dtype=torch.int64)
    y[:n_rare] = 1
    return batch._replace(y=y)


def out(z):
    return Output(z, {}, {}, z)


def test_counts_come_from_the_training_part_alone(line, make_batch):
    train, val = rare(make_batch), make_batch(20, seed=1)
    trainer = Trainer(line, train, val, Recipe(loss="logit_adjusted"))
    assert trainer.objective.counts.tolist() == [57, 3]
    assert Trainer(line, train, val, Recipe()).objective.counts is None


def test_a_training_sample_weighs_1_on_average(make_batch):
    train = rare(make_batch)
    weight = Objective(Recipe(class_weights="inverse"), train).weight
    assert weight[train.y].mean().item() == pytest.approx(1)
    assert (weight[1] / weight[0]).item() == pytest.approx(57 / 3)


def test_reweighting_begins_late(make_batch):
    batch = rare(make_batch)
    z = torch.randn(60, 2, generator=torch.Generator().manual_seed(0))
    late = Objective(Recipe(class_weights="inverse", reweight_from=0.8), batch)
    plain, weighted = (late.parts(out(z), batch, progress)[0] for progress in (0.79, 0.8))
    torch.testing.assert_close(plain, F.cross_entropy(z, batch.y))
    torch.testing.assert_close(weighted, cross_entropy(z, None, batch.y, late.weight))


@pytest.mark.parametrize(
    "change", [{"loss": "logit_adjusted"}, {"class_weights": "effective"}, {"sampler": "balanced"}]
)
def test_validation_judges_every_class_alike_and_without_prior(line, make_batch, change):
    batch = rare(make_batch)
    loss, _ = Trainer(line, batch, batch, Recipe(**change)).measure(batch)
    z = line(batch).logits.detach()
    wanted = (F.cross_entropy(z[:3], batch.y[:3]) + F.cross_entropy(z[3:], batch.y[3:])) / 2
    assert loss == pytest.approx(wanted.item(), rel=1e-5)


def test_a_plain_recipe_is_judged_as_before(line, make_batch):
    batch = rare(make_batch)
    loss, _ = Trainer(line, batch, batch, Recipe()).measure(batch)
    assert loss == pytest.approx(F.cross_entropy(line(batch).logits, batch.y).item(), rel=1e-5)


def test_a_class_without_a_sample_is_a_sentence(line, make_batch):
    batch = make_batch(12)
    with pytest.raises(ParameterError, match="class 0 does not fit"):
        Trainer(line, batch._replace(y=torch.ones(12, dtype=torch.int64)), None, Recipe(class_weights="inverse"))


@pytest.mark.parametrize(
    "change",
    [
        {"class_weights": "inverse"},
        {"class_weights": "effective"},
        {"sampler": "balanced"},
        {"sampler": "smote"},
        {"loss": "logit_adjusted"},
        {"loss": "focal", "class_weights": "inverse"},
        {"loss": "ldam", "class_weights": "inverse", "reweight_from": 0.5},
    ],
    ids=str,
)
def test_every_remedy_finds_more_of_the_rare_class_than_plain_cross_entropy(make_model, change):
    generator = torch.Generator().manual_seed(0)
    y = (torch.arange(208) >= 200).long()
    x = {m: torch.randn(208, 2, generator=generator) + 1.2 * y[:, None] for m in ("other", "vector")}
    from mmteach.types import Batch

    batch = Batch(tuple(map(str, range(208))), x, {}, {m: torch.ones(208, dtype=torch.bool) for m in x}, y)

    def recall(**recipe):
        model = make_model("concat", "cosine" if recipe.get("loss") == "ldam" else "linear", dropout=0.0)
        fit(model, batch, recipe=Recipe(epochs=8, learning_rate=0.02, weight_decay=0.0, **recipe))
        return (model(batch).logits.argmax(1)[y == 1] == 1).float().mean().item()

    assert recall(**change) > recall()


def test_the_names_are_known():
    assert {"focal", "ldam", "logit_adjusted"} <= set(LOSSES)
