"""A gallery of people: enrol them with a few photos, then ask who somebody is, without training anew."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mmteach.errors import ParameterError


class Match(NamedTuple):
    """One enrolled person and the cosine between them and the photo asked about."""

    name: str
    cosine: float


class Gallery:
    """Enrolled people, each the mean direction of their photos' embeddings."""

    def __init__(self) -> None:
        self._photos: dict[str, np.ndarray] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Who is enrolled, in the order of enrolment."""
        return tuple(self._photos)

    def n_photos(self, name: str) -> int:
        """How many photos of one person were enrolled."""
        return len(self._photos[name])

    def enrol(self, name: str, embeddings: np.ndarray) -> None:
        """Add a person, or further photos of one who is there.

        Parameters
        ----------
        embeddings : np.ndarray [shape=(n, F)]; of any length: each is brought to unit length before the mean is
            taken, so that no photo speaks louder than another.
        """
        if not name.strip():
            raise ParameterError("the name is empty: type a name for the person, then enrol")
        rows = np.atleast_2d(np.asarray(embeddings, dtype=np.float64))
        width = {p.shape[1] for p in self._photos.values()}
        if rows.size == 0 or (width and rows.shape[1] not in width):
            raise ParameterError(f"embeddings have shape {rows.shape}; needs (n, {width or 'F'}) with n >= 1")
        known = self._photos.get(name.strip(), np.zeros((0, rows.shape[1])))
        self._photos[name.strip()] = np.concatenate([known, _unit(rows)])

    def remove(self, name: str) -> None:
        """Forget a person; one who was never there is no error."""
        self._photos.pop(name, None)

    def match(self, embedding: np.ndarray) -> list[Match]:
        """Everyone enrolled, most alike first.

        Parameters
        ----------
        embedding : np.ndarray [shape=(F,)]
        """
        if not self._photos:
            raise ParameterError("nobody is enrolled yet: enrol at least one person first")
        query = _unit(np.atleast_2d(np.asarray(embedding, dtype=np.float64)))[0]
        found = [
            Match(n, float(_unit(rows.mean(axis=0, keepdims=True))[0] @ query)) for n, rows in self._photos.items()
        ]
        return sorted(found, key=lambda m: -m.cosine)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
