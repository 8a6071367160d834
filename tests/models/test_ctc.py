"""The recogniser: steps, gradients, its state."""

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.models.ctc import Recogniser, n_steps


@pytest.mark.parametrize("frames", [1, 4, 5, 31, 64])
def test_four_frames_make_a_step(frames):
    logits = Recogniser(24, 11, channels=8).eval()(torch.randn(2, frames, 24))
    assert logits.shape == (2, n_steps(torch.tensor(frames)), 11)
    assert logits.shape[1] == -(-frames // 4)


def test_every_parameter_gets_a_gradient():
    model = Recogniser(6, 4, channels=8)
    model(torch.randn(3, 20, 6)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_its_state_gives_the_same_model():
    x, one = torch.randn(2, 20, 6), Recogniser(6, 4, channels=8).eval()
    other = Recogniser(6, 4, channels=8).eval()
    other.load_state_dict(one.state_dict())
    torch.testing.assert_close(one(x), other(x))


def test_a_step_hears_its_neighbourhood_only():
    model, x = Recogniser(6, 4, channels=8).eval(), torch.randn(1, 200, 6)
    changed = x.clone()
    changed[:, 150:] = 0
    torch.testing.assert_close(model(x)[:, :25], model(changed)[:, :25])


def test_symbols_need_a_blank_and_another():
    with pytest.raises(ParameterError, match="2 or more"):
        Recogniser(6, 1)
