"""An encoder that hears words: what it keeps of a recording, and that what was learnt stays."""

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.models import ListenerEncoder

WORDS = ("bed", "hall", "light")


@pytest.fixture
def encoder():
    torch.manual_seed(0)
    return ListenerEncoder((-1, 4), dim=5, words=WORDS, channels=6, depth=1)


def test_of_each_word_the_best_moment_is_kept(encoder):
    encoder.eval()
    x = torch.randn(2, 16, 4)
    scores, real = encoder.log_probs(x)
    assert scores.shape == (2, 4, 4)
    assert real.all()
    torch.testing.assert_close(scores.exp().sum(dim=2), torch.ones(2, 4))
    torch.testing.assert_close(encoder.heard(x), scores[..., 1:].exp().amax(dim=1))
    assert encoder(x).shape == (2, 5)


def test_a_word_said_behind_the_end_is_not_heard(encoder):
    encoder.eval()
    x = torch.randn(1, 16, 4)
    mask = torch.arange(24)[None] < 16
    longer = torch.cat([x, 50 * torch.ones(1, 8, 4)], dim=1)
    torch.testing.assert_close(encoder.heard(longer, mask), encoder.heard(x))


def test_what_is_frozen_neither_learns_nor_drifts(encoder):
    encoder.freeze()
    encoder.train()
    before = {k: v.clone() for k, v in encoder.recogniser.state_dict().items()}
    loss = encoder(torch.randn(4, 16, 4)).pow(2).sum()
    loss.backward()
    assert all(p.grad is None for p in encoder.recogniser.parameters())
    assert all(p.grad is not None for p in encoder.project.parameters())
    after = encoder.recogniser.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())  # running means of batches too


def test_its_words_are_part_of_it(encoder):
    assert encoder.words == WORDS
    assert encoder.recogniser.output.out_features == len(WORDS) + 1
    for wrong in ((), "light"):
        with pytest.raises(ParameterError, match="must know some words"):
            ListenerEncoder((-1, 4), words=wrong)
