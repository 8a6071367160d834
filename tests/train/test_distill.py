"""Distillation: its identities, the soft targets without a teacher, and a student that learns from them."""

import math

import pytest
import torch
from torch.nn import functional as F

from mmteach.batch import take
from mmteach.errors import ParameterError
from mmteach.train import (
    Distillation,
    Objective,
    Recipe,
    class_means,
    cross_entropy,
    distil,
    distillation,
    entropy,
    fit,
    logits_of,
    share_of_entropy,
    shuffled_within_class,
    smoothed_labels,
    soft_targets,
)


@pytest.fixture
def logits():
    generator = torch.Generator().manual_seed(0)
    return 3 * torch.randn(6, 4, generator=generator), 2 * torch.randn(6, 4, generator=generator)


# the loss


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0, 20.0])
def test_equal_logits_cost_nothing_nor_does_a_shift(logits, temperature):
    student = logits[0].double()
    targets = soft_targets(student, temperature)
    assert distillation(student, targets, temperature).item() == pytest.approx(0, abs=1e-5)
    assert distillation(student + 7, targets, temperature).item() == pytest.approx(0, abs=1e-4)


def test_at_high_temperature_it_is_half_the_centred_squared_difference_over_c(logits):
    student, teacher = (z.double() for z in logits)
    difference = student - teacher
    centred = difference - difference.mean(dim=1, keepdim=True)
    wanted = (centred**2).sum(dim=1).mean() / (2 * 4)
    torch.testing.assert_close(distillation(student, soft_targets(teacher, 1e3), 1e3), wanted, rtol=1e-2, atol=0)


def test_the_gradient_is_t_times_the_difference_of_probabilities(logits):
    student, teacher = logits[0].requires_grad_(), logits[1]
    distillation(student, soft_targets(teacher, 4.0), 4.0).backward()
    difference = (student / 4).softmax(dim=1) - (teacher / 4).softmax(dim=1)
    torch.testing.assert_close(student.grad, (4 / 6 * difference).detach())


def test_at_temperature_one_it_is_cross_entropy_less_the_teacher_s_entropy(logits):
    student, teacher = logits
    q = soft_targets(teacher, 1.0)
    wanted = F.cross_entropy(student, q) - entropy(q) * math.log(2)
    torch.testing.assert_close(distillation(student, q, 1.0), wanted)


def test_no_gradient_reaches_the_teacher(logits):
    assert not soft_targets(logits[1].requires_grad_(), 4.0).requires_grad


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_cannot_be_is_a_sentence(logits, temperature):
    with pytest.raises(ParameterError, match="must be above 0"):
        soft_targets(logits[0], temperature)


# soft targets that know less


def test_smoothing_is_torch_s(logits):
    y = torch.tensor([0, 1, 2, 3, 0, 1])
    ours = F.cross_entropy(logits[0], smoothed_labels(y, 4, 0.3))
    torch.testing.assert_close(ours, F.cross_entropy(logits[0], y, label_smoothing=0.3))


@pytest.mark.parametrize("bits", [0.1, 1.0, 1.9])
def test_the_share_gives_the_entropy_asked_for(bits):
    targets = smoothed_labels(torch.tensor([2, 0]), 4, share_of_entropy(bits, 4))
    assert entropy(targets) == pytest.approx(bits, abs=1e-3)


def test_entropy_of_one_sure_and_one_even_row():
    assert entropy(torch.tensor([[1.0, 0, 0, 0], [0.25] * 4])) == pytest.approx(1.0)


def test_class_means_are_the_same_within_a_class_and_keep_its_sum(logits):
    y, q = torch.tensor([0, 0, 1, 1, 1, 3]), soft_targets(logits[1])
    means = class_means(q, y)
    for c in y.unique():
        torch.testing.assert_close(means[y == c], q[y == c].mean(dim=0).expand(int((y == c).sum()), 4))


