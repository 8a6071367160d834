import numpy as np
import pytest
import torch

from mmteach.train import Recipe, Trainer, schedule_factor


def torch_s_rates(scheduler, n, **options):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule = scheduler(optimiser, **options)
    rates = []
    for _ in range(n):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return rates


def ours(name, n):
    return [schedule_factor(name, step / (n - 1)) for step in range(n)]


def test_one_cycle_is_torch_s():
    n = 1500  # torch puts the peak a step earlier, which no longer shows
    theirs = torch_s_rates(torch.optim.lr_scheduler.OneCycleLR, n, max_lr=1.0, total_steps=n)
    np.testing.assert_allclose(ours("one_cycle", n), theirs, atol=5e-3)
    assert ours("one_cycle", n)[0] == pytest.approx(1 / 25)
    assert ours("one_cycle", n)[-1] == pytest.approx(theirs[-1])
    assert schedule_factor("one_cycle", 0.3) == pytest.approx(1)


def test_cosine_is_torch_s():
    n = 50
    theirs = torch_s_rates(torch.optim.lr_scheduler.CosineAnnealingLR, n, T_max=n - 1)
    np.testing.assert_allclose(ours("cosine", n), theirs, atol=1e-6)
    assert ours("constant", 5) == [1] * 5


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle"])
def test_the_schedule_ends_with_the_last_step(line, make_batch, schedule):
    """13 samples in batches of 4 leave one over, so an epoch has 3 steps."""
    recipe = Recipe(epochs=5, batch_size=4, schedule=schedule, learning_rate=0.5)
    trainer, rates = Trainer(line, make_batch(13), None, recipe), []
    trainer.augment = lambda batch, _: rates.append(trainer.optimiser.param_groups[0]["lr"]) or batch
    while not trainer.done:
        trainer.epoch()
    np.testing.assert_allclose(rates, [0.5 * f for f in ours(schedule, 15)])
