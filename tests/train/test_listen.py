"""Learning to write down what is said: made-up words that differ in where they are loud."""

import numpy as np
import pytest
import torch

from mmteach.errors import DataError, ParameterError
from mmteach.infer import greedy, word_error_rate
from mmteach.models import ListenerEncoder
from mmteach.train import Listening, learn_to_listen, words_of
from mmteach.train.listen import Recordings

WORDS = ("dark", "light", "off", "on")


def recordings(n=40, seed=0, longest=3):
    """Each word is loud in two bands of its own for 12 frames; pauses between."""
    rng = np.random.default_rng(seed)
    frames, said = [], []
    for _ in range(n):
        words = rng.integers(len(WORDS), size=rng.integers(1, longest + 1))
        parts = [0.1 * rng.standard_normal((4, 8))]
        for w in words:
            sound = 0.1 * rng.standard_normal((12, 8))
            sound[:, 2 * w : 2 * w + 2] += 2
            parts += [sound, 0.1 * rng.standard_normal((6, 8))]
        frames.append(np.concatenate(parts).astype(np.float32))
        said.append(" ".join(WORDS[w] for w in words))
    n_frames = [len(x) for x in frames]
    x = torch.zeros(n, max(n_frames), 8)
    for row, one in zip(x, frames, strict=True):
        row[: len(one)] = torch.from_numpy(one)
    return x, torch.arange(x.shape[1])[None] < torch.tensor(n_frames)[:, None], said


def listener(seed=0):
    torch.manual_seed(seed)
    return ListenerEncoder((-1, 8), dim=4, words=WORDS, channels=16, depth=1)


def test_words_are_heard_in_recordings_never_listened_to():
    x, mask, said = recordings()
    encoder = listener()
    losses = learn_to_listen(encoder, x, mask, said, n_steps=120)
    assert len(losses) == 120
    assert losses[-1] < 0.3 * losses[0]
    new, real, truth = recordings(seed=1)
    encoder.eval()
    with torch.inference_mode():
        scores, steps = encoder.log_probs(new, real)
    heard = [[WORDS[s - 1] for s in greedy(z[keep].numpy())] for z, keep in zip(scores, steps, strict=True)]
    assert word_error_rate([t.split() for t in truth], heard) < 0.2
    present = torch.tensor([[word in t.split() for word in WORDS] for t in truth])
    best = encoder.heard(new, real).detach()
    assert best[present].mean() > 0.7
    assert best[~present].mean() < 0.2


def test_the_same_seed_learns_the_same_and_what_it_learnt_is_frozen():
    x, mask, said = recordings(12)
    states = []
    for seed in (0, 0, 1):
        encoder = listener(seed=5)
        learn_to_listen(encoder, x, mask, said, n_steps=3, seed=seed)
        states.append(encoder.recogniser.state_dict()["output.weight"].clone())
        assert not any(p.requires_grad for p in encoder.recogniser.parameters())
    assert torch.equal(states[0], states[1])
    assert not torch.equal(states[0], states[2])


def test_recordings_of_which_nothing_is_known_take_no_part():
    x, mask, said = recordings(12)
    some = [text if i % 2 else "" for i, text in enumerate(said)]
    half, all_of_it = listener(), listener()
    learn_to_listen(half, x, mask, some, n_steps=2)
    learn_to_listen(all_of_it, x[1::2], mask[1::2], said[1::2], n_steps=2)
    assert torch.equal(half.recogniser.output.weight, all_of_it.recogniser.output.weight)
    with pytest.raises(DataError, match="no recording says a word"):
        learn_to_listen(listener(), x, mask, [""] * 12, n_steps=2)


def test_a_batch_holds_other_views_of_whole_recordings():
    draw = Recordings([np.ones((20, 8), np.float32), np.ones((9, 8), np.float32)], [[1, 2], [3]])
    first, second = draw(False), draw(False)
    assert first.x.shape[0] == 32
    assert first.x.shape[1] % 32 == 0
    assert set(first.n_targets.tolist()) <= {1, 2}
    assert int(first.n_targets.sum()) == len(first.targets)
    assert len(set(first.n_frames.tolist())) > 2  # faster and slower ones
    assert not torch.equal(first.x, second.x)


def test_the_words_to_know_are_those_of_the_training_part():
    assert words_of(["Light on", "light off!", ""]) == ("!", "light", "off", "on")
    assert words_of(["打开灯"]) == ("开", "打", "灯")
    with pytest.raises(DataError, match="no training sample says"):
        words_of(["", ""])


@pytest.mark.parametrize("wrong", [{"column": ""}, {"column": "said", "n_steps": 0}])
def test_wrong_settings_are_a_sentence(wrong):
    with pytest.raises(ParameterError, match="needs a name"):
        Listening(**wrong)
