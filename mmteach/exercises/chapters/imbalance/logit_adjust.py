"""Take the frequency out of the logits, and measure every class alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_logit_adjust(
    logits: torch.Tensor, y: torch.Tensor, counts: torch.Tensor, tau: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """(B, C) logits, (B,) true classes, (C,) training counts -> (B,) predicted classes, balanced accuracy."""
    log_prior = torch.log(counts / counts.sum())
    predicted = (logits - tau * log_prior).argmax(dim=1)
    recalls = [(predicted[y == c] == c).float().mean() for c in y.unique()]
    return predicted, torch.stack(recalls).mean()


Told = tuple[Tensor, Tensor]


def _measured(predicted: Tensor, y: Tensor) -> Told:
    classes = y.unique()
    return predicted, torch.stack([(predicted[y == c] == c).float().mean() for c in classes]).mean()


def _accuracy(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    predicted, _ = my_logit_adjust(logits, y, counts, tau)
    return predicted, (predicted == y).float().mean()


def _added(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    return my_logit_adjust(logits, y, counts, -tau)


def _no_logarithm(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    return _measured((logits - tau * counts / counts.sum()).argmax(1), y)


def _test_counts(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    return my_logit_adjust(logits, y, y.bincount(minlength=len(counts)), tau)


def _probabilities(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    return my_logit_adjust(logits.softmax(1), y, counts, tau)


def _all_classes(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    predicted, score = my_logit_adjust(logits, y, counts, tau)
    return predicted, score * len(y.unique()) / len(counts)


def _precision(logits: Tensor, y: Tensor, counts: Tensor, tau: float) -> Told:
    predicted, _ = my_logit_adjust(logits, y, counts, tau)
    return predicted, _measured(y, predicted)[1]


def _drawn(rng: np.random.Generator, b: int, counts: list[int], tau: float, seen: list[int] | None = None) -> tuple:
    """Draw logits of a model that prefers the frequent classes; `seen` are the classes of the samples, if not all."""
    y = rng.choice(seen or len(counts), b)
    z = rng.normal(scale=1.2, size=(b, len(counts))) + 1.5 * np.eye(len(counts))[y] + 0.8 * np.log(counts)
    return torch.from_numpy(z.astype(np.float32)), torch.from_numpy(y), torch.tensor(counts), tau


def _predicted(answer: Answer, *given: Any) -> Any:
    told = answer(*given)
    return {"predicted": told[0]} if isinstance(told, tuple | list) and len(told) == 2 else told


def _score(answer: Answer, *given: Any) -> Any:
    told = answer(*given)
    return {"balanced accuracy": told[1]} if isinstance(told, tuple | list) and len(told) == 2 else told


LOGIT_ADJUST = Exercise(
    id="imbalance.logit_adjust",
    title="Forget how frequent a class is",
    minutes=20,
    task="""A model that saw 90 calm voices for each angry one guesses "calm" when in doubt: how frequent a class is
has become part of its logits. It can be taken out again, without training. Write `my_logit_adjust(logits, y,
counts, tau)`:

- predict the class with the largest $z_c - \\tau \\log \\pi_c$, where $\\pi_c$ is the share of class $c$ among the
  *training* samples: `counts`, `(C,)`, says how many there were of each, at least one;
- measure it so that every class counts the same: the *balanced accuracy* is the mean, over the classes that occur
  in `y`, of the share of that class's samples that are found.

