import math
from itertools import pairwise

import pytest
import torch
from sklearn.metrics import log_loss
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.train import LOSSES, arcface, cross_entropy, triplet


def examples(n=8, c=4, scale=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    cosine = 2 * torch.rand(n, c, generator=generator) - 1
    return scale * cosine, torch.randn(n, 5, generator=generator), torch.arange(n) % c


def test_cross_entropy_is_the_mean_log_loss():
    logits, h, y = examples(scale=3)
    ours = cross_entropy(logits, h, y).item()
    assert ours == pytest.approx(F.cross_entropy(logits, y).item())
    assert ours == pytest.approx(log_loss(y, logits.double().softmax(dim=1), labels=range(4)), rel=1e-5)
    assert cross_entropy(torch.zeros(8, 4), h, y).item() == pytest.approx(math.log(4))


def test_arcface_without_margin_is_the_normalised_softmax():
    logits, h, y = examples(scale=16)
    assert arcface(logits, h, y, margin=0).item() == pytest.approx(F.cross_entropy(logits, y).item(), rel=1e-4)


def test_arcface_by_hand():
    """Angles of 60 and 90 degrees; a margin of 30 degrees makes both the same, so the answer is a coin toss."""
    logits = 10 * torch.tensor([[0.5, 0.0]])
    loss = arcface(logits, torch.zeros(1, 2), torch.tensor([0]), margin=math.pi / 6, scale=10)
    assert loss.item() == pytest.approx(math.log(2), rel=1e-4)
    # with 0.2 it is -log of exp(s cos(pi/3 + .2)) over that plus exp(0)
    loss = arcface(logits, torch.zeros(1, 2), torch.tensor([0]), margin=0.2, scale=10)
    assert loss.item() == pytest.approx(math.log1p(math.exp(-10 * math.cos(math.pi / 3 + 0.2))), rel=1e-4)


def test_a_larger_margin_asks_for_more():
    logits, h, y = examples(scale=16)
    losses = [arcface(logits, h, y, margin=m).item() for m in (0, 0.1, 0.2, 0.5)]
    assert losses == sorted(losses)
    assert losses[0] < losses[-1]


def test_arcface_never_rewards_a_worse_angle():
    """Past 180 degrees the cosine would rise again."""
    cosine = torch.linspace(-1, 1, 101)[:, None]
    logits = 16 * torch.cat([cosine, torch.zeros_like(cosine)], dim=1)
    losses = [arcface(row[None], torch.zeros(1, 2), torch.tensor([0]), margin=0.5).item() for row in logits]
    assert all(a >= b - 1e-4 for a, b in pairwise(losses))


def test_arcface_has_a_finite_slope_at_the_very_ends():
    logits = torch.tensor([[16.0, -16.0], [-16.0, 16.0]], requires_grad=True)
    arcface(logits, torch.zeros(2, 2), torch.tensor([0, 0])).backward()
    assert logits.grad.isfinite().all()


def test_arcface_refuses_logits_that_are_no_cosines():
    with pytest.raises(ParameterError, match="choose head 'cosine'"):
        arcface(torch.tensor([[17.0, 0.0]]), torch.zeros(1, 2), torch.tensor([0]))
    with pytest.raises(ParameterError, match="within"):
        arcface(torch.tensor([[float("nan"), 0.0]]), torch.zeros(1, 2), torch.tensor([0]))


ANGLES = torch.tensor([0.0, 60.0, 90.0, 180.0]) * math.pi / 180
ON_A_CIRCLE = torch.stack([ANGLES.cos(), ANGLES.sin()], dim=1)  # squared distances 2 - 2 cos of the angle between


def test_triplet_that_is_satisfied_costs_nothing():
    h = torch.tensor([[1.0, 0], [2.0, 0], [-1.0, 0], [-3.0, 0]])  # length does not count
    assert triplet(h, h, torch.tensor([0, 0, 1, 1])).item() == 0


def test_triplet_by_hand():
    """Classes at 0 and 60, 90 and 180 degrees; the hardest partner and stranger of each anchor.

    d = 2 - 2 cos: 60 -> 1, 90 -> 2, 30 -> 2 - sqrt 3, 120 -> 3.
    """
    near = 2 - 3**0.5
    wanted = [max(0, 1 - 2 + 0.2), 1 - near + 0.2, 2 - near + 0.2, max(0, 2 - 3 + 0.2)]
    loss = triplet(ON_A_CIRCLE, ON_A_CIRCLE, torch.tensor([0, 0, 1, 1]))
    assert loss.item() == pytest.approx(sum(wanted) / 4, rel=1e-5)


def test_triplet_does_not_mind_length():
    y = torch.tensor([0, 0, 1, 1])
    longer = ON_A_CIRCLE * torch.tensor([[1.0], [5.0], [0.1], [2.0]])
    torch.testing.assert_close(triplet(longer, longer, y), triplet(ON_A_CIRCLE, ON_A_CIRCLE, y))


def test_triplet_takes_the_farthest_partner_and_the_nearest_stranger():
    angles = torch.tensor([0.0, 10.0, 60.0, 90.0, 180.0]) * math.pi / 180
    h = torch.stack([angles.cos(), angles.sin()], dim=1)
    y = torch.tensor([0, 0, 0, 1, 2])  # only class 0 has partners
    d = 2 - 2 * torch.cos(angles[:, None] - angles[None])
    wanted = [F.relu(d[i, [j for j in range(3) if j != i]].max() - d[i, 3:].min() + 0.2) for i in range(3)]
    assert triplet(h, h, y).item() == pytest.approx(sum(wanted).item() / 3, rel=1e-5)


@pytest.mark.parametrize("y", [[0, 1, 2, 3], [0, 0, 0, 0]])
def test_triplet_without_partner_or_stranger_is_zero_and_the_graph_stays_whole(y):
    h = ON_A_CIRCLE.clone().requires_grad_()
    loss = triplet(h, h, torch.tensor(y))
    assert loss.item() == 0
    loss.backward()
    assert (h.grad == 0).all()


def test_triplet_pulls_and_pushes():
    h = ON_A_CIRCLE.clone().requires_grad_()
    y = torch.tensor([0, 0, 1, 1])
    loss = triplet(h, h, y)
    loss.backward()
    assert h.grad.isfinite().all()
    assert triplet(h - 0.05 * h.grad, h - 0.05 * h.grad, y) < loss


@pytest.mark.parametrize("name", ["cross_entropy", "arcface", "triplet"])
def test_every_loss_goes_down_its_own_gradient(name):
    h = torch.randn(8, 5, generator=torch.Generator().manual_seed(0)).requires_grad_()
    directions = F.normalize(torch.randn(4, 5, generator=torch.Generator().manual_seed(1)))
    y = torch.arange(8) % 4

    def value():
        return LOSSES[name](16 * F.normalize(h) @ directions.T, h, y)

    first = value()
    for _ in range(20):
        (gradient,) = torch.autograd.grad(value(), h)
        h.data -= 0.02 * gradient
    assert value() < first
