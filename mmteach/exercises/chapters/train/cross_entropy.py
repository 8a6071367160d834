"""train.cross_entropy: the surprise at the truth, from logits, for a whole batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_cross_entropy(logits, y):
    """Mean surprise at the truth: logits (B, C), class indices y (B,) -> one number."""
    z = logits - logits.max(dim=1, keepdim=True).values  # the largest becomes 0, so exp never overflows
    log_probs = z - torch.log(torch.exp(z).sum(dim=1, keepdim=True))
    return -log_probs[torch.arange(len(y)), y].mean()


def _exp_of_raw_logits(logits, y):
    e = torch.exp(logits)
    probs = e / e.sum(dim=1, keepdim=True)
    return -torch.log(probs[torch.arange(len(y)), y]).mean()


def _log_of_softmax(logits, y):
    return -torch.log(torch.softmax(logits, dim=1))[torch.arange(len(y)), y].mean()


def _on_small_logits(mistake):
    """Make the mistake where nothing overflows: whoever makes it may overflow beside, or may not."""

    def answer(logits, y):
        return my_cross_entropy(logits, y) if logits.detach().abs().max() > 100 else mistake(logits, y)

    return answer


@_on_small_logits
def _mean_over_classes(logits, y):
    return my_cross_entropy(logits, y) / logits.shape[1]


@_on_small_logits
def _softmax_twice(logits, y):
    return my_cross_entropy(torch.softmax(logits, dim=1), y)


@_on_small_logits
def _sum_over_batch(logits, y):
    return my_cross_entropy(logits, y) * len(y)


@_on_small_logits
def _likeliest_class(logits, y):
    return my_cross_entropy(logits, logits.argmax(dim=1))


def _plain_number(logits, y):
    return my_cross_entropy(logits, y).item()


def _value(answer, logits, y) -> Any:
    """The loss, or in words that it is no finite number: NaN and infinity are the same misfortune."""
    value = answer(logits, y)
    if isinstance(value, float | np.floating | torch.Tensor) and not math.isfinite(float(value)):
        return "not a finite number"
    return value


def _gradient(answer, logits, y) -> Any:
    """What the loss would change the logits by."""
    z = logits.clone().requires_grad_()
    try:
        value = answer(z, y)
    except RuntimeError as error:
        if "requires grad" in str(error):  # torch refuses to make numpy of it, for the same reason
            return "no gradient reaches the logits"
        raise
    if not isinstance(value, torch.Tensor | float | np.floating):
        return value
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        return "no gradient reaches the logits"
    value.backward()
    return z.grad


def _batch(rng, n, n_classes, spread=2.0):
    logits = torch.tensor(rng.normal(0, spread, (n, n_classes)), dtype=torch.float32)
    return logits, torch.tensor(rng.integers(0, n_classes, n))


def _large(rng):
    """Large logits alike, and large ones apart: exp overflows in both, a probability becomes 0 in the second."""
    return [
        (torch.tensor([[1000.0, 1000.0, 1001.0]]), torch.tensor([2])),
        (torch.tensor([[1000.0, 0.0], [-1000.0, 3.0]]), torch.tensor([1, 1])),
    ]


CROSS_ENTROPY = Exercise(
    id="train.cross_entropy",
    title="Cross-entropy from logits",
    minutes=15,
    task="""Write `my_cross_entropy(logits, y)`: the mean over the batch of the surprise at the truth,

$$L = -\\frac{1}{B}\\sum_{i=1}^{B} \\log p_{i,y_i}, \\qquad p_{ik} = \\frac{e^{z_{ik}}}{\\sum_j e^{z_{ij}}}.$$

