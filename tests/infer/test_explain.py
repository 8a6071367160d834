from itertools import permutations

import numpy as np
import pytest
import torch

from mmteach.batch import only
from mmteach.errors import ParameterError
from mmteach.infer import integrated_gradients, modality_shapley, occlusion, softmax
from mmteach.infer.predict import run

# modality shares


@pytest.fixture
def three(make_model, make_batch):
    """A model of three modalities, and five samples, of which two lack something."""
    g = torch.Generator().manual_seed(0)
    model = make_model(**{m: torch.randn(3, 2, generator=g) for m in "abc"})
    batch = make_batch({"a": [1], "b": [1, 2]}, **{m: torch.randn(5, 2, generator=g) for m in "abc"})
    return model, batch


def probs_of(model):
    return lambda batch: softmax(run(model, batch)["logits"])


def value(model, batch, names, row, target):
    """Probability of the target for one sample that has only these modalities; a guess where it has none."""
    part = only(batch, names)
    someone = any(bool(p[row]) for p in part.present.values())
    return probs_of(model)(part)[row, target] if someone else 1 / 3


def test_shares_are_the_mean_over_all_orders_of_arrival(three):
    model, batch = three
    target = np.array([0, 1, 2, 0, 1])
    shares = modality_shapley(probs_of(model), batch, target)
    for row in range(5):
        wanted = dict.fromkeys("abc", 0.0)
        for order in permutations("abc"):
            for i, m in enumerate(order):
                gain = value(model, batch, order[: i + 1], row, target[row]) - value(
                    model, batch, order[:i], row, target[row]
                )
                wanted[m] += gain / 6
        assert {m: v[row] for m, v in shares.items()} == pytest.approx(wanted, abs=1e-6)


def test_shares_sum_to_what_all_add_to_a_guess(three):
    model, batch = three
    target = np.array([2, 2, 1, 0, 0])
    shares = modality_shapley(probs_of(model), batch, target)
    everything = probs_of(model)(batch)[np.arange(5), target]
    np.testing.assert_allclose(sum(shares.values()), everything - 1 / 3, atol=1e-6)


def test_an_absent_modality_has_no_share(three):
    model, batch = three
    shares = modality_shapley(probs_of(model), batch, np.zeros(5, int))
    np.testing.assert_allclose(shares["a"][1], 0, atol=1e-9)
    np.testing.assert_allclose(shares["b"][[1, 2]], 0, atol=1e-9)
    assert (np.abs(shares["c"]) > 1e-6).all()


def test_a_modality_that_says_nothing_has_no_share(make_model, make_batch):
    """With weights of zero it leaves every probability as it is, and a guess a guess."""
    model = make_model(a=torch.randn(3, 2), dummy=torch.zeros(3, 2))
    shares = modality_shapley(
        probs_of(model), make_batch(a=torch.randn(4, 2), dummy=torch.randn(4, 2)), np.zeros(4, int)
    )
    np.testing.assert_allclose(shares["dummy"], 0, atol=1e-9)


def test_modalities_that_say_the_same_share_alike(make_model, make_batch):
    w, x = torch.randn(3, 2), torch.randn(4, 2)
    shares = modality_shapley(probs_of(make_model(a=w, b=w.clone())), make_batch(a=x, b=x.clone()), np.ones(4, int))
    np.testing.assert_allclose(shares["a"], shares["b"], atol=1e-9)


def test_too_many_modalities_get_a_sentence(make_batch):
    batch = make_batch(**{f"m{i}": torch.zeros(1, 1) for i in range(13)})
    with pytest.raises(ParameterError, match="13 modalities have 8192 subsets"):
        modality_shapley(lambda b: np.full((1, 2), 0.5), batch, np.zeros(1, int))


# pictures


@pytest.fixture
def corner(make_model, make_batch):
    """A picture of which only the block of rows 2-3 and columns 5-6 speaks, for class 1."""
    weights = torch.zeros(2, 8, 9)
    weights[1, 2:4, 5:7] = 2.0
    model = make_model(image=weights.flatten(1), words=torch.ones(2, 3))
    return model, make_batch(image=torch.ones(1, 1, 8, 9), words=torch.randn(1, 3))


