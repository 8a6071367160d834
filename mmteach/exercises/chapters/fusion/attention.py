"""The tokens of one modality look for what they need in those of another."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """softmax(Q K^T / sqrt(d)) V over the real keys: (B, N, d), (B, L, d), (B, L, e), (B, L) bool -> (B, N, e)."""
    score = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])  # (B, N, L)
    score = score.masked_fill(~real[:, None, :], -1e9)
    weights = torch.softmax(score, dim=2)
    return (weights * real[:, None, :]) @ v  # all keys masked: all weights 0


def _attend(score: Tensor, v: Tensor, real: Tensor, dim: int = 2) -> Tensor:
    here = real[:, None, :]
    return (score.masked_fill(~here, -1e9).softmax(dim) * here) @ v


def _over_questions(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    return _attend(q @ k.transpose(1, 2) / math.sqrt(q.shape[2]), v, real, dim=1)


def _no_scale(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    return _attend(q @ k.transpose(1, 2), v, real)


def _scaled_by_d(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    return _attend(q @ k.transpose(1, 2) / q.shape[2], v, real)


def _mask_ignored(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    return (q @ k.transpose(1, 2) / math.sqrt(q.shape[2])).softmax(2) @ v


def _masked_too_late(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    weights = (q @ k.transpose(1, 2) / math.sqrt(q.shape[2])).softmax(2)
    return (weights * real[:, None, :]) @ v


def _score_zero(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    score = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])
    return (score * real[:, None, :]).softmax(2) @ v


def _nan_for_nobody(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    score = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])
    return score.masked_fill(~real[:, None, :], -torch.inf).softmax(2) @ v


def _mean_for_nobody(q: Tensor, k: Tensor, v: Tensor, real: Tensor) -> Tensor:
    score = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])
    return score.masked_fill(~real[:, None, :], -1e9).softmax(2) @ v


def _weights(answer: Answer, q: Tensor, k: Tensor, real: Tensor) -> dict[str, Tensor]:
    """With the unit matrix as values, what is found are the weights themselves."""
    weights = answer(q, k, torch.eye(k.shape[1]).expand(len(k), -1, -1), real)
    return {
        "weights of each question, summed": weights.sum(dim=2),
        "weight of masked keys": (weights * ~real[:, None]).sum(),
    }


def _drawn(rng: np.random.Generator, b: int, n: int, n_keys: int, d: int, e: int) -> tuple[Tensor, ...]:
    """Draw questions, keys and values; all keys are real."""
    shapes = ((b, n, d), (b, n_keys, d), (b, n_keys, e))
    q, k, v = (torch.from_numpy(rng.normal(scale=1.5, size=shape).astype(np.float32)) for shape in shapes)
    return q, k, v, torch.ones(b, n_keys, dtype=torch.bool)


def _alike(rng: np.random.Generator, b: int, n: int, n_keys: int, d: int, e: int, n_padding: int = 0) -> tuple:
    """Only the values differ; behind the real keys stands some padding.

    With as many questions as real keys nothing but the treatment of padding can be wrong here.
    """
    q, k, v, real = _drawn(rng, b, n, n_keys + n_padding, d, e)
    real[:, n_keys:] = False
    return q[:, :1].repeat(1, n, 1), k[:, :1].repeat(1, n_keys + n_padding, 1), v, real


def _without_values(rng: np.random.Generator, b: int, n: int, n_keys: int, d: int) -> tuple[Tensor, ...]:
    q, k, _, real = _drawn(rng, b, n, n_keys, d, 1)
    return q, k, real


def _padded(rng: np.random.Generator, b: int, n: int, n_keys: int, d: int, e: int, nobody: bool) -> tuple[Tensor, ...]:
    """A third of the keys is padding; the first sample has no real key at all, if so wished."""
    q, k, v, real = _drawn(rng, b, n, n_keys, d, e)
    real[:, n_keys - n_keys // 3 :] = False
    real[:1] &= not nobody
    return q, k, v, real


def _nobody(rng: np.random.Generator, b: int, n: int, d: int, e: int) -> tuple[Tensor, ...]:
    q, k, v, real = _alike(rng, b, n, n, d, e)
    real[0] = False
    return q, k, v, real


ATTENTION = Exercise(
    id="fusion.attention",
    title="Ask the other modality",
    minutes=20,
    task="""Write `my_attention(q, k, v, real)`: each of the N tokens of one modality (the questions `q`) looks for
what fits among the L tokens of another (the keys `k`), and takes with it what these have to say (the values `v`):

$$\\mathrm{softmax}\\left( Q K^\\top / \\sqrt{d} \\right) V$$

