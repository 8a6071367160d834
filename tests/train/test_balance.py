"""OGM-GE, gradient blending, hidden modalities."""

import numpy as np
import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.features import Vector
from mmteach.pipeline import Branch, Pipeline
from mmteach.train import GradientBlending, OgmGe, Recipe, Trainer, blend, fit, hide_modality, modulate, modulation
from mmteach.train.balance import JOINT, changes, confidence, head_losses
from mmteach.types import Output, Sample

# OGM-GE


def test_modulation_known_values():
    k = modulation({"audio": 0.6, "text": 0.4}, alpha=0.8)  # rho 1.5 and 0.67
    assert k["audio"] == pytest.approx(0.1663, abs=5e-5)
    assert k["text"] == 1.0


@pytest.mark.parametrize("scores", [{"a": 0.5, "b": 0.5}, {"a": 0.7}, {}, {"a": 0.3, "b": 0.3, "c": 0.3}])
def test_who_is_not_ahead_is_left_alone(scores):
    assert all(k == 1.0 for k in modulation(scores, 0.8).values())


def test_of_three_the_one_ahead_of_the_mean_of_the_others_is_slowed():
    k = modulation({"a": 0.9, "b": 0.3, "c": 0.6}, 0.5)
    assert k["a"] == pytest.approx(1 - np.tanh(0.5 * 0.9 / 0.45))
    assert k["b"] == k["c"] == 1.0


def test_confidence_is_the_mean_probability_of_the_truth_where_the_modality_is(make_batch):
    batch = make_batch(3)
    batch.present["other"][0] = False
    z = torch.tensor([[3.0, 0], [0.0, 0], [0.0, 0]])
    found = confidence(Output(z, {}, {"other": z, "vector": z}, z), batch._replace(y=torch.tensor([0, 0, 1])))
    assert found["other"] == pytest.approx(0.5)
    assert found["vector"] == pytest.approx((1 / (1 + np.exp(-3)) + 1) / 3)


def test_modulated_gradients_are_scaled_and_get_noise_of_their_own_deviation():
    layer = torch.nn.Linear(300, 200)
    generator = torch.Generator().manual_seed(0)
    before = 5 + 2 * torch.randn(200, 300, generator=generator)
    layer.weight.grad, layer.bias.grad = before.clone(), torch.ones(200)
    modulate(layer, 0.25, generator)
    noise = layer.weight.grad - 0.25 * before
    assert noise.mean().item() == pytest.approx(0, abs=0.05)
    assert noise.std().item() == pytest.approx(2, rel=0.02)
    torch.testing.assert_close(layer.bias.grad, torch.full((200,), 0.25))


def test_the_loop_slows_the_encoder_that_is_ahead_and_no_other(make_model, make_batch, monkeypatch):
    slowed = []
    monkeypatch.setattr("mmteach.train.balance.modulate", lambda e, k, g: slowed.append((e, k)))
    model = make_model()
    trainer = Trainer(model, make_batch(40), None, Recipe(balance="ogm_ge", epochs=1))
    trainer.epoch()
    assert isinstance(trainer.balance, OgmGe)
    assert slowed
    assert {id(e) for e, _ in slowed} <= {id(e) for e in model.encoders}
    assert all(0 < k < 1 - np.tanh(0.8) for _, k in slowed)
    assert sorted(trainer.balance.factors) == ["other", "vector"]
    ahead = max(trainer.balance.factors, key=lambda m: trainer.balance.factors[m] == 1)
    assert trainer.balance.factors[ahead] == 1


# gradient blending


def test_blending_known_values():
    w = blend({"a": 0.3, "b": 0.1}, {"a": 0.2, "b": 0.4})
    assert w == pytest.approx({"a": 0.923, "b": 0.077}, abs=5e-4)


def test_blending_gives_nothing_to_who_gained_nothing_and_survives_no_gap():
    assert blend({"a": 0.1, "b": -0.2}, {"a": 0.1, "b": 0.1}) == {"a": 1.0, "b": 0.0}
    assert blend({"a": -0.1, "b": 0.0}, {"a": 0.1, "b": 0.1}) == {}
    w = blend({"a": 0.1, "b": 0.1}, {"a": 0.0, "b": 0.01})
    assert w == {"a": 0.5, "b": 0.5}


def test_changes_are_of_validation_loss_and_of_the_overfit_gap():
    gains, gaps = changes(({"a": 1.0}, {"a": 1.2}), ({"a": 0.4}, {"a": 0.9}))
    assert gains["a"] == pytest.approx(0.3)  # validation loss 1.2 -> 0.9
    assert gaps["a"] == pytest.approx(0.3)  # gap 0.2 -> 0.5


