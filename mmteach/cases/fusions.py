"""The fusions by the names that `--fusion` takes, and how long each of them is trained."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mmteach.errors import ParameterError


class Fusing(NamedTuple):
    """A fusion by name.

    about : what it does, in a few words.
    spec : as in ModelSpec.
    longer : it is trained for so many times the case's usual number of epochs.
    """

    about: str
    spec: Mapping[str, Any]
    longer: float = 1.0


# Who joins embeddings has a layer more to learn than votes have. Chosen for concat by cross-validation inside training
# parts of RAVDESS, by actor; the parts together hold every actor, so what RAVDESS then gives is a little optimistic.
_LONGER = 5 / 3

NAMED: Mapping[str, Fusing] = MappingProxyType(
    {
        "product": Fusing("mean of log-probabilities", {"name": "late", "learn": False}),
        "mean": Fusing("mean of probabilities", {"name": "late", "learn": False, "rule": "mean"}),
        "weighted": Fusing("mean of log-probabilities, weights learnt", {"name": "late"}),
        "stacking": Fusing("regression on out-of-fold votes", {"name": "stacking"}),
        "concat": Fusing("embeddings side by side, one layer", {"name": "concat", "dropout": 0.3}, _LONGER),
        "gated": Fusing("a gate for each number", {"name": "gated", "dropout": 0.3}, _LONGER),
        "tensor": Fusing("all products between modalities", {"name": "tensor", "dropout": 0.3}, _LONGER),
        "low_rank": Fusing("products, by few factors", {"name": "low_rank", "dropout": 0.3}, _LONGER),
        "attention": Fusing("each modality asks each other", {"name": "attention", "dropout": 0.3}, _LONGER),
        "bottleneck": Fusing("meeting through four tokens", {"name": "bottleneck", "dropout": 0.3}, _LONGER),
    }
)


def named(name: str) -> Fusing:
    """Return a fusion by its name.

    Raises
    ------
    ParameterError : there is none of that name; it lists those there are.
    """
    name = {"late": "product"}.get(name, name)  # what late fusion is where nothing more is said
    if name not in NAMED:
        raise ParameterError(f"there is no fusion {name!r}; known are {', '.join(NAMED)}")
    return NAMED[name]
