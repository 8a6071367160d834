"""The types that pass between rooms: the map of the library.

    file -> Sample -> Sample (cleaned) -> Features -> Batch -> Output -> Prediction

Up to Features everything is numpy; from Batch to Output it is torch. Axis letters: B batch, T time, D feature,
E embedding, C class, K channel, H and W pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:  # types.py stays free of torch, so that `mmteach --help` does
    from torch import Tensor

Modality: TypeAlias = str  # "image", "audio", "text", "landmarks", "vector", ...: an open set


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it was stored.

    Parameters
    ----------
    pixels : np.ndarray [shape=(H, W) or (H, W, 3), uint8]
    orientation : EXIF orientation 1-8; 1 is upright. A camera that was turned writes the pixels as it saw
        them and this number beside them; `preprocess.Upright` turns them and sets it to 1.
    """

    pixels: np.ndarray
    orientation: int = 1


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Waveform:
    """A recording.

    Parameters
    ----------
    samples : np.ndarray [shape=(n,), float32, in [-1, 1]]
    sample_rate : Hz
    """

    samples: np.ndarray
    sample_rate: int


Media: TypeAlias = Image | Waveform | str | np.ndarray


@dataclass(frozen=True, slots=True)
class Sample:
    """One example: what was recorded of it, and what it is.

    Parameters
    ----------
    id : unique within its set.
    media : what each modality recorded. An absent modality is an absent key, never a zero.
    label : class name, or None where it is to be predicted.
    group : what a split must not cut: a person, a speaker, a video.
    meta : further columns, for display and for choosing another label.
    """

    id: str
    media: Mapping[Modality, Media]
    label: str | None = None
    group: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Features:
    """A sample as numbers.

    Parameters
    ----------
    x : for each modality present, float32: (D,) a vector, (T, D) a sequence or (K, H, W) a picture.
    """

    id: str
    x: Mapping[Modality, np.ndarray]
    label: str | None = None
    group: str | None = None


class Batch(NamedTuple):
    """Features of B samples, stacked.

    x[m] : (B, ...) float32; rows of absent samples are zero and must not be read: present[m] says which.
    mask[m] : (B, T) bool, True on real steps, only for modalities with time.
    present[m] : (B,) bool.
    y : (B,) int64 class index, or None at prediction.
    soft : (B, C) float32, the share of each class where samples were mixed (`train.mixup`); None: all of y.
    """

    ids: tuple[str, ...]
    x: dict[Modality, Tensor]
    mask: dict[Modality, Tensor]
    present: dict[Modality, Tensor]
    y: Tensor | None = None
    soft: Tensor | None = None


class Output(NamedTuple):
    """What a multimodal model says of a batch.

    logits : (B, C) of all modalities together.
    embeddings[m] : (B, E) of each modality.
    unimodal[m] : (B, C) logits of each modality by itself; rows of absent samples are zero.
    fused : (B, F) the joint representation before the head; verification compares it.
    """

    logits: Tensor
    embeddings: dict[Modality, Tensor]
    unimodal: dict[Modality, Tensor]
    fused: Tensor


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one sample.

    Parameters
    ----------
    label : the most probable class.
    probs : np.ndarray [shape=(C,), float64, sums to 1], in the order of the model's classes.
    contributions : what each modality added to the probability of `label` (Shapley values), where asked for.
    """

    id: str
    label: str
    probs: np.ndarray
    contributions: Mapping[Modality, float] = field(default_factory=dict)
