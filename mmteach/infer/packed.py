"""Write compressed weights in fewer bytes, and read the very same numbers back.

Zeros of a dense file cost as much as other numbers: pruning alone makes no file smaller. What does is to say where the
others stand and store only those. Their indices would cost 4 bytes each; a map with one bit a weight costs 1/8 byte for
every weight, whether it is zero or not, and is smaller as soon as more than one weight in 32 is left.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mmteach.errors import ModelFileError
from mmteach.infer.compress import Quantised, Weights, dequantise

_KINDS = {8: np.int8, 32: np.float32}


class Packed(NamedTuple):
    """One weight, ready to be written.

    arrays : "values" (int8, float32, or uint8 with several numbers packed into its bits), and where needed "scale" and
        "where", the map of a sparse weight: a bit for each number, 1 where it is not zero.
    shape : of the weight.
    bits : of each value, 2 to 8 or 32.
    """

    arrays: dict[str, np.ndarray]
    shape: tuple[int, ...]
    bits: int

    @property
    def n_bytes(self) -> int:
        """Bytes that the arrays take."""
        return sum(a.nbytes for a in self.arrays.values())


def pack(weight: Quantised | Tensor) -> Packed:
    """Store densely, or with a map of what is not zero, whichever is smaller."""
    arrays: dict[str, np.ndarray] = {}
    if isinstance(weight, Quantised):
        numbers, bits = weight.q.numpy(), weight.bits
        arrays["scale"] = weight.scale.numpy()
    else:
        numbers, bits = weight.numpy(), 32
    left = numbers.ravel() != 0
    dense, sparse = left.size * bits, left.size + int(left.sum()) * bits
    values = numbers.ravel()
    if sparse < dense:
        arrays["where"], values = np.packbits(left), values[left]
    arrays["values"] = values.copy() if bits in _KINDS else _to_bits(values, bits)
    return Packed(arrays, tuple(numbers.shape), bits)


def unpack(packed: Packed) -> Quantised | Tensor:
    """Return what was packed, bit for bit.

    Raises
    ------
    ModelFileError : the arrays do not fit each other.
    """
    arrays, n = packed.arrays, math.prod(packed.shape)
    known = {"values", "where"} if packed.bits == 32 else {"values", "where", "scale"}
    if not 2 <= packed.bits <= 8 and packed.bits != 32:
        raise ModelFileError(f"a compressed weight has {packed.bits} bits; 2 to 8 or 32 are possible")
    if n < 0 or "values" not in arrays or not set(arrays) <= known or (packed.bits != 32) != ("scale" in arrays):
        raise ModelFileError(f"a compressed weight of shape {packed.shape} has parts {sorted(arrays)}")
    where = arrays.get("where")
    if where is not None and (where.dtype != np.uint8 or where.shape != (-(-n // 8),)):
        raise ModelFileError(f"the map of a sparse weight of shape {packed.shape} has shape {where.shape}")
    left = None if where is None else np.unpackbits(where, count=n).astype(bool)
    values = _numbers(arrays["values"], packed.bits, n if left is None else int(left.sum()))
    if left is not None:
        values, some = np.zeros(n, values.dtype), values
        values[left] = some
    whole = torch.from_numpy(values.reshape(packed.shape).copy())
    return whole if packed.bits == 32 else Quantised(whole, _scale(arrays["scale"], packed.shape), packed.bits)


def to_float(weight: Quantised | Tensor) -> Tensor:
    """Return the weight as the model uses it."""
    return dequantise(weight) if isinstance(weight, Quantised) else weight


def n_bytes(weights: Weights) -> int:
    """Bytes of compressed weights in a file."""
    return sum(pack(w).n_bytes for w in weights.values())


def _scale(scale: np.ndarray, shape: tuple[int, ...]) -> Tensor:
    fits = len(scale.shape) == len(shape) and all(a in (1, b) for a, b in zip(scale.shape, shape, strict=True))
    if scale.dtype != np.float32 or not fits:
        raise ModelFileError(f"scales of shape {scale.shape}, {scale.dtype} fit no weight of shape {shape}")
    return torch.from_numpy(scale.copy())


def _numbers(stored: np.ndarray, bits: int, n: int) -> np.ndarray:
    kind, length = (_KINDS[bits], n) if bits in _KINDS else (np.uint8, -(-n * bits // 8))
    if stored.dtype != kind or stored.shape != (length,):
        raise ModelFileError(f"{n} values of {bits} bits are stored as {stored.dtype}, {stored.shape}")
    return stored if bits in _KINDS else _from_bits(stored, bits, n)


def _to_bits(q: np.ndarray, bits: int) -> np.ndarray:
    """Whole numbers (n,) in [-levels, levels] -> their bits one behind the other, (n * bits / 8,) uint8."""
    positive = (q.astype(np.int16) + 2 ** (bits - 1)).astype(np.uint8)
    return np.packbits(np.unpackbits(positive[:, None], axis=1)[:, 8 - bits :])


def _from_bits(stored: np.ndarray, bits: int, n: int) -> np.ndarray:
    """The way back, (n,) int8."""
    table = np.zeros((n, 8), np.uint8)
    table[:, 8 - bits :] = np.unpackbits(stored, count=n * bits).reshape(n, bits)
    return (np.packbits(table, axis=1)[:, 0].astype(np.int16) - 2 ** (bits - 1)).astype(np.int8)
