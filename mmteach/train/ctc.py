"""Learn to write down speech without being told when each word was said: connectionist temporal classification."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.models.ctc import n_steps


class Strings(NamedTuple):
    """Recordings and the symbols that are said in them.

    Parameters
    ----------
    x : (B, T, D) float32, padded with 0.
    n_frames : (B,) int64, real frames of each.
    targets : (sum of n_targets,) int64, the symbols of all recordings end to end; 0, the blank, is none of them.
    n_targets : (B,) int64.
    """

    x: Tensor
    n_frames: Tensor
    targets: Tensor
    n_targets: Tensor


Draw: TypeAlias = Callable[[bool], Strings]


def padded(made: Sequence[np.ndarray], targets: Sequence[np.ndarray]) -> Strings:
    """Pad frames (T, D) with 0 to one length, a multiple of 32."""
    n = [len(x) for x in made]
    x = np.zeros((len(made), -(-max(n) // 32) * 32, made[0].shape[1]), np.float32)
    for row, one in zip(x, made, strict=True):
        row[: len(one)] = one
    lengths = torch.tensor([len(t) for t in targets])
    return Strings(torch.from_numpy(x), torch.tensor(n), torch.from_numpy(np.concatenate(targets)), lengths)


def ctc_loss(logits: Tensor, strings: Strings) -> Tensor:
    """Mean over recordings of -log p(string) per symbol, p being the sum over all paths that collapse to the string.

    A recording with fewer steps than its string needs counts as 0: nothing could write that.

    Parameters
    ----------
    logits : (B, T', S), symbol 0 is the blank.
    """
    log_probs = logits.log_softmax(dim=2).transpose(0, 1)  # (T', B, S), as PyTorch wants it
    steps = n_steps(strings.n_frames)
    return F.ctc_loss(log_probs, strings.targets, steps, strings.n_targets, zero_infinity=True)


def word_loss(logits: Tensor, strings: Strings) -> Tensor:
    """Cross-entropy of recordings that hold one word: the mean over steps says which. The blank takes no part."""
    if len(strings.targets) != len(logits):
        raise ParameterError(f"{len(logits)} recordings hold {len(strings.targets)} words; needs one word in each")
    steps = n_steps(strings.n_frames)
    real = torch.arange(logits.shape[1]) < steps[:, None]  # (B, T')
    mean = (logits[..., 1:] * real[..., None]).sum(dim=1) / steps[:, None]
    return F.cross_entropy(mean, strings.targets - 1)


def fit_ctc(
    model: nn.Module, draw: Draw, n_words: int, n_strings: int, learning_rate: float = 4e-3, progress: bool = False
) -> list[float]:
    """Learn single words first, then strings.

    At the beginning CTC soon learns that most steps are blank, and then for a long time nothing else: each symbol may
    stand anywhere, so that no step is told much. Who already knows the words finds the places quickly.

    Parameters
    ----------
    model : (B, T, D) -> (B, T', S); changed in place, and left in eval mode.
    draw : draw(True) gives a batch of single words, draw(False) one of strings.
    n_words, n_strings : steps of training with each.

    Returns
    -------
    The loss of every step. The last step's weights stay: nothing is chosen.
    """
    from tqdm.auto import trange

    total = n_words + n_strings
    optimiser = torch.optim.AdamW(model.parameters(), learning_rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, learning_rate, total_steps=total, pct_start=0.15)
    model.train()
    losses = []
    for step in trange(total, desc="training", unit="step", disable=not progress, leave=False):
        strings = draw(step < n_words)
        loss = (word_loss if step < n_words else ctc_loss)(model(strings.x), strings)
        losses.append(float(loss.detach()))
        if not math.isfinite(losses[-1]):
            raise ParameterError(f"the loss became {losses[-1]} in step {step + 1}: lower the learning rate")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        schedule.step()
    model.eval()
    return losses