`q` is `(B, N, d)`, `k` `(B, L, d)`, `v` `(B, L, e)`; what comes out is `(B, N, e)`. The weights of each question
sum to 1 over the keys that are *real*: `real`, `(B, L)` bool, is False where a key is padding, and padding gets the
weight 0. A sample without any real key gets zeros, not NaN.""",
    starter='''def my_attention(q, k, v, real):
    """softmax(Q K^T / sqrt(d)) V over the real keys: (B, N, d), (B, L, d), (B, L, e), (B, L) bool -> (B, N, e)."""
    score = ...  # (B, N, L)
    weights = ...
    return ...
''',
    hints=(
        "`k.transpose(1, 2)` turns each sample's keys; `@` multiplies matrices sample by sample. `math.sqrt` takes a "
        "root.",
        "In `score` the axes are sample, question, key. Each question shares out a weight of 1 among the keys: along "
        "which axis?",
        "Exclude padding *before* the softmax: `score.masked_fill(~real[:, None, :], -1e9)`, since exp(-1e9) is 0.",
        "Where all keys are padding, all have the same score, and the weights come out equal. Multiply them by "
        "`real[:, None, :]`: that changes nothing for anybody else.",
    ),
    checks=(
        Check(
            "It finds the values whose keys fit the question.",
            lambda rng: [_drawn(rng, 2, 3, 4, 5, 2), _drawn(rng, 1, 1, 3, 4, 3), _drawn(rng, 3, 2, 2, 2, 1)],
            points=2,
        ),
        Check(
            "Padding gets no weight, and the real keys share all of it.",
            lambda rng: [_alike(rng, 2, 3, 3, 4, 2, 2), _alike(rng, 1, 2, 2, 3, 3, 3), _alike(rng, 2, 1, 1, 2, 1, 1)],
            points=2,
        ),
        Check(
            "The weights of each question sum to 1.",
            lambda rng: [_without_values(rng, 2, 3, 4, 3), _without_values(rng, 2, 4, 3, 2)],
            observe=_weights,
        ),
        Check(
            "Where all keys are alike, the mean of the values is found.",
            lambda rng: [_alike(rng, 2, 3, 4, 3, 2)],
        ),
        Check("A sample without any real key gets zeros.", lambda rng: [_nobody(rng, 3, 2, 3, 2)]),
        Check(
            "It holds for longer sequences with padding, and for long keys.",
            lambda rng: [
                _padded(rng, 3, 17, 23, 6, 9, False),
                _drawn(rng, 2, 5, 1, 64, 3),
                _padded(rng, 4, 3, 9, 16, 5, True),
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "softmax over the wrong axis",
            "The softmax runs over the questions: now each key shares itself out among those who ask, and a question "
            "may get much or nothing. It is the question that has a weight of 1 to share out among the keys.",
            _over_questions,
        ),
        Mistake(
            "no scale",
            "The scores are not divided by the root of d. The longer the vectors, the larger their products, until "
            "the softmax gives everything to one key, and hardly a gradient flows.",
            _no_scale,
        ),
        Mistake(
            "divided by d",
            "Divided by d, not by its root. A sum of d products of random numbers is as large as the root of d, not "
            "as d: with long vectors all keys would now weigh nearly the same.",
            _scaled_by_d,
        ),
        Mistake(
            "mask ignored",
            "Padding is attended to like anything else: the answer depends on how long the longest sequence of the "
            "batch happens to be. `real` says which keys there are.",
            _mask_ignored,
        ),
        Mistake(
            "masked after the softmax",
            "Padding was excluded too late: it took its share in the softmax and was then set to 0, so that the real "
            "keys' weights sum to less than 1. Exclude it before the shares are given out.",
            _masked_too_late,
        ),
        Mistake(
            "a score of 0 for padding",
            "Padding gets the score 0, but exp(0) is 1: that is a medium score, often better than that of a real "
            "key. Which score makes exp vanish?",
            _score_zero,
        ),
        Mistake(
            "NaN without real keys",
            "Nearly. Where no key is real, all scores are minus infinity, and the softmax divides 0 by 0. One such "
            "sample, and the loss of the whole batch is NaN: it should get zeros.",
            _nan_for_nobody,
        ),
        Mistake(
            "padding speaks where nobody is there",
            "Nearly. Where no key is real, all scores are equally low, and the softmax shares the weight evenly "
            "among the padding. From nobody nothing can be learnt: such a sample should get zeros.",
            _mean_for_nobody,
        ),
    ),
    reference=my_attention,
    reading=(
        "mmteach.models.fusion.attend",
        "Vaswani and others 2017, NeurIPS, section 3.2.1.",
        "Tsai and others 2019, ACL.",
    ),
)
