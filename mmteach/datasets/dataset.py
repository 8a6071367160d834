"""A set of samples that are read when they are asked for."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, overload

import numpy as np

from mmteach.datasets.media import read_media
from mmteach.datasets.sources import Source
from mmteach.errors import DataError, ParameterError
from mmteach.types import Modality, Sample


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a sample before any of its files is read.

    Parameters
    ----------
    media : where each modality is to be found; an absent modality is an absent key.
    split : "train", "val", "test", or None where the set does not say.
    where : the row's place for messages, as in "manifest.csv line 7"; "" where there is none.
    """

    id: str
    media: Mapping[Modality, Source]
    label: str | None = None
    group: str | None = None
    split: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""

    def read(self) -> Sample:
        """Read the row's files now."""
        try:
            media = {modality: read_media(modality, source) for modality, source in self.media.items()}
        except DataError as error:
            raise DataError(f"{self.where}: {error}" if self.where else str(error)) from error
        return Sample(self.id, media, self.label, self.group, self.meta)


class Dataset(Sequence[Sample]):
    """Samples in order; labels and groups are known at once, pictures and sounds are read when indexed.

    Parameters
    ----------
    card : markdown that says what the set is, how it was made and what it cannot teach; "" for one's own.
    synthetic : True where no real person was recorded.
    note : one sentence to be shown with every result, as in "synthetic people, rendered".
    """

    def __init__(
        self, rows: Iterable[Row], name: str, *, card: str = "", synthetic: bool = False, note: str = ""
    ) -> None:
        self.rows = tuple(rows)
        self.name, self.card, self.synthetic, self.note = name, card, synthetic, note

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Dataset: ...
    def __getitem__(self, index: int | slice) -> Sample | Dataset:
        """Read one sample; a slice gives a smaller set and reads nothing."""
        if isinstance(index, slice):
            return self._with(self.rows[index])
        return self.rows[operator.index(index)].read()

    def __repr__(self) -> str:
        kinds = ", ".join(self.modalities)
        return f"Dataset({self.name!r}: {len(self)} samples, {len(self.classes)} classes, {kinds})"

    @property
    def ids(self) -> np.ndarray:
        """np.ndarray [shape=(n,), str]."""
        return column([row.id for row in self.rows])

    @property
    def labels(self) -> np.ndarray:
        """np.ndarray [shape=(n,), str; dtype object where a label is None]."""
        return column([row.label for row in self.rows])

    @property
    def groups(self) -> np.ndarray:
        """np.ndarray [shape=(n,), str; dtype object where a group is None]."""
        return column([row.group for row in self.rows])

    @property
    def splits(self) -> np.ndarray:
        """np.ndarray [shape=(n,), "train", "val" or "test"; dtype object where a split is None]."""
        return column([row.split for row in self.rows])

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """Every modality that at least one sample has, sorted."""
        return tuple(sorted({modality for row in self.rows for modality in row.media}))

    @property
    def classes(self) -> tuple[str, ...]:
        """The distinct labels, sorted."""
        return tuple(sorted({row.label for row in self.rows if row.label is not None}))

    def subset(self, indices: Iterable[int]) -> Dataset:
        """The samples at these positions, in this order; nothing is read."""
        return self._with(self.rows[operator.index(i)] for i in indices)

    def relabel(self, name: str) -> Dataset:
        """The same samples with a meta column as their label; the old label stays in meta["label"].

        Parameters
        ----------
        name : a meta column, as in "expression"; rows where it is empty get no label.

        Raises
        ------
        ParameterError : no row has such a column.
        """
        known = sorted({key for row in self.rows for key in row.meta})
        if name not in known:
            listed = ", ".join(known) or "none"
            raise ParameterError(f"set '{self.name}' has no column {name!r} to label by; its further columns: {listed}")
        return self._with(
            replace(row, label=str(row.meta.get(name) or "") or None, meta={**row.meta, "label": row.label})
            for row in self.rows
        )

    def described(self, card: str, synthetic: bool, note: str) -> Dataset:
        """The same samples under another description."""
        return Dataset(self.rows, self.name, card=card, synthetic=synthetic, note=note)

    def _with(self, rows: Iterable[Row]) -> Dataset:
        return Dataset(rows, self.name, card=self.card, synthetic=self.synthetic, note=self.note)


def column(values: Sequence[str | None]) -> np.ndarray:
    """Values as np.ndarray [shape=(n,)] of str, or of object where one is None."""
    return np.array(values, dtype=object if None in values else str)


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts s2 before s10.

    >>> sorted(["s10", "s2", "s1"], key=natural_key)
    ['s1', 's2', 's10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((0, int(part), part) if part[0] in "0123456789" else (1, 0, part.casefold()) for part in parts)
