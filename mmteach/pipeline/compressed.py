"""A pipeline whose model was made small, and how its weights stand in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from mmteach.errors import ModelFileError
from mmteach.infer.compress import Weights
from mmteach.infer.compress import compress as compress_model
from mmteach.infer.packed import Packed, pack, to_float, unpack

if TYPE_CHECKING:
    from mmteach.pipeline.pipeline import Pipeline

PREFIX = "packed/"  # of the arrays of compressed weights; a name of a weight holds no slash


def compress(pipeline: Pipeline, bits: int | None, share: float, per_layer: bool, per_row: bool) -> Pipeline:
    """Do the work of Pipeline.compress."""
    spec, model = pipeline.fitted()
    small = pipeline.only(*pipeline.branches)
    small.spec, small.classes = spec, pipeline.classes
    small.temperature, small.threshold = pipeline.temperature, pipeline.threshold
    small.model, small.packed = compress_model(model, bits, share, per_layer, per_row)
    return small


def to_arrays(pipeline: Pipeline) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Compressed weights as arrays of a file, and what its description says of them.

    Only those that the model still has: whoever trained it further has weights that were never compressed.
    """
    arrays: dict[str, np.ndarray] = {}
    described: dict[str, Any] = {}
    state = pipeline.fitted()[1].state_dict()
    for name, weight in pipeline.packed.items():
        if name in state and torch.equal(to_float(weight), state[name]):
            packed = pack(weight)
            arrays |= {f"{PREFIX}{name}/{part}": a for part, a in packed.arrays.items()}
            described[name] = {"shape": list(packed.shape), "bits": packed.bits}
    return arrays, described


def from_arrays(arrays: Mapping[str, np.ndarray], described: Mapping[str, Any]) -> Weights:
    """Compressed weights of a file.

    Raises
    ------
    ModelFileError : arrays and description do not fit.
    """
    weights: Weights = {}
    for name, d in described.items():
        start = f"{PREFIX}{name}/"
        parts = {key.removeprefix(start): a for key, a in arrays.items() if key.startswith(start)}
        weights[name] = unpack(Packed(parts, tuple(int(n) for n in d["shape"]), int(d["bits"])))
    unknown = sorted(k for k in arrays if k.startswith(PREFIX) and k[len(PREFIX) :].rpartition("/")[0] not in weights)
    if unknown:
        raise ModelFileError(f"nothing needs its tensor {unknown[0]!r}")
    return weights
