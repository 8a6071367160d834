"""Any set as vectors that need no fitting: nothing can leak from a test through them, and they are computed once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mmteach.datasets import Dataset, drop_duplicates
from mmteach.errors import DataError
from mmteach.features import HOG, Landmarks, Vector, VoiceStatistics, ngrams, tokenise
from mmteach.preprocess import Grey, Resample, Resize, Step, Trim, Upright, apply_steps
from mmteach.types import Media, Modality

WIDTH = 1024  # of a text's vector: n-grams are hashed to so many places
STEPS: dict[Modality, tuple[Step, ...]] = {
    "audio": (Resample(16_000), Trim()),
    "image": (Upright(), Grey(), Resize(64, 64)),
}


class Vectors(NamedTuple):
    """A set as numbers.

    x[m] : (N, D) float32.
    y : (N,) str.
    classes : most frequent first; ties in order of the name.
    """

    dataset: Dataset
    ids: tuple[str, ...]
    x: dict[Modality, np.ndarray]
    y: np.ndarray
    classes: tuple[str, ...]


def vectors(dataset: Dataset) -> Vectors:
    """Describe every labelled sample that has all modalities of the set; copies are dropped first.

    Raises
    ------
    DataError : fewer than two classes are left.
    """
    distinct, _ = drop_duplicates(dataset)
    modalities = distinct.modalities
    whole = [i for i, r in enumerate(distinct.rows) if r.label is not None and set(r.media) == set(modalities)]
    kept = distinct.subset(whole)
    names, counts = np.unique(kept.labels.astype(str), return_counts=True)
    if len(names) < 2:
        raise DataError(
            f"'{dataset.name}' has {len(names)} {'class' if len(names) == 1 else 'classes'} with all of "
            f"{', '.join(modalities)}; an imbalance needs two: take another set, or another label"
        )
    classes = tuple(str(names[i]) for i in np.lexsort((names, -counts)))
    samples = list(kept)
    x = {m: describe(m, [s.media[m] for s in samples]) for m in modalities}
    return Vectors(kept, tuple(s.id for s in samples), x, kept.labels.astype(str), classes)


def describe(m: Modality, media: list[Media]) -> np.ndarray:
    """N media -> (N, D) float32: statistics of a voice, edges of a picture, hashed n-grams of a text."""
    if m == "text":
        return hashed([str(text) for text in media])
    extractor = {"audio": VoiceStatistics(), "image": HOG(cell=8), "landmarks": Landmarks()}.get(m, Vector())
    cleaned = [apply_steps(item, STEPS[m]) for item in media] if m in STEPS else media
    return np.stack(list(extractor(cleaned))).astype(np.float32)  # type: ignore[operator]


def hashed(texts: list[str]) -> np.ndarray:
    """Words and pairs of words, each sent to one of WIDTH places by a fixed hash, at unit length: (N, WIDTH) float32.

    Unlike tf-idf it learns no vocabulary. Some n-grams share a place: the price.

    References
    ----------
    Weinberger et al. 2009, ICML.
    """
    from sklearn.feature_extraction.text import HashingVectorizer

    def cut(text: str) -> list[str]:
        tokens = tokenise(text.lower())
        return [*tokens, *ngrams(tokens, 2)]

    return np.asarray(HashingVectorizer(analyzer=cut, n_features=WIDTH, dtype=np.float32).transform(texts).toarray())
