"""Cross-modal learning: two encoders are taught that what belongs together should point the same way.

No label is needed, only pairs: this picture goes with this sound. Every other sound of the batch serves as a wrong
answer. Where two pairs of a batch are of the same class, one's right answer is called wrong for the other, a *false
negative*; `ALIKE` says what to do about those when classes are known.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.batch import minibatches, take
from mmteach.errors import DataError, ParameterError
from mmteach.models.shared_space import LOG_SCALE_MOST, SharedSpace
from mmteach.train.loop import make_optimiser
from mmteach.train.recipe import Recipe, schedule_factor
from mmteach.types import Batch

ALIKE = ("wrong", "left out", "right")  # how other pairs of the same class count


def info_nce(a: Tensor, b: Tensor, log_scale: Tensor | float, y: Tensor | None = None, alike: str = "wrong") -> Tensor:
    """Symmetric InfoNCE: each a must find its own b among all of the batch, and each b its own a.

    The mean of two cross-entropies, along the rows and along the columns of the (N, N) cosines, times the scale.

    Parameters
    ----------
    a, b : (N, E), row i of both is a pair. They are brought to unit length here.
    log_scale : log of 1 / temperature; more than ln 100 counts as ln 100.
    y : (N,) classes of the pairs; only asked for where `alike` is not "wrong".
    alike : other pairs of the same class are "wrong" answers (plain CLIP), "left out" of the sums, or as "right" as
        the pair's own (then the loss is the mean over all right answers).

    References
    ----------
    Radford et al. 2021 (CLIP), ICML, figure 3. Several right answers: Khosla et al. 2020, NeurIPS, equation 2.

    >>> same = torch.ones(8, 4)  # nothing tells the pairs apart: each costs ln 8
    >>> round(info_nce(same, same, LOG_SCALE_MOST).item(), 4)
    2.0794
    """
    scores = cosines(a, b) * torch.as_tensor(log_scale).clamp(max=LOG_SCALE_MOST).exp()  # (N, N)
    itself = torch.eye(len(a), dtype=torch.bool, device=a.device)
    same = itself if alike == "wrong" else _same_class(y, alike)
    if alike == "left out":
        scores, same = scores.masked_fill(same & ~itself, -torch.inf), itself
    return (_find_partner(scores, same) + _find_partner(scores.T, same)) / 2


def cosines(a: Tensor, b: Tensor) -> Tensor:
    """(N, E), (M, E) -> (N, M) cosines of every a with every b."""
    return F.normalize(a, dim=1) @ F.normalize(b, dim=1).T


def _same_class(y: Tensor | None, alike: str) -> Tensor:
    if alike not in ALIKE or y is None:
        said = "no classes" if y is None else "classes"
        raise ParameterError(
            f"alike is {alike!r} with {said}; it is one of {', '.join(ALIKE)}, and all but the first need y (N,)"
        )
    return y[:, None] == y[None, :]


def _find_partner(scores: Tensor, right: Tensor) -> Tensor:
    """Mean surprise at the right answers of each row: (N, N) scores, (N, N) bool -> one number."""
    log_p = F.log_softmax(scores, dim=1)
    return -(log_p.masked_fill(~right, 0).sum(dim=1) / right.sum(dim=1)).mean()


class SpaceEpoch(NamedTuple):
    """One epoch: losses (validation NaN where there is none), the scale so far, the last learning rate, seconds."""

    number: int
    train_loss: float
    val_loss: float
    scale: float
    learning_rate: float
    seconds: float


def train_space(
    space: SharedSpace,
    train: Batch,
    val: Batch | None = None,
    recipe: Recipe | None = None,
    alike: str = "wrong",
    augment: Callable[[Batch, torch.Generator], Batch] | None = None,
) -> Iterator[SpaceEpoch]:
    """Train, and hand over after every epoch, so that somebody can look at the space in between.

    Parameters
    ----------
    space : of two modalities; changed in place.
    train, val : rows are pairs; rows that lack a side are left out.
    recipe : epochs, batch size (how many wrong answers each pair meets), optimiser, learning rate, schedule, seed.
    alike : as in `info_nce`; all but "wrong" look at the classes.
    augment : changes a training batch before each step.
    """
    recipe, train = recipe or Recipe(), pairs(train, space)
    val = None if val is None else pairs(val, space)
    generator = torch.Generator().manual_seed(recipe.seed)
    optimiser = _optimiser(space, recipe)
    n_steps, step = recipe.epochs * math.ceil(len(train.ids) / recipe.batch_size), 0
    for number in range(1, recipe.epochs + 1):
        start, total, seen, rate = time.perf_counter(), 0.0, 0, 0.0
        space.train()
        for batch in minibatches(train, recipe.batch_size, generator):
            rate = recipe.learning_rate * schedule_factor(recipe.schedule, min(1.0, step / max(1, n_steps - 1)))
            for group in optimiser.param_groups:
                group["lr"] = rate
            batch = batch if augment is None else augment(batch, generator)
            total += _learn(space, batch, optimiser, alike) * len(batch.ids)
            seen, step = seen + len(batch.ids), step + 1
        val_loss = math.nan if val is None else space_loss(space, val, recipe.batch_size, alike)
        space.eval()
        yield SpaceEpoch(number, total / seen, val_loss, space.scale, rate, time.perf_counter() - start)


def fit_space(
    space: SharedSpace,
    train: Batch,
    val: Batch | None = None,
    recipe: Recipe | None = None,
    alike: str = "wrong",
    augment: Callable[[Batch, torch.Generator], Batch] | None = None,
) -> list[SpaceEpoch]:
    """Train to the end and keep the epoch with the lowest validation loss; without validation, the last."""
    best, kept, epochs = math.inf, None, []
    for row in train_space(space, train, val, recipe, alike, augment):
        epochs.append(row)
        if row.val_loss < best:
            best, kept = row.val_loss, {k: v.clone() for k, v in space.state_dict().items()}
    if kept is not None:
        space.load_state_dict(kept)
    return epochs


def pairs(batch: Batch, space: SharedSpace) -> Batch:
    """Keep the rows that have both sides.

    Raises
    ------
    DataError : the space is not of two modalities, or fewer than two rows are left.
    """
    if len(space.modalities) != 2 or not set(space.modalities) <= set(batch.present):
        raise DataError(
            f"pairs need two modalities; the space has {', '.join(space.modalities)}, "
            f"the batch {', '.join(batch.present)}: choose two that every pair has"
        )
    one, other = (batch.present[m] for m in space.modalities)
    rows = (one & other).nonzero()[:, 0]
    if len(rows) < 2:
        raise DataError(f"{len(rows)} of {len(batch.ids)} samples have both sides; contrast needs two pairs or more")
    return take(batch, rows)


@torch.inference_mode()
def space_loss(space: SharedSpace, batch: Batch, size: int, alike: str = "wrong") -> float:
    """Loss without learning, in parts of `size` pairs: it grows with the number of wrong answers, so keep that."""
    space.eval()
    total = 0.0
    for part in minibatches(batch, size):
        a, b = space(part).values()
        total += float(info_nce(a, b, space.log_scale, part.y, alike)) * len(part.ids)
    return total / len(batch.ids)


def _learn(space: SharedSpace, batch: Batch, optimiser: torch.optim.Optimizer, alike: str) -> float:
    """One step down the gradient; return the loss before it."""
    optimiser.zero_grad(set_to_none=True)
    a, b = space(batch).values()
    loss = info_nce(a, b, space.log_scale, batch.y, alike)
    value = float(loss.detach())
    if not math.isfinite(value):
        raise ParameterError(f"the contrastive loss became {value}: lower the learning rate and start again")
    loss.backward()
    optimiser.step()
    with torch.no_grad():  # past the limit no gradient would bring the scale back
        space.log_scale.clamp_(max=LOG_SCALE_MOST)
    return value


def _optimiser(space: SharedSpace, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's; the scale is no weight, and nothing pulls it towards zero."""
    optimiser = make_optimiser(torch.nn.ModuleList([space.encoders, space.maps]), recipe)
    optimiser.add_param_group({"params": [space.log_scale], "weight_decay": 0.0})
    return optimiser
