"""Frozen parts stay as they are in every way, and parts may learn at rates of their own."""

import copy

import pytest
import torch
from torch import nn

from mmteach.errors import ParameterError
from mmteach.models import ModelSpec, build_model
from mmteach.train import Recipe, Trainer, fit, freeze, seed_everything, slow_down, thaw, train_mode
from mmteach.types import Batch

RECIPE = Recipe(epochs=2, batch_size=8)


@pytest.fixture
def model():
    seed_everything(0)
    encoder = {"name": "mlp", "hidden": 6, "dim": 4, "dropout": 0.5}
    return build_model(ModelSpec({"face": (3,), "voice": (5,)}, 2, {"face": encoder, "voice": encoder}))


@pytest.fixture
def batch():
    generator, n = torch.Generator().manual_seed(0), 24
    x = {"face": torch.randn(n, 3, generator=generator), "voice": torch.randn(n, 5, generator=generator)}
    everyone = {m: torch.ones(n, dtype=torch.bool) for m in x}
    return Batch(tuple(map(str, range(n))), x, {}, everyone, torch.arange(n) % 2)


def changed(before, after):
    """First part of the names of what is no longer the same: parameters and running statistics."""
    return {".".join(k.split(".")[:2]) for k in before if not torch.equal(before[k], after[k])}


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
def test_what_is_frozen_stays_to_the_last_bit(model, batch, optimiser):
    freeze(model, "encoders.0")
    before = copy.deepcopy(model.state_dict())
    fit(model, batch, batch, Recipe(epochs=2, batch_size=8, optimiser=optimiser, weight_decay=0.5))
    moved = changed(before, model.state_dict())
    assert "encoders.0" not in moved  # nor have its running statistics
    assert "encoders.1" in moved
    assert any(name.startswith("head.") for name in moved)


def test_old_gradients_do_not_move_what_is_frozen_later(model, batch):
    trainer = Trainer(model, batch, None, RECIPE)
    trainer.epoch()
    freeze(model, "encoders")
    before = copy.deepcopy(model.encoders.state_dict())
    fit(model, batch, None, RECIPE)
    assert not changed(before, model.encoders.state_dict())


def test_training_mode_is_for_what_learns(model):
    freeze(model, "encoders.0")
    train_mode(model)
    assert not any(module.training for module in model.encoders[0].modules())  # dropout too
    assert all(module.training for module in model.encoders[1].modules())
    assert model.training
    thaw(model, "encoders.0")
    train_mode(model)
    assert all(module.training for module in model.modules())


def test_a_frozen_encoder_says_the_same_while_training(model, batch):
    freeze(model, "encoders.0")
    train_mode(model)
    one, other = (model(batch).embeddings["face"] for _ in range(2))
    torch.testing.assert_close(one, other)


def test_a_slow_part_takes_smaller_steps(model, batch):
    slow_down(model, {"encoders": 0.1, "encoders.1": 0.5})
    trainer = Trainer(model, batch, None, Recipe(epochs=1, batch_size=8, schedule="constant", learning_rate=0.02))
    row = trainer.epoch()
    rates = {id(p): g["lr"] for g in trainer.optimiser.param_groups for p in g["params"]}
    told = [{rates[id(p)] for p in part.parameters()} for part in (*model.encoders, model.head)]
    assert [sorted(t) for t in told] == [[pytest.approx(0.002)], [pytest.approx(0.01)], [pytest.approx(0.02)]]
    assert row.learning_rate == pytest.approx(0.02)


def test_a_tenth_of_the_rate_is_a_tenth_of_the_step(batch):
    steps = []
    for rate in (1.0, 0.1):
        torch.manual_seed(0)
        model = build_model(ModelSpec({"voice": (5,)}, 2, {"voice": {"name": "mlp", "dropout": 0.0}}))
        slow_down(model, {"encoders": rate})
        before = model.encoders[0].layers[1].weight.detach().clone()
        voices = batch._replace(x={"voice": batch.x["voice"]}, present={"voice": batch.present["voice"]})
        fit(
            model, voices, None, Recipe(epochs=1, batch_size=24, optimiser="sgd", weight_decay=0.0, schedule="constant")
        )
        steps.append(model.encoders[0].layers[1].weight.detach() - before)
    torch.testing.assert_close(steps[1], 0.1 * steps[0], rtol=1e-3, atol=1e-7)


def test_nothing_left_to_learn_is_a_sentence(model, batch):
    freeze(model, "encoders", "fusion", "heads", "head")
    with pytest.raises(ParameterError, match="every part of the model is frozen"):
        Trainer(model, batch, None, RECIPE)


def test_a_part_that_is_not_there_is_a_sentence(model):
    with pytest.raises(ParameterError, match=r"no part 'body' .* its parts are encoders"):
        freeze(model, "body")
    with pytest.raises(ParameterError, match="choose above 0, or freeze it"):
        slow_down(model, {"head": 0.0})
    with pytest.raises(ParameterError, match="no part '0'"):
        freeze(nn.Sequential(nn.ReLU()), "0")
