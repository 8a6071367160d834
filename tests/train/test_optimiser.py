"""The optimiser of a recipe, and the parameters that ask for an eps of their own."""

import pytest
import torch
from torch import nn

from mmteach.models import BagEncoder
from mmteach.train import Recipe
from mmteach.train.loop import make_optimiser


def model_with(eps=1e-2):
    """A table whose rows want an eps of their own, and a layer that does not."""
    model = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 2))
    if eps is not None:
        model[0].weight.adam_eps = eps
    return model


def test_each_parameter_stands_in_the_group_of_its_eps():
    model = model_with()
    groups = make_optimiser(model, Recipe()).param_groups
    of_eps = {group["eps"]: group["params"] for group in groups}
    assert set(of_eps) == {1e-8, 1e-2}
    assert [id(p) for p in of_eps[1e-2]] == [id(model[0].weight)]
    assert [id(p) for p in of_eps[1e-8]] == [id(model[1].weight), id(model[1].bias)]


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
@pytest.mark.parametrize("eps", [1e-2, None])
def test_every_parameter_is_learnt_exactly_once(optimiser, eps):
    model = model_with(eps)
    groups = make_optimiser(model, Recipe(optimiser=optimiser)).param_groups
    assert sorted(id(p) for group in groups for p in group["params"]) == sorted(map(id, model.parameters()))


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
def test_all_groups_obey_the_recipe(optimiser):
    groups = make_optimiser(
        model_with(), Recipe(optimiser=optimiser, learning_rate=0.02, weight_decay=0.3)
    ).param_groups
    assert {(group["lr"], group["weight_decay"]) for group in groups} == {(0.02, 0.3)}


def test_sgd_knows_no_eps():
    optimiser = make_optimiser(model_with(), Recipe(optimiser="sgd"))
    assert isinstance(optimiser, torch.optim.SGD)
    assert len(optimiser.param_groups) == 1
    assert optimiser.param_groups[0]["momentum"] == 0.9


def moved(eps):
    """How far two numbers go: one that every step asks for, and one that every tenth step asks for."""
    table = nn.Embedding(2, 1)
    nn.init.zeros_(table.weight)
    if eps is not None:
        table.weight.adam_eps = eps
    optimiser = make_optimiser(table, Recipe(weight_decay=0.0, learning_rate=0.01))
    for step in range(100):
        rows = torch.tensor([0] if step % 10 else [0, 1])
        optimiser.zero_grad()
        (-1e-4 * table(rows)).sum().backward()  # the gradient is small, as where one text among many has the word
        optimiser.step()
    often, seldom = table.weight.detach()[:, 0].tolist()
    return often, seldom


def test_with_a_large_eps_a_rare_row_moves_by_its_share_of_the_gradient():
    often, seldom = moved(1e-2)
    assert 0.08 < seldom / often < 0.13
    often, seldom = moved(None)
    assert seldom / often > 0.25  # without it, a tenth of the occurrences counts like a third


def test_a_bag_of_n_grams_asks_for_a_large_eps():
    encoder = BagEncoder((-1, 2), n_tokens=5)
    of_eps = {group["eps"]: group["params"] for group in make_optimiser(encoder, Recipe()).param_groups}
    large = [eps for eps, parameters in of_eps.items() if any(p is encoder.table.weight for p in parameters)]
    assert large[0] > 1e-6
    assert any(p is encoder.bias for p in of_eps[1e-8])
