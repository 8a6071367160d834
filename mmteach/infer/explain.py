"""Why did it say so? What each modality added, and which part of a picture mattered."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
import torch
from torch import Tensor, nn

from mmteach.batch import only
from mmteach.errors import ParameterError
from mmteach.types import Batch, Modality


def modality_shapley(
    probs_of: Callable[[Batch], np.ndarray], batch: Batch, target: np.ndarray
) -> dict[Modality, np.ndarray]:
    """Share the probability of the target class out among the modalities, exactly, over all subsets.

    The value of a set of modalities is the probability with the others marked absent; with all absent it is 1/C,
    since a model that is given nothing can only guess. The shares sum to p(all) - 1/C.

    Parameters
    ----------
    probs_of : Batch -> (N, C) probabilities.
    target : (N,) class index.

    Returns
    -------
    {modality: (N,) float64}; 0 for a modality that the sample does not have.

    References
    ----------
    Shapley 1953.
    """
    names = sorted(batch.present)
    if len(names) > 12:
        raise ParameterError(f"{len(names)} modalities have {2 ** len(names)} subsets; exact shares take at most 12")
    rows = np.arange(len(batch.ids))
    value: dict[frozenset[str], np.ndarray] = {}
    for size in range(len(names) + 1):
        for subset in combinations(names, size):
            part = only(batch, subset)
            some = torch.stack(list(part.present.values())).any(dim=0).numpy()  # somebody to ask
            probs = probs_of(part)
            value[frozenset(subset)] = np.where(some, probs[rows, target], 1 / probs.shape[1])
    return {m: _share(m, names, value) for m in names}


def _share(m: Modality, names: list[Modality], value: dict[frozenset[str], np.ndarray]) -> np.ndarray:
    """Mean, over all orders of arrival, of what m adds when it arrives."""
    others, n = [k for k in names if k != m], len(names)
    total = np.zeros_like(value[frozenset()])
    for size in range(n):
        weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
        for subset in combinations(others, size):
            before = frozenset(subset)
            total += weight * (value[before | {m}] - value[before])
    return total


def occlusion(
    model: nn.Module, batch: Batch, modality: Modality, target: int, window: int = 12, stride: int = 4
) -> np.ndarray:
    """Slide a grey window over a picture and see how far the probability of the target falls (captum).

    Parameters
    ----------
    batch : of one sample, whose `modality` is a picture (1, K, H, W).
    window, stride : pixels.

    Returns
    -------
    np.ndarray [shape=(H, W), float32]: high where hiding hurts, so where the answer came from.

    References
    ----------
    Zeiler, Fergus 2014, ECCV, section 4.2.
    """
    from captum.attr import Occlusion

    picture = _one_picture(batch, modality)
    if not 1 <= stride <= window <= min(picture.shape[-2:]):
        raise ParameterError(
            f"window {window}, stride {stride}; needs 1 <= stride <= window <= {min(picture.shape[-2:])}"
        )
    shape = (picture.shape[1], window, window)
    with torch.inference_mode():
        drop = Occlusion(_probability(model, batch, modality)).attribute(
            picture, target=target, sliding_window_shapes=shape, strides=(1, stride, stride), perturbations_per_eval=64
        )
    return drop[0].mean(dim=0).numpy()


def integrated_gradients(
    model: nn.Module, batch: Batch, modality: Modality, target: int, n_steps: int = 32
) -> np.ndarray:
    """Add up the gradient of the target's probability along the way from a grey picture to this one (captum).

    Returns
    -------
    np.ndarray [shape=(H, W), float32], summed over channels.

    References
    ----------
    Sundararajan, Taly, Yan 2017, ICML, equation 1.
    """
    from captum.attr import IntegratedGradients

    picture = _one_picture(batch, modality)
    explain = IntegratedGradients(_probability(model, batch, modality))
    return explain.attribute(picture, target=target, n_steps=n_steps)[0].sum(dim=0).detach().numpy().astype(np.float32)


def _one_picture(batch: Batch, modality: Modality) -> Tensor:
    if modality not in batch.x or batch.x[modality].ndim != 4 or len(batch.ids) != 1:
        raise ParameterError(f"{modality!r} of a batch of {len(batch.ids)} is not one picture: give a single picture")
    return batch.x[modality]


def _probability(model: nn.Module, batch: Batch, modality: Modality) -> Callable[[Tensor], Tensor]:
    """Probabilities as a function of one modality's tensor, the others held as they are."""
    model.eval()

    def probability(x: Tensor) -> Tensor:
        rows = torch.zeros(len(x), dtype=torch.int64)
        full = Batch(
            batch.ids * len(x),
            {m: x if m == modality else v[rows] for m, v in batch.x.items()},
            {m: v[rows] for m, v in batch.mask.items()},
            {m: v[rows] for m, v in batch.present.items()},
        )
        return model(full).logits.softmax(dim=1)

    return probability
