"""Make a trained model small: fewer bits for each weight, and no weights that hardly matter.

Quantising stores a weight as a whole number between -127 and 127, times a scale that many weights share. Pruning sets
the smallest weights to zero. Both change what the model computes; how much, only a test part can say. Neither makes a
model faster by itself: the numbers that are multiplied are as many as before, unless the arithmetic changes, too.

`infer.packed` writes what is left in fewer bytes; `infer.int8` multiplies whole numbers.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, TypeVar

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError

M = TypeVar("M", bound=nn.Module)


class Quantised(NamedTuple):
    """A weight as whole numbers: w is about q * scale.

    q : like w, int8, in [-levels, levels], levels = 2^(bits - 1) - 1.
    scale : float32, size 1 along every axis but the one that has scales of its own.
    bits : 2 to 8.
    """

    q: Tensor
    scale: Tensor
    bits: int


Weights: TypeAlias = dict[str, Quantised | Tensor]
"""By name: quantised, or float32, pruned or not."""


def quantise(w: Tensor, bits: int = 8, axis: int | None = 0) -> Quantised:
    """Round weights to whole multiples of a scale; the largest |w| becomes 127, zero stays zero.

    No weight moves by more than half a scale. One huge weight makes the scale of all that share it coarse: hence a
    scale for each output, not one for the whole matrix.

    Parameters
    ----------
    w : Tensor [shape=(R, ...), finite]
    axis : has a scale for each index: 0, rows, for linear layers and convolutions; None for one scale altogether.

    References
    ----------
    Jacob et al. 2018, CVPR, section 2.1, with zero point 0. Nagel et al. 2021, arXiv:2106.08295, section 2.2.

    >>> quantise(torch.tensor([[0.5, -1.0], [0.0, 0.0]])).q.tolist()
    [[64, -127], [0, 0]]
    """
    if not 2 <= bits <= 8:
        raise ParameterError(f"{bits} bits a weight; ask for 2 to 8")
    if not torch.isfinite(w).all():
        raise ParameterError("a weight is not a finite number, so it has no place on any scale: train anew")
    levels = 2 ** (bits - 1) - 1
    others = [d for d in range(w.ndim) if d != axis]
    largest = w.abs().amax(dim=others, keepdim=True)
    scale = torch.where(largest > 0, largest / levels, 1.0)  # a row of zeros has no scale: any will do
    return Quantised((w / scale).round().clamp(-levels, levels).to(torch.int8), scale, bits)


def dequantise(quantised: Quantised) -> Tensor:
    """Back to float32, to the nearest step of the scale."""
    return quantised.q * quantised.scale


def prune(weights: Mapping[str, Tensor], share: float, per_layer: bool = False) -> dict[str, Tensor]:
    """Set the weights with the smallest |w| to zero: round(share * n) of them, exactly, also where some are equal.

    Parameters
    ----------
    weights : {name: any shape}; not changed.
    share : 0 to below 1.
    per_layer : each tensor loses its share. Else all compete, and a layer of small weights may lose nearly everything.

    References
    ----------
    Han, Pool, Tran, Dally 2015, NeurIPS, section 3 (without training again afterwards).
    """
    if not 0 <= share < 1:
        raise ParameterError(f"share is {share:g}; give what is to be pruned from 0 to below 1")
    if not per_layer:
        flat = torch.cat([w.flatten() for w in weights.values()]) if weights else torch.zeros(0)
        parts = _without_smallest(flat, share).split([w.numel() for w in weights.values()])
    else:
        parts = tuple(_without_smallest(w.flatten(), share) for w in weights.values())
    return {name: part.view_as(w) for (name, w), part in zip(weights.items(), parts, strict=True)}


def _without_smallest(w: Tensor, share: float) -> Tensor:
    out = w.clone()
    out[w.abs().argsort(stable=True)[: round(share * len(w))]] = 0.0
    return out


def output_axes(model: nn.Module) -> dict[str, int]:
    """Weights worth compressing, those with two axes or more, and the axis along which their outputs lie.

    A linear layer and a convolution have a row for each output. A table of n-grams or words is a linear layer lying on
    its side: a column for each output. Biases and normalisations are few, and stay as they are.
    """
    return {
        f"{name}.{kind}".lstrip("."): 1 if isinstance(module, nn.Embedding) else 0
        for name, module in model.named_modules()
        for kind, weight in module.named_parameters(recurse=False)
        if weight.ndim >= 2
    }


@torch.no_grad()
def compress(
    model: M, bits: int | None = 8, share: float = 0.0, per_layer: bool = False, per_row: bool = True
) -> tuple[M, Weights]:
    """Prune, then quantise, a copy of a model; nothing is trained again.

    Parameters
    ----------
    bits : of each weight; None leaves floats.
    share : of weights to prune; 0 leaves all.
    per_row : a scale for each output; else one for each tensor.

    Returns
    -------
    model : an ordinary model with the weights that are left, as float32: as large in memory, and as fast, as before.
    weights : the same weights by name, as `infer.packed` stores them.
    """
    small, axes = copy.deepcopy(model).eval(), output_axes(model)
    state = small.state_dict()
    weights: Weights = dict(prune({name: state[name] for name in axes}, share, per_layer))
    for name, axis in axes.items():
        kept = weights[name]
        if bits is not None and isinstance(kept, Tensor):
            weights[name] = kept = quantise(kept, bits, axis if per_row else None)
        state[name].copy_(dequantise(kept) if isinstance(kept, Quantised) else kept)
    return small, weights
