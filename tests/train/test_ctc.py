"""Learning strings without their places: losses against PyTorch and known values, and a toy language that is learnt."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.infer.decode import greedy, string_log_prob
from mmteach.models.ctc import Recogniser
from mmteach.train.ctc import Strings, ctc_loss, fit_ctc, word_loss


def strings(*targets, n_frames=40):
    return Strings(
        torch.zeros(len(targets), n_frames, 4), torch.full((len(targets),), n_frames),
        torch.tensor([s for t in targets for s in t]), torch.tensor([len(t) for t in targets]),
    )  # fmt: skip


def test_ctc_loss_is_minus_the_sum_over_paths_for_each_symbol():
    logits = torch.randn(2, 10, 4, generator=torch.Generator().manual_seed(0))
    log_probs = logits.log_softmax(2).numpy()
    expected = np.mean([-string_log_prob(log_probs[0], (1, 2, 2)) / 3, -string_log_prob(log_probs[1], (3,)) / 1])
    assert float(ctc_loss(logits, strings((1, 2, 2), (3,)))) == pytest.approx(expected, rel=1e-5)


def test_steps_of_padding_are_not_heard():
    logits = torch.randn(1, 10, 4, generator=torch.Generator().manual_seed(1))
    short = strings((1, 2))._replace(n_frames=torch.tensor([24]))  # 6 steps
    expected = ctc_loss(logits[:, :6], strings((1, 2), n_frames=24))
    assert float(ctc_loss(logits, short)) == pytest.approx(float(expected))
    word = strings((2,))._replace(n_frames=torch.tensor([24]))
    assert float(word_loss(logits, word)) == pytest.approx(float(word_loss(logits[:, :6], strings((2,), n_frames=24))))


def test_a_string_that_does_not_fit_costs_nothing_and_teaches_nothing():
    logits = torch.randn(1, 2, 4, requires_grad=True)
    loss = ctc_loss(logits, strings((1, 1, 1), n_frames=8))
    loss.backward()
    assert float(loss.detach()) == 0
    assert logits.grad.abs().sum() == 0


def test_word_loss_is_cross_entropy_of_the_mean_without_the_blank():
    logits = torch.randn(3, 10, 5, generator=torch.Generator().manual_seed(2))
    expected = F.cross_entropy(logits.mean(dim=1)[:, 1:], torch.tensor([0, 3, 1]))
    torch.testing.assert_close(word_loss(logits, strings((1,), (4,), (2,))), expected)
    with pytest.raises(ParameterError, match="one word in each"):
        word_loss(logits, strings((1, 2), (4,), (2,)))


def toy(seed):
    """Words of 12 frames, each in a band of its own, with a pause after each."""
    rng = np.random.default_rng(seed)

    def draw(single):
        targets = [rng.integers(1, 4, 1 if single else 3) for _ in range(16)]
        x = np.zeros((16, 16 * (1 if single else 3), 4), np.float32)
        for row, target in zip(x, targets, strict=True):
            for k, symbol in enumerate(target):
                row[16 * k + 2 : 16 * k + 14, symbol] = 1
        lengths = torch.tensor([len(t) for t in targets])
        x += rng.normal(scale=0.1, size=x.shape).astype(np.float32)
        return Strings(torch.from_numpy(x), 16 * lengths, torch.from_numpy(np.concatenate(targets)), lengths)

    return draw


def test_a_toy_language_is_learnt():
    torch.manual_seed(0)
    model = Recogniser(4, 4, channels=16, depth=1, dropout=0.0)
    losses = fit_ctc(model, toy(0), n_words=30, n_strings=60, learning_rate=2e-2)
    assert len(losses) == 90
    assert not model.training
    asked = toy(1)(False)
    with torch.inference_mode():
        found = [greedy(z.log_softmax(1).numpy()) for z in model(asked.x)]
    assert np.mean([f == tuple(t) for f, t in zip(found, asked.targets.view(-1, 3).tolist(), strict=True)]) > 0.8


def test_a_loss_that_is_no_number_is_said():
    def draw(single):
        return toy(0)(single)._replace(x=torch.full((16, 16, 4), torch.nan))

    with pytest.raises(ParameterError, match="lower the learning rate"):
        fit_ctc(Recogniser(4, 4, channels=8), draw, 2, 0)
