"""What a proof of an exercise needs beside the exercise itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmteach.exercises.definition import Answer


@dataclass(frozen=True)
class Proof:
    """Other ways to write the same thing.

    Parameters
    ----------
    right : two right answers or more, written differently from the reference and from each other.
    variants : for each mistake, by its name, another way to write that mistake.
    """

    right: tuple[Answer, ...]
    variants: Mapping[str, Answer]
