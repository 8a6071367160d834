"""The solutions of chapter 4 agree with torch and with the library's own training."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from mmteach.exercises.chapters.train.cross_entropy import my_cross_entropy
from mmteach.exercises.chapters.train.schedule import my_one_cycle
from mmteach.exercises.chapters.train.sgd_step import my_sgd_step
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.train import cross_entropy, schedule_factor


@pytest.mark.parametrize("spread", [1.0, 1000.0])
def test_cross_entropy_is_torch_s_and_the_library_s(spread):
    generator = torch.Generator().manual_seed(0)
    logits = (spread * torch.randn(17, 5, generator=generator)).requires_grad_()
    y = torch.randint(5, (17,), generator=generator)
    ours, theirs = my_cross_entropy(logits, y), F.cross_entropy(logits, y)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(cross_entropy(logits, torch.zeros(17, 1), y), ours)
    torch.testing.assert_close(*(torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs)))


def test_sgd_step_is_torch_s():
    torch.manual_seed(0)
    mine, theirs = torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)
    theirs.load_state_dict(mine.state_dict())
    optimiser = torch.optim.SGD(theirs.parameters(), 0.1, momentum=0.9)
    params = list(mine.parameters())
    velocities = [torch.zeros_like(p) for p in params]
    x = torch.randn(8, 4)
    for rate in (0.1, 0.1, 0.01, 0.05):
        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
        theirs(x).square().mean().backward()
        optimiser.step()
        mine(x).square().mean().backward()
        my_sgd_step(params, velocities, rate, 0.9)
        torch.testing.assert_close(params, list(theirs.parameters()))


def test_one_cycle_is_the_library_s():
    n_epochs, n_batches = 3, 14
    last = n_epochs * n_batches - 1
    mine = [my_one_cycle(step, n_epochs, n_batches) for step in range(last + 1)]
    theirs = [schedule_factor("one_cycle", step / last) for step in range(last + 1)]
    np.testing.assert_allclose(mine, theirs, atol=4.1e-6)  # the library stops at 1/250,000


def test_one_cycle_is_torch_s():
    n = 2000  # torch puts the peak a step earlier, which no longer shows
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule, rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=1.0, total_steps=n), []
    for _ in range(n):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    np.testing.assert_allclose([my_one_cycle(step, 20, 100) for step in range(n)], rates, atol=5e-3)


def overflowing_sum(logits, y):
    return (torch.log(torch.exp(logits).sum(dim=1)) - logits[torch.arange(len(y)), y]).sum()


def overflowing_mean_of_all(logits, y):
    probs = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    return -(F.one_hot(y, logits.shape[1]) * probs.log()).mean()


@pytest.mark.parametrize(
    ("answer", "told"), [(overflowing_sum, "sum over the batch"), (overflowing_mean_of_all, "mean over classes")]
)
def test_of_two_mistakes_the_one_to_mend_first_is_told(answer, told):
    assert judge(find("train.cross_entropy"), answer).mistake == told


def test_numpy_ends_the_path_of_the_gradient():
    def in_numpy(logits, y):
        z = logits.numpy() - logits.numpy().max(axis=1, keepdims=True)
        return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y.numpy()]).mean()

    assert judge(find("train.cross_entropy"), in_numpy).mistake == "a number without a way back"
