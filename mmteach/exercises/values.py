"""Compare what two answers gave, and show a value in one line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

_LONGEST = 160  # characters of a value that are shown


def same(a: Any, b: Any, tolerance: float = 1e-4) -> bool:
    """Whether two values are equal as far as a learner's answer goes: 2, 2.0 and a tensor of 2 are.

    Parameters
    ----------
    tolerance : relative; beside it a hundredth of it counts absolutely. NaN equals NaN.
    """
    a, b = plain(a), plain(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return set(a) == set(b) and all(same(a[k], b[k], tolerance) for k in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and _equal(a, b, tolerance)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and bool(a == b)


def _equal(a: np.ndarray, b: np.ndarray, tolerance: float) -> bool:
    if a.dtype.kind in "biufc" and b.dtype.kind in "biufc":
        with np.errstate(all="ignore"):
            return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance / 100, equal_nan=True))
    return bool(np.array_equal(a, b))


def plain(value: Any) -> Any:
    """Numbers, sequences of numbers, arrays and tensors become arrays; tuples become lists."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        return value.resolve_conj().resolve_neg().numpy() if value.dtype != torch.bfloat16 else value.float().numpy()
    if isinstance(value, bool | int | float | complex | np.generic | np.ndarray):
        return np.asarray(value)
    if isinstance(value, list | tuple):
        items = [plain(item) for item in value]
        numbers = bool(items) and all(isinstance(item, np.ndarray) and item.dtype.kind in "biufc" for item in items)
        alike = numbers and len({item.shape for item in items}) == 1
        return np.stack(items) if alike else items
    return value


def show(value: Any) -> str:
    """One line for a value: numbers themselves, arrays with their shape.

    >>> show((0.1, 2))
    '(0.1, 2)'
    """
    torch = sys.modules.get("torch")
    if isinstance(value, np.ndarray) or (torch is not None and isinstance(value, torch.Tensor)):
        array, kind = plain(value), "array" if isinstance(value, np.ndarray) else "tensor"
        if array.ndim == 0:
            return _number(array[()])
        text = np.array2string(array, precision=4, threshold=12, edgeitems=3, separator=", ", suppress_small=True)
        return _short(f"{kind} {array.shape}: {' '.join(text.split())}")
    if isinstance(value, Mapping):
        return _short("{" + ", ".join(f"{k}: {show(v)}" for k, v in value.items()) + "}")
    if isinstance(value, list | tuple) and len(value) < 50:
        inside = ", ".join(show(v) for v in value)
        return _short(f"[{inside}]" if isinstance(value, list) else f"({inside})")
    return _number(value) if isinstance(value, float | np.generic) else _short(repr(value))


def _number(value: Any) -> str:
    return f"{float(value):.6g}" if isinstance(value, float | np.floating) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
