"""The references of chapter 11 agree with the library, and do what a training loop needs."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mmteach import train
from mmteach.exercises.chapters.transfer.distill import my_distill
from mmteach.exercises.chapters.transfer.freeze import my_freeze
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find


@pytest.fixture
def logits():
    rng = np.random.default_rng(0)
    return [torch.from_numpy(rng.normal(size=(7, 4))) for _ in range(2)] + [torch.from_numpy(rng.integers(0, 4, 7))]


@pytest.mark.parametrize(("temperature", "weight"), [(1.0, 1.0), (4.0, 0.5), (9.0, 0.0)])
def test_distilling_is_the_librarys(logits, temperature, weight):
    student, teacher, y = logits
    soft = train.distillation(student, train.soft_targets(teacher, temperature), temperature)
    wanted = (1 - weight) * F.cross_entropy(student, y) + weight * soft
    torch.testing.assert_close(my_distill(student, teacher, y, temperature, weight), wanted)


def test_freezing_is_the_librarys():
    def made():
        torch.manual_seed(0)
        return nn.ModuleDict({m: nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)) for m in ("body", "neck", "head")})

    own, library = made(), made()
    optimiser = my_freeze(dict(own.items()), {"body": 0.0, "neck": 0.01, "head": 0.1})
    train.freeze(library, "body")
    train.slow_down(library, {"neck": 0.1})
    train.train_mode(library)
    assert [m.training for m in own.modules()][1:] == [m.training for m in library.modules()][1:]
    assert [p.requires_grad for p in own.parameters()] == [p.requires_grad for p in library.parameters()]
    recipe = train.Recipe(optimiser="sgd", learning_rate=0.1)
    theirs = train.loop.make_optimiser(library, recipe)
    rates = [sorted(g["lr"] * g.get("rate", 1) for g in o.param_groups) for o in (optimiser, theirs)]
    assert rates[0] == pytest.approx(rates[1])


# what a student hears


def test_a_teacher_that_is_not_cut_off_is_recognised():
    def mine(student, teacher, y, temperature, weight):
        soft = F.kl_div(
            F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1), reduction="batchmean"
        )
        return (1 - weight) * F.cross_entropy(student, y) + weight * temperature**2 * soft

    outcome = judge(find("transfer.distill"), mine)
    assert (outcome.status, outcome.mistake) == (Status.PARTLY, "the teacher learns, too")


def test_eval_alone_is_recognised():
    def mine(parts, rates):
        for name, part in parts.items():
            if rates[name] == 0:
                part.eval()
            else:
                part.train().requires_grad_(True)
        return torch.optim.SGD([{"params": parts[m].parameters(), "lr": rates[m]} for m in parts if rates[m]])

    assert judge(find("transfer.freeze"), mine).mistake == "freezing by eval() alone"