`logits` is `(B, C)`, `y` `(B,)`, the true classes of these B samples. Return both: the predicted classes `(B,)` and
the balanced accuracy.""",
    starter='''def my_logit_adjust(logits, y, counts, tau):
    """(B, C) logits, (B,) true classes, (C,) training counts -> (B,) predicted classes, balanced accuracy."""
    log_prior = ...  # (C,)
    predicted = ...  # (B,)
    recalls = [... for c in y.unique()]
    return predicted, ...
''',
    hints=(
        "The share of a class is its count over the sum of all counts; `torch.log` takes the logarithm of a whole "
        "tensor.",
        "`(B, C)` minus `(C,)` takes a number from each column. `argmax(dim=1)` is the place of the largest in each "
        "row.",
        "The samples of class c are `y == c`. What was predicted for them is `predicted[y == c]`; compare it with c, "
        "and take the mean of `.float()`. The mean over the classes comes last: `torch.stack(recalls).mean()`.",
    ),
    checks=(
        Check(
            "The log prior is taken out of the logits.",
            lambda rng: [
                _drawn(rng, 40, [90, 10], 1.0),
                _drawn(rng, 50, [60, 8, 300], 1.0),
                _drawn(rng, 40, [5, 100, 40, 2], 0.5),
                _drawn(rng, 30, [20, 200], 2.0),
            ],
            points=2,
            observe=_predicted,
        ),
        Check(
            "With tau 0, or where all classes were equally frequent in training, nothing is changed.",
            lambda rng: [_drawn(rng, 40, [90, 10, 30], 0.0), _drawn(rng, 30, [25, 25, 25], 1.0)],
            observe=_predicted,
        ),
        Check(
            "In the measure all classes count the same.",
            lambda rng: [
                _drawn(rng, 45, [70, 9, 30], 0.0),
                _drawn(rng, 30, [8, 8], 1.0),
                _drawn(rng, 20, [9, 50], 0.0),
            ],
            points=2,
            observe=_score,
        ),
        Check(
            "A class that none of these samples has does not count in it.",
            lambda rng: [_drawn(rng, 30, [50, 20, 6, 90], 0.0, [0, 2]), _drawn(rng, 1, [9, 9], 1.0)],
            observe=_score,
        ),
        Check(
            "It holds for ten classes.",
            lambda rng: [
                _drawn(rng, 200, list(rng.integers(1, 400, 10)), 1.3),
                _drawn(rng, 90, [7, 1, 30], 0.7, [1, 2]),
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "accuracy as the measure",
            "The predictions are right, but the number beside them is plain accuracy, in which a class counts as "
            "often as it occurs. By that measure somebody who always says calm looks excellent. Take each class's "
            "share first, then their mean.",
            _accuracy,
        ),
        Mistake(
            "added instead of subtracted",
            "The log prior is added, so that frequent classes are preferred twice. Adding it is right *in the loss, "
            "while training*: then the logits need not learn it. A trained model has learnt it, and it must come "
            "off.",
            _added,
        ),
        Mistake(
            "no logarithm",
            "The share itself is subtracted, not its logarithm. Logits are logarithms of probabilities: what "
            "multiplies these is a sum there. A share of 0.01 would take off nearly nothing, its logarithm is -4.6.",
            _no_logarithm,
        ),
        Mistake(
            "counts of the samples to be judged",
            "The shares come from `y`, the very labels that are to be predicted, and the model knows nothing of "
            "them: it has learnt the frequencies of the training part. Those are in `counts`.",
            _test_counts,
        ),
        Mistake(
            "probabilities instead of logits",
            "A softmax came first. Probabilities differ by 1 at most, and a log prior of -4.6 outweighs them all: "
            "the rarest class always wins. Subtract it from the logits.",
            _probabilities,
        ),
        Mistake(
            "absent classes count as not found",
            "The sum of the shares found is divided by the number of all classes, those too that no sample here has. "
            "Nothing of them could be found: take the mean over the classes that occur in `y`.",
            _all_classes,
        ),
        Mistake(
            "precision instead of recall",
            "Grouped by what was *predicted*: that is how often a verdict is right. Asked was how much of each "
            "*true* class is found.",
            _precision,
        ),
    ),
    reference=my_logit_adjust,
    reading=("mmteach.train.adjust_logits", "Menon and others 2021, ICLR, equations 9 and 10."),
)
