"""The way of one modality, from a medium of the sample to the array that its encoder takes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from mmteach.errors import DataError
from mmteach.features import Extractor, Scale
from mmteach.preprocess import Step, apply_steps, fit_steps
from mmteach.preprocess.augment import RandAugment, RandomView, SpecAugment, Speed
from mmteach.train import Listening, words_of
from mmteach.types import Media, Modality, Sample


class Branch:
    """Steps, extractor and scaling of one modality, fitted together on the training part.

    Two branches may read the same medium: a face's pixels, and the features computed from them.

    Parameters
    ----------
    source : the medium it reads, a key of Sample.media.
    extractor : cleaned media -> arrays.
    steps : preprocessing, in order.
    scale : standardise a vector feature by the "train" part or within each "group"; None leaves it.
    encoder : {"name": one of ENCODERS, ...its arguments}.
    augment : views of training media. RandomView, where the extractor gives pictures, and SpecAugment, where it gives
        spectrograms, make new ones at each step.
    n_views : with the others, so many views are made of each training medium before its features are computed, and
        each step takes one of them or the original.
    listening : for an encoder "listener": it first learns to write down what training samples say.
    """

    def __init__(
        self,
        source: Modality,
        extractor: Extractor,
        steps: Sequence[Step] = (),
        scale: Literal["train", "group"] | None = None,
        encoder: Mapping[str, Any] | None = None,
        augment: RandomView | Speed | SpecAugment | RandAugment | None = None,
        n_views: int = 0,
        listening: Listening | None = None,
    ) -> None:
        self.source, self.extractor, self.steps = source, extractor, tuple(steps)
        self.scale = Scale(scale) if scale else None
        self.encoder = dict(encoder or {"name": "mlp"})
        self.augment, self.n_views, self.listening = augment, n_views, listening
        self.bank: dict[str, np.ndarray] = {}  # id -> (1 + n_views, D), of the training part only

    def copy(self) -> Branch:
        """Return a branch of its own: fitting one must not reach the other."""
        return copy.deepcopy(self)

    def encoder_spec(self) -> dict[str, Any]:
        """What the encoder is to be made with; an encoder of tokens must know how many there are."""
        n_tokens = getattr(self.extractor, "n_tokens", None)
        return self.encoder if n_tokens is None else {**self.encoder, "n_tokens": n_tokens}

    def fit(self, samples: Sequence[Sample]) -> list[np.ndarray | None]:
        """Learn from the training part; return its arrays, None where a sample lacks the medium."""
        rows, media = self._media(samples)
        if not rows:
            raise DataError(f"no training sample has {self.source!r}: leave out the modality that is made from it")
        if self.steps:
            self.steps, media = fit_steps(media, self.steps)
        if self.listening is not None:
            self.encoder = {**self.encoder, "words": list(words_of(self.said([samples[i] for i in rows])))}
        self.extractor.fit(media)
        arrays = self.extractor(media)
        if self.scale is not None:
            self.scale.fit(arrays)
        originals = self._scaled(samples, rows, arrays)
        self.bank = self._views(samples, rows, media, originals)
        return originals

    def said(self, samples: Sequence[Sample]) -> list[str]:
        """What is said in each training sample: the column, else its text; "" where nobody wrote it down."""
        column = self.listening.column if self.listening else ""
        return [str(s.meta.get(column) or s.media.get("text") or "") for s in samples]

    def changed(self, ids: Sequence[str], x: Tensor, generator: torch.Generator, mask: Tensor | None = None) -> Tensor:
        """Training arrays of a batch (B, ...) with each sample seen in another way; mask : of real steps, (B, T)."""
        if isinstance(self.augment, SpecAugment) and x.ndim == 3:
            return self.augment(x, generator, mask)
        if isinstance(self.augment, RandomView) and x.ndim == 4:
            return self.augment(x, generator)
        if not self.bank:
            return x
        which = torch.randint(0, 1 + self.n_views, (len(ids),), generator=generator).tolist()
        rows = [
            self.bank[i][k] if i in self.bank else x[b].numpy() for b, (i, k) in enumerate(zip(ids, which, strict=True))
        ]
        return torch.from_numpy(np.stack(rows))

    def _views(
        self,
        samples: Sequence[Sample],
        rows: Sequence[int],
        media: Sequence[Media],
        originals: Sequence[np.ndarray | None],
    ) -> dict[str, np.ndarray]:
        """Features of views of the training media, always the same ones."""
        if self.augment is None or isinstance(self.augment, SpecAugment) or not self.n_views:
            return {}
        generator, kept = torch.Generator().manual_seed(0), [originals]
        for k in range(self.n_views):
            seen: list[Media] = [self.augment.view(medium, k, generator) for medium in media]  # type: ignore[arg-type]
            kept.append(self._scaled(samples, rows, self.extractor(seen)))
        return {samples[i].id: np.stack([arrays[i] for arrays in kept]) for i in rows}  # type: ignore[misc]

    def clean(self, sample: Sample) -> Media | None:
        """The sample's medium after the steps; None where it has none."""
        medium = sample.media.get(self.source)
        return medium if medium is None or not self.steps else apply_steps(medium, self.steps)

    def extract(self, cleaned: Sequence[Media | None], samples: Sequence[Sample]) -> list[np.ndarray | None]:
        """Cleaned media -> arrays, with what was learnt in training."""
        rows = [i for i, medium in enumerate(cleaned) if medium is not None]
        arrays = self.extractor([m for m in cleaned if m is not None]) if rows else []
        return self._scaled(samples, rows, arrays)

    def _media(self, samples: Sequence[Sample]) -> tuple[list[int], list[Media]]:
        rows = [i for i, s in enumerate(samples) if self.source in s.media]
        return rows, [samples[i].media[self.source] for i in rows]

    def _scaled(
        self, samples: Sequence[Sample], rows: Sequence[int], arrays: Sequence[np.ndarray] | np.ndarray
    ) -> list[np.ndarray | None]:
        """Scale, and put each array back to its sample."""
        out: list[np.ndarray | None] = [None] * len(samples)
        if rows and self.scale is not None:
            arrays = self.scale(arrays, [_who(samples[i]) for i in rows])
        for i, array in zip(rows, arrays, strict=True):
            out[i] = array
        return out


def _who(sample: Sample) -> str | None:
    """Whose sample it is: in a composed set, whose groups are blocks of several speakers, the speaker."""
    return sample.meta.get("speaker") or sample.group
