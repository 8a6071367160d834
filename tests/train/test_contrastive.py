"""The contrastive loss keeps its known values, and two encoders find one space."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from mmteach.errors import DataError, ParameterError
from mmteach.models.encoders import MLPEncoder
from mmteach.models.shared_space import LOG_SCALE_MOST, LOG_SCALE_START, SharedSpace
from mmteach.train import Recipe
from mmteach.train.contrastive import ALIKE, cosines, fit_space, info_nce, space_loss, train_space
from mmteach.types import Batch


def drawn(n=6, e=4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, e, generator=generator), torch.randn(n, e, generator=generator)


@pytest.mark.parametrize("n", [1, 2, 7, 32])
def test_identical_embeddings_cost_ln_n(n):
    same = torch.full((n, 3), 0.7)
    assert info_nce(same, same, LOG_SCALE_START).item() == pytest.approx(math.log(n), abs=1e-5)


def test_length_of_the_embeddings_does_not_matter_and_neither_does_which_side_is_first():
    a, b = drawn()
    one = info_nce(a, b, 2.0)
    torch.testing.assert_close(info_nce(100 * a, 0.01 * b, 2.0), one)
    torch.testing.assert_close(info_nce(b, a, 2.0), one)


def test_it_is_the_mean_of_two_cross_entropies():
    a, b = drawn()
    scores = torch.tensor(2.0).exp() * cosines(a, b)
    rows, columns = (F.cross_entropy(s, torch.arange(6)) for s in (scores, scores.T))
    torch.testing.assert_close(info_nce(a, b, 2.0), (rows + columns) / 2)


def test_the_scale_starts_at_the_papers_and_counts_as_100_at_most():
    a, b = drawn()
    space = SharedSpace({"one": MLPEncoder((4,), dim=3), "two": MLPEncoder((4,), dim=5)}, dim=2)
    assert space.scale == pytest.approx(1 / 0.07, rel=1e-3)
    assert math.exp(LOG_SCALE_MOST) == pytest.approx(100, rel=1e-3)
    torch.testing.assert_close(info_nce(a, b, 50.0), info_nce(a, b, LOG_SCALE_MOST))


def test_of_pairs_that_share_a_class_the_others_are_wrong_left_out_or_right():
    a, b = drawn(4)
    y = torch.tensor([0, 0, 1, 2])
    losses = {alike: info_nce(a, b, 1.0, y, alike) for alike in ALIKE}
    torch.testing.assert_close(losses["wrong"], info_nce(a, b, 1.0))
    scores = math.e * cosines(a, b)
    others = scores.clone()
    others[0, 1] = others[1, 0] = -torch.inf
    truth = torch.arange(4)
    left_out = (F.cross_entropy(others, truth) + F.cross_entropy(others.T, truth)) / 2
    torch.testing.assert_close(losses["left out"], left_out)
    share = (y[:, None] == y).float() / (y[:, None] == y).sum(1, keepdim=True)
    right = (F.cross_entropy(scores, share) + F.cross_entropy(scores.T, share)) / 2
    torch.testing.assert_close(losses["right"], right)


def test_where_all_classes_differ_it_is_the_same_loss_three_times():
    a, b = drawn()
    values = [info_nce(a, b, 2.0, torch.arange(6), alike).item() for alike in ALIKE]
    assert values == pytest.approx([values[0]] * 3)


@pytest.mark.parametrize(("y", "alike"), [(None, "right"), (torch.arange(6), "maybe")])
def test_what_it_cannot_do_is_a_sentence(y, alike):
    with pytest.raises(ParameterError, match="one of wrong, left out, right"):
        info_nce(*drawn(), 1.0, y, alike)


def paired(n=60, seed=0, absent=()):
    """Two views of three classes, one of them turned: what they share is the class, and a little of the pair."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 3
    x = {m: rng.normal(size=(n, 5)) * 0.3 for m in ("look", "sound")}
    for shift, m in enumerate(x):
        x[m][np.arange(n), (y + shift) % 5] += 2
    present = {m: torch.ones(n, dtype=torch.bool) for m in x}
    present["sound"][list(absent)] = False
    return Batch(
        tuple(map(str, range(n))),
        {m: torch.tensor(v, dtype=torch.float32) for m, v in x.items()},
        {},
        present,
        torch.tensor(y),
    )


def small_space(seed=0):
    torch.manual_seed(seed)
    return SharedSpace({m: MLPEncoder((5,), dim=8, hidden=16, dropout=0.0) for m in ("sound", "look")}, dim=4)


RECIPE = Recipe(epochs=8, batch_size=12, learning_rate=0.01)


@pytest.mark.parametrize("alike", ALIKE)
def test_two_encoders_find_one_space(alike):
    space, train, test = small_space(), paired(), paired(seed=1)
    before = space_loss(space, test, 12)
    epochs = fit_space(space, train, recipe=RECIPE, alike=alike)
    assert [row.number for row in epochs] == list(range(1, 9))
    assert epochs[-1].train_loss < epochs[0].train_loss
    assert space_loss(space, test, 12) < before
    with torch.inference_mode():
        found = space(test)
    nearest = cosines(found["sound"], found["look"]).argmax(dim=1)
    assert (test.y[nearest] == test.y).float().mean() > 0.9


def test_the_same_seed_gives_the_same_space():
    states = []
    for _ in range(2):
        space = small_space()
        fit_space(space, paired(), recipe=RECIPE)
        states.append(space.state_dict())
    assert all(torch.equal(states[0][k], states[1][k]) for k in states[0])


def test_every_parameter_learns_the_scale_among_them():
    space = small_space()
    a, b = space(paired()).values()
    info_nce(a, b, space.log_scale).backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in space.parameters())


def test_after_each_epoch_somebody_can_look_and_the_scale_never_passes_100():
    space, scales = small_space(), []
    with torch.no_grad():
        space.log_scale.fill_(4.6)
    for row in train_space(space, paired(), recipe=Recipe(epochs=3, batch_size=12, learning_rate=0.5)):
        assert not space.training
        scales.append(row.scale)
    assert len(scales) == 3
    assert max(scales) <= 100.01


def test_validation_keeps_the_best_epoch():
    space, val = small_space(), paired(seed=3)
    epochs = fit_space(space, paired(), val, RECIPE)
    assert space_loss(space, val, 12) == pytest.approx(min(row.val_loss for row in epochs))


def test_rows_without_a_side_are_left_out():
    space, batch = small_space(), paired(absent=range(40))
    row = next(train_space(space, batch, recipe=RECIPE))
    assert math.isfinite(row.train_loss)
    found = space(batch)["sound"]
    assert not bool(found[:40].any())
    assert found[40:].norm(dim=1).allclose(torch.ones(20))


def test_one_pair_is_no_contrast():
    with pytest.raises(DataError, match="1 of 60 samples have both sides"):
        next(train_space(small_space(), paired(absent=range(59))))


def test_a_third_modality_is_no_pair():
    batch = paired()
    one = batch._replace(present={"look": batch.present["look"]})
    with pytest.raises(DataError, match="pairs need two modalities"):
        next(train_space(small_space(), one))


def test_state_comes_back():
    space, twin = small_space(), small_space(1)
    twin.load_state_dict(space.state_dict())
    batch = paired()
    for m, e in space.eval()(batch).items():
        assert torch.equal(e, twin.eval()(batch)[m])
