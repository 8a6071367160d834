"""Features -> Batch: stack, pad, mask, and say who is present. Here numpy ends and torch begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from mmteach.errors import DataError, ParameterError
from mmteach.types import Batch, Features, Modality


def collate(
    features: Sequence[Features], shapes: Mapping[Modality, tuple[int, ...]], classes: Sequence[str] | None = None
) -> Batch:
    """Stack the features of B samples into tensors.

    Parameters
    ----------
    features : of the B samples; a modality may be missing from any of them.
    shapes : the shape of one sample of each modality the model knows; a leading -1 means time, padded here.
    classes : with it, labels become indices into it.

    Returns
    -------
    Batch : rows of absent modalities are zero and marked absent.

    Raises
    ------
    DataError
        Where a label is not among the classes, or a sample has none of the modalities.
    """
    x, mask, present = {}, {}, {}
    for m in sorted(shapes):
        arrays = [f.x.get(m) for f in features]
        present[m] = torch.tensor([a is not None for a in arrays], dtype=torch.bool)
        if shapes[m][0] == -1:
            x[m], mask[m] = _pad(m, arrays, shapes[m][1:])
        else:
            x[m] = _stack(m, arrays, shapes[m])
    nobody = [f.id for f in features if not set(f.x) & set(shapes)]
    if nobody:
        raise DataError(
            f"sample {nobody[0]} has none of the modalities {', '.join(sorted(shapes))}: give at least one of them"
        )
    y = None if classes is None else torch.tensor(_indices(features, classes), dtype=torch.int64)
    return Batch(tuple(f.id for f in features), x, mask, present, y)


def _stack(m: Modality, arrays: Sequence[np.ndarray | None], shape: tuple[int, ...]) -> Tensor:
    out = np.zeros((len(arrays), *shape), np.float32)
    for row, array in zip(out, arrays, strict=True):
        if array is not None:
            if array.shape != shape:
                raise ParameterError(f"{m} has shape {array.shape}; the model was made for {shape}: use the same steps")
            row[...] = array
    return torch.from_numpy(out)


def _pad(m: Modality, arrays: Sequence[np.ndarray | None], step: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Sequences (T_i, ...) -> (B, T, ...) with zeros behind, and (B, T) True on real steps."""
    lengths = [0 if a is None else len(a) for a in arrays]
    out = np.zeros((len(arrays), max(1, *lengths) if lengths else 1, *step), np.float32)
    for row, array, n in zip(out, arrays, lengths, strict=True):
        if array is not None:
            if array.shape[1:] != step:
                raise ParameterError(f"steps of {m} have shape {array.shape[1:]}; the model was made for {step}")
            row[:n] = array
    mask = torch.arange(out.shape[1])[None, :] < torch.tensor(lengths)[:, None]
    return torch.from_numpy(out), mask


def _indices(features: Sequence[Features], classes: Sequence[str]) -> list[int]:
    index = {c: i for i, c in enumerate(classes)}
    nameless = [f.id for f in features if f.label is None]
    if nameless:
        raise DataError(f"sample {nameless[0]} has no label; training needs one: fill it in or leave the sample out")
    unknown = sorted({str(f.label) for f in features if f.label not in index})
    if unknown:
        raise DataError(
            f"label {unknown[0]!r} was not in the training part, which knows {len(classes)} classes: "
            "give every class at least one training sample, or use verification, which takes people never seen"
        )
    return [index[str(f.label)] for f in features]


def take(batch: Batch, rows: Tensor) -> Batch:
    """Pick rows of a batch; rows : (b,) int64. Sequences become as short as the longest one that is left."""
    mask = {m: k[rows] for m, k in batch.mask.items()}
    longest = {m: max(1, int(k.sum(dim=1).max())) if len(k) else 1 for m, k in mask.items()}
    return Batch(
        tuple(batch.ids[i] for i in rows.tolist()),
        {m: x[rows, : longest[m]] if m in longest else x[rows] for m, x in batch.x.items()},
        {m: k[:, : longest[m]] for m, k in mask.items()},
        {m: p[rows] for m, p in batch.present.items()},
        None if batch.y is None else batch.y[rows],
        None if batch.soft is None else batch.soft[rows],
    )


def minibatches(batch: Batch, size: int, generator: torch.Generator | None = None) -> Iterator[Batch]:
    """Cut a batch into parts of `size`; with a generator in random order, else in the order given.

    In random order a last part of a single sample is left out, since batch normalisation cannot train on one.
    """
    n = len(batch.ids)
    order = torch.arange(n) if generator is None else torch.randperm(n, generator=generator)
    for rows in order.split(size):
        if generator is None or len(rows) > 1 or n == 1:
            yield take(batch, rows)


def only(batch: Batch, keep: Sequence[Modality]) -> Batch:
    """Mark every modality but `keep` as absent; its rows become zero."""
    present = {m: p if m in keep else torch.zeros_like(p) for m, p in batch.present.items()}
    x = {m: v if m in keep else torch.zeros_like(v) for m, v in batch.x.items()}
    return batch._replace(present=present, x=x)
