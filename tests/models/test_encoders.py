import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.models import ENCODERS, CNNEncoder, MLPEncoder

MADE = [
    (MLPEncoder, (5,), {}),
    (MLPEncoder, (2, 3), {}),
    (CNNEncoder, (1, 16, 16), {}),
    (CNNEncoder, (3, 9, 14), {"channels": (4, 5)}),
]


def made(cls, shape, options):
    torch.manual_seed(0)
    return cls(shape, dim=6, **options)


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_an_encoder_gives_embeddings_of_its_width(cls, shape, options):
    encoder = made(cls, shape, options)
    h = encoder(torch.randn(4, *shape), None)
    assert h.shape == (4, 6)
    assert encoder.dim == 6


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_every_parameter_gets_a_gradient(cls, shape, options):
    encoder = made(cls, shape, {**options, "dropout": 0.0})
    (encoder(torch.randn(8, *shape)) ** 3).sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_its_state_gives_the_same_encoder_again(cls, shape, options):
    encoder, x = made(cls, shape, options), torch.randn(4, *shape)
    encoder(x)  # so that the statistics are no longer the first ones
    again = cls(shape, dim=6, **options)
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(encoder.eval()(x), again.eval()(x))


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_at_prediction_a_sample_does_not_depend_on_its_neighbours(cls, shape, options):
    encoder, x = made(cls, shape, options).eval(), torch.randn(4, *shape)
    torch.testing.assert_close(encoder(x)[:1], encoder(x[:1]))


def test_dropout_acts_in_training_alone():
    encoder, x = made(MLPEncoder, (50,), {"dropout": 0.5}), torch.randn(8, 50)
    assert not torch.equal(encoder(x), encoder(x))
    encoder.eval()
    assert torch.equal(encoder(x), encoder(x))
    assert [layer.p for layer in encoder.modules() if isinstance(layer, torch.nn.Dropout)] == [0.5, 0.5]


def test_a_picture_too_small_for_its_blocks_is_refused():
    with pytest.raises(ParameterError, match="15 x 40 is too small for 4 halvings"):
        CNNEncoder((1, 15, 40))


def test_encoders_are_known_by_name():
    assert ENCODERS["mlp"] is MLPEncoder
    assert ENCODERS["cnn"] is CNNEncoder
