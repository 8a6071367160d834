"""Vectors and landmarks as numbers, and the scaling that vectors need before a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import numpy as np

from mmteach.errors import ModelFileError, NotFittedError, ParameterError
from mmteach.features.extractor import Stateless, register


def landmark_geometry(points: np.ndarray) -> np.ndarray:
    """Landmarks as shape alone: where they lie, how far apart and in which direction, at no scale or place.

    The points are centred and divided by their root mean square distance from the centre (Kendall's pre-shape).
    Then come the distances between all pairs, and the cosine and sine of the angle of each point about the centre.

    Parameters
    ----------
    points : np.ndarray [shape=(N, L, 2), pixels (x, y)]

    Returns
    -------
    np.ndarray [shape=(N, 2 L + L (L - 1) / 2 + 2 L), float32]

    Raises
    ------
    ParameterError
        Where all points of a face coincide.
    """
    centred = points - points.mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=-1).mean(axis=1))[:, None, None]
    if not np.all(np.isfinite(size)) or np.any(size == 0):
        raise ParameterError("the landmarks of a face all coincide or are not finite: leave that cell empty instead")
    shape = centred / size  # (N, L, 2)
    i, j = np.triu_indices(points.shape[1], 1)
    distances = np.linalg.norm(shape[:, i] - shape[:, j], axis=-1)
    radius = np.maximum(np.linalg.norm(shape, axis=-1, keepdims=True), 1e-6)
    angles = shape / radius  # cosine and sine
    n = len(points)
    return np.concatenate([shape.reshape(n, -1), distances, angles.reshape(n, -1)], axis=1).astype(np.float32)


def standardise_within_group(x: np.ndarray, groups: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray]:
    """Give each group zero mean and unit deviation in every column.

    It uses a person's other samples, though no labels, and so assumes that several of them are at hand when a
    prediction is made. Never do it where the group is the label: it would erase what is asked for.

    Parameters
    ----------
    x : np.ndarray [shape=(N, D)]
    groups : N names; a group of fewer than 3, or None, is left alone.

    Returns
    -------
    (N, D) float32, and (N,) bool: which rows were changed.
    """
    out, done = x.astype(np.float32, copy=True), np.zeros(len(x), bool)
    names = np.array(["" if g is None else str(g) for g in groups])
    for name in sorted(set(names) - {""}):
        rows = names == name
        if rows.sum() >= 3:
            out[rows] = (x[rows] - x[rows].mean(axis=0)) / np.maximum(x[rows].std(axis=0), 1e-3)
            done |= rows
    return out, done


@register
class Landmarks(Stateless):
    """Landmarks as scale-free geometry; see `landmark_geometry`."""

    name: ClassVar[str] = "landmarks"

    def __call__(self, media: Sequence[np.ndarray]) -> np.ndarray:
        """N arrays (L, 2) -> (N, D)."""
        shapes = sorted({np.shape(points) for points in media})
        if len(shapes) != 1 or len(shapes[0]) != 2 or shapes[0][1] != 2 or shapes[0][0] < 3:
            raise ParameterError(f"landmarks have shapes {shapes[:3]}; every face needs the same (L, 2) with L >= 3")
        return landmark_geometry(np.stack(media).astype(np.float64))


@register
class Vector(Stateless):
    """A vector that comes with the sample, as it is."""

    name: ClassVar[str] = "vector"

    def __call__(self, media: Sequence[np.ndarray]) -> np.ndarray:
        """N arrays (D,) -> (N, D)."""
        shapes = sorted({np.shape(v) for v in media})
        if len(shapes) != 1 or len(shapes[0]) != 1:
            raise ParameterError(f"vectors have shapes {shapes[:3]}; every sample needs the same (D,)")
        return np.stack(media).astype(np.float32)


class Scale:
    """Standardise the columns of a feature: by the training part, or within each group.

    A sequence (T, D) is standardised column by column over all its frames and all sequences.

    Parameters
    ----------
    by : "train" subtracts the training mean and divides by the training deviation; "group" does it within each
        group of at least 3 samples (see `standardise_within_group`) and falls back to "train" elsewhere.
    """

    def __init__(self, by: Literal["train", "group"] = "train") -> None:
        if by not in ("train", "group"):
            raise ParameterError(f"by is {by!r}; it must be 'train' or 'group'")
        self.by = by
        self.mean: np.ndarray | None = None
        self.std: np.ndarray | None = None

    def fit(self, x: Sequence[np.ndarray] | np.ndarray) -> None:
        """N arrays (D,) or (T, D) of the training part -> mean and deviation, (D,) each."""
        rows, _ = _stacked(x)
        self.mean, std = rows.mean(axis=0), rows.std(axis=0)
        # A column that is almost constant in training would blow up any change at test time.
        self.std = np.maximum(std, 1e-2 * max(float(std.mean()), 1e-6)).astype(np.float32)

    def __call__(
        self, x: Sequence[np.ndarray] | np.ndarray, groups: Sequence[str | None]
    ) -> Sequence[np.ndarray] | np.ndarray:
        """N vectors -> (N, D) float32; N sequences (T, D) -> a list of N."""
        if self.mean is None or self.std is None:
            raise NotFittedError("Scale has no mean and deviation yet: call fit on the training features first")
        rows, lengths = _stacked(x)
        if rows.shape[1:] != self.mean.shape:
            raise ParameterError(
                f"features have shape {rows.shape[1:]}, the training part had {self.mean.shape}: take the same steps"
            )
        out = ((rows - self.mean) / self.std).astype(np.float32)
        if self.by == "group":
            within, done = standardise_within_group(rows, _of_rows(groups, lengths))
            out = np.where(done[:, None], within, out)
        return out if np.ndim(x[0]) == 1 else np.split(out, np.cumsum(lengths)[:-1])

    def state(self) -> dict[str, np.ndarray]:
        """Return mean and deviation."""
        return {} if self.mean is None or self.std is None else {"mean": self.mean, "std": self.std}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take them back."""
        mean, std = state["mean"], state["std"]
        if mean.ndim != 1 or mean.shape != std.shape or not np.all(std > 0):
            raise ModelFileError(f"mean {mean.shape} and deviation {std.shape} do not fit each other")
        self.mean, self.std = mean, std


def _stacked(x: Sequence[np.ndarray] | np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Vectors and frames of sequences, one below the other (R, D), and how many rows each array has."""
    parts = [np.atleast_2d(array) for array in x]
    return np.concatenate(parts), [len(part) for part in parts]


def _of_rows(groups: Sequence[str | None], lengths: Sequence[int]) -> list[str | None]:
    """The group of each row; None where it has fewer than 3 samples, for frames of one clip are no group."""
    size = Counter(groups)
    return [g if size[g] >= 3 else None for g, n in zip(groups, lengths, strict=True) for _ in range(n)]