def test_head_losses_are_each_head_s_cross_entropy_on_who_has_it(make_model, make_batch):
    model, batch = make_model().eval(), make_batch(10)
    batch.present["other"][:4] = False
    found, out = head_losses(model, batch), model(batch)
    assert found[JOINT] == pytest.approx(torch.nn.functional.cross_entropy(out.logits, batch.y).item(), rel=1e-5)
    wanted = torch.nn.functional.cross_entropy(out.unimodal["other"][4:], batch.y[4:])
    assert found["other"] == pytest.approx(wanted.item(), rel=1e-5)


def test_shares_begin_equal_sum_to_1_and_weigh_the_losses():
    blending = GradientBlending(Recipe())
    joint, own = torch.tensor(3.0), {"a": torch.tensor(1.0), "b": torch.tensor(2.0)}
    assert blending.total(joint, own).item() == pytest.approx(2.0)
    blending.shares = {JOINT: 0.5, "a": 0.5, "b": 0.0}
    assert blending.total(joint, own).item() == pytest.approx(2.0)
    assert blending.total(joint, {"b": own["b"]}).item() == pytest.approx(3.0)


def test_the_loop_finds_shares_on_validation_and_needs_one(make_model, make_batch):
    recipe = Recipe(balance="blend", epochs=6, learning_rate=0.01)
    trainer = Trainer(make_model(dropout=0.0), make_batch(60), make_batch(20, seed=1), recipe)
    while not trainer.done:
        trainer.epoch()
    assert set(trainer.balance.shares) == {JOINT, "other", "vector"}
    assert sum(trainer.balance.shares.values()) == pytest.approx(1)
    with pytest.raises(ParameterError, match="give a validation part"):
        fit(make_model(), make_batch(20), None, recipe)


# missing


def test_a_hidden_modality_is_gone_for_the_asked_share_and_nobody_loses_everything(make_batch):
    batch = make_batch(50)
    batch.present["other"][:10] = False
    found = hide_modality(batch, "vector", 0.5, torch.Generator().manual_seed(0))
    lost = ~found.present["vector"]
    assert (found.x["vector"][lost] == 0).all()
    assert torch.equal(found.x["vector"][~lost], batch.x["vector"][~lost])
    assert found.present["vector"][:10].all()
    assert 15 <= int(lost.sum()) <= 25
    assert batch.present["vector"].all()


def test_hiding_none_is_the_identity_and_more_hides_the_same_and_others(make_batch):
    batch = make_batch(50)
    none, some, more = (
        hide_modality(batch, "vector", s, torch.Generator().manual_seed(0)).present["vector"] for s in (0, 0.2, 0.6)
    )
    assert none.all()
    assert int((~some).sum()) == 10
    assert (more <= some).all()


@pytest.mark.parametrize(("name", "share"), [("smell", 0.5), ("vector", 1.5), ("vector", -0.1)])
def test_hiding_what_is_not_there_is_a_sentence(make_batch, name, share):
    with pytest.raises(ParameterError, match="known are other, vector"):
        hide_modality(make_batch(), name, share, torch.Generator())


# the recipe, and saved with a pipeline


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"class_weights": "n"}, "class_weights is 'n'; known are none, inverse, effective"),
        ({"class_weights": ["none"]}, "class_weights is"),
        ({"sampler": "os.system"}, "sampler is 'os.system'; known are shuffle, balanced, smote"),
        ({"balance": None}, "balance is None; known are none, ogm_ge, blend"),
        ({"reweight_from": 1.5}, "reweight_from is 1.5; it must lie between 0 and 1"),
        ({"reweight_from": float("nan")}, "reweight_from is nan"),
    ],
)
def test_a_wrong_choice_gets_a_sentence(wrong, said):
    with pytest.raises(ParameterError, match=said):
        Recipe(**wrong)


def test_a_pipeline_keeps_its_recipe_and_one_of_before_still_loads(tmp_path):
    rng = np.random.default_rng(0)
    samples = [
        Sample(f"s{i}", {"vector": (rng.normal(size=4) + 3 * (i % 4 == 0)).astype(np.float32)}, "ab"[i % 4 == 0])
        for i in range(40)
    ]
    branch = Branch("vector", Vector(), encoder={"name": "mlp", "hidden": 8, "dim": 4})
    recipe = Recipe(epochs=2, loss="focal", class_weights="effective", sampler="balanced", balance="ogm_ge")
    pipeline = Pipeline({"vector": branch}, recipe=recipe)
    pipeline.fit(samples)
    again = Pipeline.load(pipeline.save(tmp_path / "model"))
    assert again.recipe == recipe
    np.testing.assert_allclose(again.predict(samples)[0].probs, pipeline.predict(samples)[0].probs, atol=1e-6)
    before = {k: v for k, v in vars(Recipe()).items() if k not in ("class_weights", "sampler", "balance")}
    assert Recipe(**before) == Recipe()