def test_shuffling_keeps_the_rows_of_each_class_and_moves_some():
    y = torch.arange(3).repeat(20)
    q = torch.rand(60, 3, generator=torch.Generator().manual_seed(0))
    shuffled = shuffled_within_class(q, y, torch.Generator().manual_seed(1))
    for c in range(3):
        assert sorted(shuffled[y == c].tolist()) == sorted(q[y == c].tolist())
    assert (shuffled != q).any(dim=1).float().mean() > 0.8


# the objective and the run


def output_of(line, batch):
    return line(batch)


def test_it_mixes_the_two_losses(line, make_batch):
    batch, recipe = make_batch(), Recipe(unimodal=0.0)
    q = soft_targets(torch.randn(12, 2, generator=torch.Generator().manual_seed(0)), 2.0)
    out = line(batch)
    hard = cross_entropy(out.logits, out.fused, batch.y)
    for weight in (0.0, 0.3, 1.0):
        joint, _ = Distillation(recipe, batch, q, 2.0, weight).parts(out, batch)
        torch.testing.assert_close(joint, (1 - weight) * hard + weight * distillation(out.logits, q, 2.0))


def test_each_sample_gets_its_own_target_in_any_order(line, make_batch):
    batch = make_batch()
    q = torch.rand(12, 2, generator=torch.Generator().manual_seed(0)).softmax(dim=1)
    objective, rows = Distillation(Recipe(), batch, q, 3.0, 1.0), torch.tensor([7, 2, 9])
    part = take(batch, rows)
    joint, _ = objective.parts(line(part), part)
    torch.testing.assert_close(joint, distillation(line(part).logits, q[rows], 3.0))


def test_labels_that_may_not_be_used_change_nothing(line, make_batch):
    batch, q = make_batch(), torch.full((12, 2), 0.5)
    labelled = torch.arange(12) < 5
    other = batch._replace(y=torch.where(labelled, batch.y, 1 - batch.y))
    told = [Distillation(Recipe(), b, q, 2.0, 0.4, labelled).parts(line(b), b)[0] for b in (batch, other)]
    torch.testing.assert_close(*told)
    nobody = Distillation(Recipe(), batch, q, 2.0, 0.4, torch.zeros(12, dtype=torch.bool)).parts(line(batch), batch)
    torch.testing.assert_close(nobody[0], 0.4 * distillation(line(batch).logits, q, 2.0))
    assert nobody[1] == {}


def test_validation_is_judged_by_labels_alone(line, make_batch):
    batch, recipe = make_batch(), Recipe()
    ours = Distillation(recipe, batch, torch.full((12, 2), 0.5)).judge(line(batch), batch, None)
    torch.testing.assert_close(ours, Objective(recipe, batch).judge(line(batch), batch, None))


def test_a_student_comes_to_say_what_its_teacher_says(line, make_batch):
    batch = make_batch(60)
    teacher = logits_of(line, batch)
    student = type(line)()
    recipe = Recipe(epochs=60, learning_rate=0.05, weight_decay=0.0)
    distil(student, batch, None, soft_targets(teacher, 4.0), recipe, 4.0, 1.0)
    said = logits_of(student, batch)
    assert (said.softmax(1) - teacher.softmax(1)).abs().max() < 0.03


def test_weight_zero_is_plain_training(line, make_batch):
    batch, recipe = make_batch(), Recipe(epochs=3)
    twin = type(line)()
    twin.load_state_dict(line.state_dict())
    fit(line, batch, None, recipe)
    distil(twin, batch, None, torch.full((12, 2), 0.5), recipe, weight=0.0)
    torch.testing.assert_close(logits_of(line, batch), logits_of(twin, batch))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"temperature": 0.0}, "the first must be above 0"),
        ({"weight": 1.5}, "the second in 0 to 1"),
        ({"targets": torch.full((3, 2), 0.5)}, "3 soft targets came for 12"),
        ({"recipe": Recipe(sampler="smote")}, "make no new samples"),
    ],
)
def test_wrong_arguments_are_a_sentence(make_batch, wrong, said):
    given = {"recipe": Recipe(), "train": make_batch(), "targets": torch.full((12, 2), 0.5)} | wrong
    with pytest.raises(ParameterError, match=said):
        Distillation(**given)