def test_occlusion_finds_the_block_that_speaks(corner):
    drop = occlusion(*corner, "image", target=1, window=2, stride=1)
    assert drop.shape == (8, 9)
    block = np.zeros((8, 9), bool)
    block[2:4, 5:7] = True
    assert drop[block].min() > drop[~block].max()
    far = np.ones((8, 9), bool)
    far[1:5, 4:8] = False  # no window that touches the block reaches there
    np.testing.assert_allclose(drop[far], 0, atol=1e-7)


def test_occlusion_is_the_fall_of_the_probability(corner):
    model, batch = corner
    drop = occlusion(model, batch, "image", target=1, window=8, stride=8)
    hidden = batch._replace(x={**batch.x, "image": batch.x["image"].clone()})
    hidden.x["image"][..., :8] = 0
    fall = probs_of(model)(batch)[0, 1] - probs_of(model)(hidden)[0, 1]
    assert drop[0, 0] == pytest.approx(fall, abs=1e-6)
    other = occlusion(model, batch, "image", target=0, window=8, stride=8)
    np.testing.assert_allclose(other, -drop, atol=1e-6)  # with two classes, what one loses the other gains


def test_occlusion_hides_all_colours_at_once(make_model, make_batch):
    weights = torch.zeros(2, 3, 4, 4)
    weights[1, :, 0, 0] = torch.tensor([1.0, 2.0, -0.5])
    model, batch = make_model(image=weights.flatten(1)), make_batch(image=torch.ones(1, 3, 4, 4))
    drop = occlusion(model, batch, "image", target=1, window=1, stride=1)
    assert drop.shape == (4, 4)
    assert drop[0, 0] == pytest.approx(float(softmax(np.array([[0, 2.5]]))[0, 1]) - 0.5, abs=1e-6)


@pytest.mark.parametrize(("window", "stride"), [(0, 1), (9, 1), (2, 3), (2, 0)])
def test_a_window_that_does_not_fit_gets_a_sentence(corner, window, stride):
    with pytest.raises(ParameterError, match=f"window {window}, stride {stride}; needs"):
        occlusion(*corner, "image", 1, window, stride)


def test_integrated_gradients_add_up_to_the_difference(corner):
    model, batch = corner
    shares = integrated_gradients(model, batch, "image", target=1, n_steps=64)
    grey = batch._replace(x={**batch.x, "image": torch.zeros(1, 1, 8, 9)})
    difference = probs_of(model)(batch)[0, 1] - probs_of(model)(grey)[0, 1]
    assert shares.shape == (8, 9)
    assert shares.dtype == np.float32
    assert shares.sum() == pytest.approx(difference, abs=1e-4)
    outside = np.ones((8, 9), bool)
    outside[2:4, 5:7] = False
    assert (shares[outside] == 0).all()
    assert (shares[~outside] > 0.01).all()


def test_integrated_gradients_sum_over_colours(make_model, make_batch):
    weights = torch.zeros(2, 3, 4, 4)
    weights[1, :, 0, 0] = torch.tensor([1.0, 2.0, -0.5])
    model, batch = make_model(image=weights.flatten(1)), make_batch(image=torch.ones(1, 3, 4, 4))
    shares = integrated_gradients(model, batch, "image", target=1, n_steps=64)
    assert shares.shape == (4, 4)
    assert shares[0, 0] == pytest.approx(float(softmax(np.array([[0, 2.5]]))[0, 1]) - 0.5, abs=1e-4)


@pytest.mark.parametrize("explain", [occlusion, integrated_gradients])
def test_only_one_picture_can_be_explained(corner, make_batch, explain):
    model, batch = corner
    two = make_batch(image=torch.ones(2, 1, 8, 9), words=torch.ones(2, 3))
    for wrong, modality in ((batch, "words"), (batch, "sound"), (two, "image")):
        with pytest.raises(ParameterError, match="is not one picture"):
            explain(model, wrong, modality, 1)
