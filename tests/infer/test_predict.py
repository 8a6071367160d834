import numpy as np
import pytest
import torch

from mmteach.infer import embed, predict, softmax
from mmteach.infer.predict import run

RNG = np.random.default_rng(0)


def test_softmax_does_not_overflow():
    p = softmax(np.array([[1e4, 1e4, -1e4], [-1e5, 0, -1e5], [700, 710, 720]]))
    np.testing.assert_allclose(p[:2], [[0.5, 0.5, 0], [0, 1, 0]])
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_softmax_is_torch_s_and_does_not_mind_a_shift():
    z = RNG.normal(size=(5, 4))
    np.testing.assert_allclose(softmax(z), torch.from_numpy(z).softmax(dim=1).numpy())
    np.testing.assert_allclose(softmax(z + 100), softmax(z))


def test_temperature_makes_the_answer_less_sure_and_never_another():
    z = RNG.normal(size=(50, 4))
    np.testing.assert_allclose(softmax(z, 2.5), softmax(z / 2.5))
    assert (softmax(z, 5).max(axis=1) < softmax(z).max(axis=1)).all()
    assert (softmax(z, 5).argmax(axis=1) == z.argmax(axis=1)).all()


@pytest.fixture
def model(make_model):
    return make_model(a=torch.tensor([[1.0, 0], [0, 1], [0, 0]]), b=torch.tensor([[0.0], [1], [2]]))


@pytest.fixture
def batch(make_batch):
    generator = torch.Generator().manual_seed(0)
    return make_batch({"b": [1]}, a=torch.randn(7, 2, generator=generator), b=torch.randn(7, 1, generator=generator))


def test_run_in_parts_is_run_at_once(model, batch):
    whole, parts = run(model, batch), run(model, batch, size=3)
    assert set(whole) == {"logits", "fused", "embedding.a", "embedding.b", "unimodal.a", "unimodal.b"}
    for name, value in whole.items():
        np.testing.assert_array_equal(parts[name], value)
    assert whole["logits"].shape == (7, 3)
    assert not model.training


def test_embeddings_have_unit_length(model, batch):
    h = embed(model, batch)
    np.testing.assert_allclose(np.linalg.norm(h, axis=1), 1, rtol=1e-6)
    fused = run(model, batch)["fused"]
    np.testing.assert_allclose(h * np.linalg.norm(fused, axis=1, keepdims=True), fused, rtol=1e-5)


def test_a_prediction_names_the_most_probable_class(model, batch):
    found = predict(model, batch, ("x", "y", "z"), temperature=2.0)
    probs = softmax(run(model, batch)["logits"], 2.0)
    for prediction, id_, p in zip(found, batch.ids, probs, strict=True):
        assert prediction.id == id_
        assert prediction.label == "xyz"[p.argmax()]
        np.testing.assert_array_equal(prediction.probs, p)
        assert sum(prediction.contributions.values()) == pytest.approx(p.max() - 1 / 3)
    assert found[1].contributions["b"] == 0  # absent


def test_contributions_are_left_out_where_nobody_asked(model, batch):
    assert predict(model, batch, ("x", "y", "z"), contributions=False)[0].contributions == {}
