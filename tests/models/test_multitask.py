"""One body, several heads: what is shared, that everything learns, that it comes back."""

import dataclasses

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.models.multitask import build_multitask

TASKS = {"who": 5, "mood": 3}


@pytest.mark.parametrize("fusion", ["concat", "gated", "tensor", "low_rank"])
def test_every_parameter_gets_a_gradient_and_the_state_comes_back(make_spec, make_batch, fusion):
    model, batch = build_multitask(make_spec(fusion), TASKS), make_batch(image=[1])
    logits = model(batch)
    assert {task: z.shape for task, z in logits.items()} == {"who": (6, 5), "mood": (6, 3)}
    sum(z.square().sum() for z in logits.values()).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())
    torch.manual_seed(1)
    twin = build_multitask(make_spec(fusion), TASKS)
    twin.load_state_dict(model.state_dict())
    model.eval(), twin.eval()
    for task, z in model(batch).items():
        torch.testing.assert_close(twin(batch)[task], z)


def test_body_and_heads_together_are_the_whole_model(make_spec):
    model = build_multitask(make_spec(), TASKS)
    shared, own = {id(p) for p in model.shared()}, {id(p) for p in model.heads.parameters()}
    assert shared.isdisjoint(own)
    assert shared | own == {id(p) for p in model.parameters()}


def test_a_task_more_costs_a_head_and_no_body(make_spec):
    one, two = (sum(p.numel() for p in build_multitask(make_spec(), t).parameters()) for t in ({"who": 5}, TASKS))
    assert two - one == (128 + 1) * 3


def test_an_unused_head_sends_the_body_nothing(make_spec, make_batch):
    model = build_multitask(make_spec(), TASKS)
    model(make_batch())["who"].sum().backward()
    assert all(p.grad is None for p in model.heads[1].parameters())
    assert all(p.grad is not None for p in model.shared())


@pytest.mark.parametrize(
    ("tasks", "fusion", "said"),
    [
        ({}, "concat", "no task was named"),
        ({"who": 1, "mood": 3}, "concat", "task 'who' has 1 classes"),
        (TASKS, "late", "'late' joins logits"),
        (TASKS, "attention", "'attention' joins sequences"),
    ],
)
def test_what_cannot_be_built_is_a_sentence(make_spec, tasks, fusion, said):
    with pytest.raises(ParameterError, match=said):
        build_multitask(make_spec(fusion), tasks)


def test_the_spec_s_own_classes_do_not_matter(make_spec):
    spec = dataclasses.replace(make_spec(), n_classes=7)
    assert build_multitask(spec, TASKS).heads[1].linear.out_features == 3
