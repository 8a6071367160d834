"""Several losses and their gradients: known values, and identities with plain training."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.models import ModelSpec
from mmteach.models.multitask import build_multitask
from mmteach.train import Recipe
from mmteach.train.multitask import UNKNOWN, UncertaintyWeights, agreement, pcgrad, task_gradients, task_losses
from mmteach.train.multitask_loop import TaskTrainer, Weighing, fit_tasks, write_gradient


def seeded(n=0):
    return torch.Generator().manual_seed(n)


# gradients


def test_pcgrad_gives_the_known_value():
    given = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
    torch.testing.assert_close(pcgrad(given), torch.tensor([[0.5, 0.5], [0.0, 1.0]]))
    assert given.tolist() == [[1, 0], [-1, 1]]


def test_pcgrad_leaves_alone_who_agrees():
    g = torch.rand(3, 8, generator=seeded())  # all positive, so all inner products are
    torch.testing.assert_close(pcgrad(g), g)
    right = torch.eye(3)
    torch.testing.assert_close(pcgrad(right), right)


def test_two_that_conflict_stand_at_a_right_angle_afterwards():
    g = torch.randn(2, 9, generator=seeded(1))
    g[1] = -g[0] + 0.5 * g[1]
    out = pcgrad(g)
    assert g[0] @ g[1] < 0
    assert abs(float(out[0] @ g[1])) < 1e-5
    assert abs(float(out[1] @ g[0])) < 1e-5


def test_of_opposite_gradients_and_of_none_nothing_is_left():
    torch.testing.assert_close(pcgrad(torch.tensor([[2.0, 0.0], [-1.0, 0.0]])), torch.zeros(2, 2))
    zero = torch.tensor([[0.0, 0.0], [-1.0, 3.0]])
    torch.testing.assert_close(pcgrad(zero), zero)


def test_the_order_of_the_others_is_drawn_from_the_generator():
    g = torch.tensor([[1.0, 0.2, 0.0], [-1.0, 1.0, 0.3], [-0.6, -1.0, 0.1]])
    drawn = {tuple(pcgrad(g, seeded(i))[0].tolist()) for i in range(12)}
    assert len(drawn) == 2
    torch.testing.assert_close(pcgrad(g, seeded(3)), pcgrad(g, seeded(3)))


def test_agreement_is_the_cosine():
    assert agreement(torch.tensor([[1.0, 0.0], [3.0, 0.0]])) == pytest.approx(1)
    assert agreement(torch.tensor([[1.0, 0.0], [0.0, 2.0]])) == pytest.approx(0)
    assert agreement(torch.tensor([[1.0, 0.0], [-1.0, 1.0]])) == pytest.approx(-math.sqrt(0.5))
    assert agreement(torch.tensor([[1.0, 0.0], [1.0, 1.0], [-2.0, 0.0]])) == pytest.approx(-1)
    assert math.isnan(agreement(torch.tensor([[0.0, 0.0], [1.0, 0.0]])))


def test_task_gradients_are_those_of_backward():
    body, x = nn.Linear(3, 2), torch.randn(4, 3, generator=seeded())
    h = body(x)
    losses = torch.stack([h[:, 0].square().mean(), h[:, 1].sin().mean()])
    found = task_gradients(losses, list(body.parameters()))
    assert found.shape == (2, 8)
    for row, loss in zip(found, losses, strict=True):
        body.zero_grad()
        loss.backward(retain_graph=True)
        torch.testing.assert_close(row, torch.cat([body.weight.grad.flatten(), body.bias.grad]))
    write_gradient(list(body.parameters()), found[0])
    torch.testing.assert_close(body.weight.grad.flatten(), found[0][:6])


# losses and learnt weights


def test_a_loss_looks_at_labelled_samples_alone():
    z = torch.randn(5, 3, generator=seeded(), requires_grad=True)
    y = torch.tensor([0, 2, UNKNOWN, 1, UNKNOWN])
    found = task_losses({"a": z, "b": z}, {"a": y, "b": torch.full((5,), UNKNOWN)})
    torch.testing.assert_close(found[0], F.cross_entropy(z, y, ignore_index=UNKNOWN))
    assert found[1] == 0
    found.sum().backward()
    assert bool(z.grad.isfinite().all())
    assert bool((z.grad[2] == 0).all())


def test_the_best_s_is_ln_l():
    weigh, losses = UncertaintyWeights(3), torch.tensor([0.2, 1.0, 3.0])
    assert float(weigh(losses).detach()) == pytest.approx(float(losses.sum()))  # s = 0: weights of 1
    with torch.no_grad():
        weigh.s.copy_(losses.log())
    weigh(losses).backward()
    torch.testing.assert_close(weigh.s.grad, torch.zeros(3), atol=1e-6, rtol=0)
    assert float(weigh(losses).detach()) == pytest.approx(float((1 + losses.log()).sum()))
    here = float(weigh(losses).detach())
    with torch.no_grad():
        weigh.s.add_(0.1)
    assert float(weigh(losses).detach()) > here


# the loop


@pytest.fixture
def made(make_batch):
    """A model of two vectors, and two tasks: one that can be learnt, one whose labels are drawn by lot."""
    batch = make_batch(24)
    torch.manual_seed(3)
    encoders = {m: {"name": "mlp", "dim": 4, "hidden": 6, "dropout": 0.0} for m in ("other", "vector")}
    spec = ModelSpec({"other": (2,), "vector": (2,)}, 2, encoders, {"name": "concat", "dim": 5})
    y = {"easy": batch.y, "lot": torch.randint(0, 3, (24,), generator=seeded(5))}
    return build_multitask(spec, {"easy": 2, "lot": 3}), batch, y


def plain_step(model, batch, y, weights):
    """The same by hand: class weights 1 / n, one backward of the weighted sum, SGD."""
    model.train()
    logits, total = model(batch), 0
    for (task, z), w in zip(logits.items(), weights, strict=True):
        counts = torch.bincount(y[task])
        total = total + w * (F.cross_entropy(z, y[task], reduction="none") / counts[y[task]]).sum() / len(counts)
    total.backward()
    return [p.grad.clone() for p in model.parameters()]


@pytest.mark.parametrize("weights", [(1.0, 1.0), (0.3, 0.7), (1.0, 0.0)])
def test_fixed_weights_are_the_gradient_of_the_weighted_sum(made, weights):
    model, batch, y = made
    wanted = plain_step(copy.deepcopy(model), batch, y, weights)
    trainer = TaskTrainer(model, y, Weighing("fixed", weights), Recipe(learning_rate=1e-6), 1)
    trainer.step(batch, torch.arange(24))
    for found, right in zip((p.grad for p in model.parameters()), wanted, strict=True):
        torch.testing.assert_close(found, right, atol=1e-6, rtol=1e-4)


def test_pcgrad_changes_the_body_and_not_the_heads(made):
    model, batch, y = made
    twin = copy.deepcopy(model)
    y["lot"] = y["easy"]
    y["easy"] = 1 - y["easy"]  # the same question with the opposite answer
    model.heads[1] = copy.deepcopy(model.heads[0])
    twin.heads[1] = copy.deepcopy(twin.heads[0])
    for one, method in ((model, "fixed"), (twin, "pcgrad")):
        TaskTrainer(one, y, Weighing(method), Recipe(learning_rate=1e-6), 1).step(batch, torch.arange(24))
    for a, b in zip(model.heads.parameters(), twin.heads.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)
    differ = [not torch.allclose(a.grad, b.grad) for a, b in zip(model.shared(), twin.shared(), strict=True)]
    assert any(differ)


def test_a_task_of_weight_0_teaches_nothing(made):
    model, batch, y = made
    before = copy.deepcopy(model.heads[1].state_dict())
    fit_tasks(model, batch, y, Weighing("fixed", (1.0, 0.0)), Recipe(epochs=3, weight_decay=0, batch_size=8))
    for name, value in model.heads[1].state_dict().items():
        torch.testing.assert_close(value, before[name])


def test_what_cannot_be_learnt_comes_to_weigh_less(made):
    model, batch, y = made
    recipe = Recipe(epochs=60, learning_rate=1e-2, batch_size=8)
    history = fit_tasks(model, batch, y, Weighing("uncertainty"), recipe)
    assert len(history.losses) == len(history.cosines) == len(history.s) == 180
    easy, lot = history.s[-1]
    assert easy < lot
    assert history.losses[-1][0] < history.losses[0][0]
    assert all(-1 - 1e-5 <= c <= 1 + 1e-5 for c in history.cosines)


@pytest.mark.parametrize("method", ["fixed", "uncertainty", "pcgrad"])
def test_the_same_seed_gives_the_same_run(made, method):
    model, batch, y = made
    runs = [
        fit_tasks(copy.deepcopy(model), batch, y, Weighing(method), Recipe(epochs=2, batch_size=8)) for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert (runs[0].s == []) == (method != "uncertainty")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Weighing("magic"), "known are fixed, uncertainty, pcgrad"),
        (Weighing("fixed", (1.0,)), "2 tasks need as many"),
        (Weighing("fixed", (1.0, -1.0)), "0 or more"),
        (Weighing("fixed", (0.0, 0.0)), "not all 0"),
    ],
)
def test_wrong_weighings_are_a_sentence(made, how, said):
    with pytest.raises(ParameterError, match=said):
        fit_tasks(made[0], made[1], made[2], how)


def test_a_task_without_labels_and_a_loss_that_explodes_are_sentences(made):
    model, batch, y = made
    with pytest.raises(ParameterError, match="'lot' has no labelled sample"):
        fit_tasks(model, batch, {**y, "lot": torch.full((24,), UNKNOWN)})
    batch.x["vector"][0] = math.nan
    with pytest.raises(ParameterError, match=r"a loss became \[nan"):
        fit_tasks(model, batch, y)
