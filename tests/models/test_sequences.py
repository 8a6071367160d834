import pytest
import torch

from mmteach.models import ENCODERS, AttentionPool, BagEncoder, ClipCNNEncoder, GRUEncoder, ListenerEncoder, WordEncoder
from mmteach.models.sequences import mean_of_neighbours

N_TOKENS = 11
MADE = [
    (ClipCNNEncoder, (-1, 5), {"channels": (7, 8)}),
    (GRUEncoder, (-1, 5), {"hidden": 4}),
    (BagEncoder, (-1, 2), {"n_tokens": N_TOKENS}),
    (WordEncoder, (-1, 1), {"n_tokens": N_TOKENS}),
    (ListenerEncoder, (-1, 5), {"words": ("a", "b", "c"), "channels": 6, "depth": 1}),
]


def made(cls, shape, options, **more):
    torch.manual_seed(0)
    return cls(shape, dim=6, **options, **more)


def filled(encoder):
    """An encoder none of whose numbers is zero."""
    for parameter in encoder.parameters():
        torch.nn.init.normal_(parameter)
    return encoder


def sequences(cls, shape, n=4, t=13, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, t, shape[-1], generator=generator)
    if cls in (BagEncoder, WordEncoder):
        x[..., 0] = torch.randint(0, N_TOKENS, (n, t), generator=generator).float()
    return x


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_an_encoder_gives_embeddings_of_its_width(cls, shape, options):
    encoder = made(cls, shape, options)
    assert encoder(sequences(cls, shape)).shape == (4, 6)
    assert encoder.dim == 6


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_every_parameter_gets_a_gradient(cls, shape, options):
    encoder = filled(made(cls, shape, options, dropout=0.0))
    (encoder(sequences(cls, shape, n=8)) ** 3).sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_its_state_gives_the_same_encoder_again(cls, shape, options):
    encoder, x = made(cls, shape, options), sequences(cls, shape)
    again = cls(shape, dim=6, **options)
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(encoder.eval()(x), again.eval()(x))


@pytest.mark.parametrize("n_spare", [1, 2, 3, 8])
@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_padding_changes_nothing(cls, shape, options, n_spare):
    encoder, x = filled(made(cls, shape, options)).eval(), sequences(cls, shape)
    garbage = sequences(cls, shape, t=n_spare, seed=1)  # what stands behind a sequence must not be heard
    mask = torch.arange(13 + n_spare)[None] < torch.tensor([13] * 4)[:, None]
    torch.testing.assert_close(encoder(torch.cat([x, garbage], dim=1), mask), encoder(x))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("cls", "shape", "options"), MADE)
def test_a_sequence_of_no_steps_gives_finite_numbers_and_gradients(cls, shape, options, training):
    encoder, x = made(cls, shape, options).train(training), sequences(cls, shape)
    mask = torch.ones(4, 13, dtype=torch.bool)
    mask[1] = False
    h = encoder(x, mask)
    assert bool(h.isfinite().all())
    h.sum().backward()
    assert all(bool(p.grad.isfinite().all()) for p in encoder.parameters())


def test_attention_weights_sum_to_one_over_the_real_steps():
    torch.manual_seed(0)
    pool, h = AttentionPool(3), torch.randn(2, 5, 3)
    mask = torch.tensor([[True, True, False, True, False], [False] * 5])
    weights = pool.weights(h, mask)
    torch.testing.assert_close(weights.sum(dim=1), torch.tensor([1.0, 0.0]))
    assert weights[0, [2, 4]].tolist() == [0.0, 0.0]


def test_equal_steps_have_equal_weights():
    h = torch.ones(1, 4, 3)
    weights = AttentionPool(3).weights(h, torch.tensor([[True, True, True, False]]))
    torch.testing.assert_close(weights, torch.tensor([[1 / 3, 1 / 3, 1 / 3, 0.0]]))


def test_a_bag_is_the_weighted_sum_of_its_vectors():
    encoder = filled(made(BagEncoder, (-1, 2), {"n_tokens": 3, "scale": 5.0})).eval()
    x = torch.tensor([[[0, 0.5], [2, 2.0]]])
    expected = 2.5 * encoder.table.weight[0] + 10 * encoder.table.weight[2] + encoder.bias
    torch.testing.assert_close(encoder(x)[0], expected)


def test_the_order_of_a_bag_does_not_matter():
    encoder, x = made(BagEncoder, (-1, 2), {"n_tokens": N_TOKENS}), sequences(BagEncoder, (-1, 2))
    encoder = filled(encoder).eval()
    torch.testing.assert_close(encoder(x), encoder(x.flip(1)))


def test_neighbours_are_averaged_over_real_steps_alone():
    x = torch.tensor([[[1.0], [3.0], [5.0], [100.0]]])
    mean, mask = mean_of_neighbours(x, torch.tensor([[True, True, True, False]]), 2)
    assert mean[0, :, 0].tolist() == [2.0, 5.0]
    assert mask.tolist() == [[True, True]]


def test_an_n_gram_never_trained_on_says_nothing():
    encoder = made(BagEncoder, (-1, 2), {"n_tokens": N_TOKENS}).eval()
    assert torch.equal(encoder(sequences(BagEncoder, (-1, 2))), encoder.bias.expand(4, -1))


def test_in_training_some_words_become_unknown():
    encoder = made(WordEncoder, (-1, 1), {"n_tokens": N_TOKENS}, dropout=0.9)
    x = torch.full((1, 6, 1), 3.0)
    assert not torch.equal(encoder(x), encoder(x))
    encoder.eval()
    assert torch.equal(encoder(x), encoder(x))


def test_encoders_are_known_by_name():
    known = {name: ENCODERS[name] for name in ("clip_cnn", "gru", "bag", "words", "listener")}
    assert list(known.values()) == [ClipCNNEncoder, GRUEncoder, BagEncoder, WordEncoder, ListenerEncoder]
