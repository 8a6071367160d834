"""A test in which a medium is missing: what a model is worth when the camera fails or nobody speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mmteach.errors import ParameterError
from mmteach.types import Modality, Sample

Missing = Mapping[Modality, float]
N_DRAWS = 10  # of the samples that lack a medium


def require_missing(missing: Missing, sources: Sequence[str]) -> None:
    """Look at what is to be hidden: media that the pipeline reads, shares from 0 to 1.

    Raises
    ------
    ParameterError : another medium, another number.
    """
    for m, share in missing.items():
        if m not in sources or not 0 <= share <= 1:
            known = ", ".join(sorted(set(sources)))
            raise ParameterError(f"cannot hide {share:g} of {m!r}: known are {known}, and a share is from 0 to 1")


def draws(samples: Sequence[Sample], medium: Modality, share: float, sources: Sequence[str]) -> list[list[Sample]]:
    """Take a medium from a share of the samples, `N_DRAWS` times; over all draws each lacks it about equally often.

    A single draw would also measure which samples it happened to hit. The media that are left count as well: where
    features are standardised within a group, they are by what is left of that group.
    """
    n = N_DRAWS if 0 < share < 1 else 1
    return [without(samples, medium, share, sources, draw / n) for draw in range(n)]


def without(
    samples: Sequence[Sample], medium: Modality, share: float, sources: Sequence[str], start: float = 0.0
) -> list[Sample]:
    """Take a medium from a share of the samples, at random but always the same ones; who has nothing else keeps it.

    Parameters
    ----------
    start : where in the random order those who lose it begin, as a share of all; after the last comes the first.

    >>> sample = Sample("a", {"text": "hello", "face": np.zeros(3)})
    >>> sorted(without([sample], "face", 1.0, ["text", "face"])[0].media)
    ['text']
    """
    order = np.roll(np.random.default_rng(0).permutation(len(samples)), -round(start * len(samples)))
    chosen = set(order[: round(share * len(samples))].tolist())
    others = set(sources) - {medium}
    return [
        replace(s, media={m: v for m, v in s.media.items() if m != medium})
        if i in chosen and others & set(s.media)
        else s
        for i, s in enumerate(samples)
    ]


def row_name(medium: Modality, share: float) -> str:
    """What a report calls the row.

    >>> row_name("face", 0.5)
    'fused, face missing in 50 %'
    """
    return f"fused, {medium} missing in {100 * share:g} %"