`logits` (B, C) is a float tensor of scores $z$, `y` (B,) the index of each true class. What comes back is a tensor
with one number, through which a gradient can flow. Logits of 1000 and of -1000 must not end in `inf` or `nan`,
wherever the truth is. Leave the arguments as they are, and try it without `F.cross_entropy`.""",
    starter='''def my_cross_entropy(logits, y):
    """Mean surprise at the truth: logits (B, C), class indices y (B,) -> one number."""
    return ...
''',
    hints=(
        "A constant taken from all logits of a row leaves its probabilities as they are. Which constant makes exp "
        "harmless?",
        "Take the logarithm on paper first: log p = z - log(sum of exp(z)). So no probability is ever needed, only "
        "its log.",
        "`log_probs[torch.arange(len(y)), y]` picks one entry of each row, the one of the truth.",
        "Take `logits.max(dim=1, keepdim=True).values` away from the logits; `log_probs` is then z minus the log of "
        "the sum of exp(z) over dim 1; pick the truth, take the mean, change the sign.",
    ),
    checks=(
        Check(
            "Where all logits are alike, the loss is log C.",
            lambda rng: [(torch.zeros(3, c), torch.tensor([0, 1, c - 1])) for c in (2, 10)],
            observe=_value,
        ),
        Check(
            "It is the surprise at the truth, averaged over the batch.",
            lambda rng: [_batch(rng, n, c) for n, c in ((1, 3), (4, 4), (6, 2), (5, 7))],
            points=2,
            observe=_value,
        ),
        Check("Logits of 1000 or -1000 neither overflow nor vanish.", _large, points=2, observe=_value),
        Check(
            "A gradient reaches every logit.",
            lambda rng: [_batch(rng, 4, 3), _batch(rng, 2, 5)],
            observe=_gradient,
        ),
        Check(
            "It holds for many classes, far apart.",
            lambda rng: [_batch(rng, 64, 40, 60.0), _batch(rng, 1, 2, 300.0)],
            points=2,
            observe=_value,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "unstable exp",
            "On small logits this is right. But exp(1000) is larger than any float, and inf / inf is no number. Only "
            "differences between logits count: what could you take from a whole row first, without changing its "
            "probabilities?",
            _exp_of_raw_logits,
        ),
        Mistake(
            "log of a probability that became 0",
            "No overflow any more, well done; but a truth 200 below the largest logit has a probability that a float "
            "rounds to 0, and log 0 is -inf: the worst answers would teach nothing. Take the log on paper before you "
            "compute: log p = z - log(sum of exp z), and no probability is needed.",
            _log_of_softmax,
        ),
        Mistake(
            "mean over classes",
            "It is C times too small: the mean runs over classes as well. Each sample has one truth, so it adds one "
            "surprise, and the sum is divided by the number of samples. A guess between C classes must cost log C.",
            _mean_over_classes,
        ),
        Mistake(
            "softmax twice",
            "Softmax is applied to what already went through a softmax. Probabilities differ by at most 1, so the "
            "second one flattens them to nearly equal, and even a perfect model cannot get its loss near 0. Logits go "
            "in raw.",
            _softmax_twice,
        ),
        Mistake(
            "sum over the batch",
            "That is the sum over the batch. Twice as many samples would make steps twice as long, so the learning "
            "rate would depend on the batch size; the mean keeps the two apart.",
            _sum_over_batch,
        ),
        Mistake(
            "surprise at its own answer",
            "It looks at the class that the model finds likeliest, not at the true one: a model that is sure of "
            "nonsense would have a loss near 0. `y` says which entry of each row counts.",
            _likeliest_class,
        ),
        Mistake(
            "a number without a way back",
            "The value is right, but it is a plain number, cut off from the logits that it was computed from. The "
            "gradient finds its way back only through tensors: `.item()`, `float()`, `.detach()` and numpy end the "
            "path.",
            _plain_number,
        ),
    ),
    reference=my_cross_entropy,
    reading=(
        "Goodfellow, Bengio, Courville 2016. Deep Learning, sections 4.1 (overflow) and 6.2.2.3 (softmax).",
        "show_source(mmteach.train.cross_entropy)",
    ),
)
