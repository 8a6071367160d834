"""The fusions by the names that `--fusion` takes, and what each of them wants otherwise than the usual recipe."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mmteach.errors import ParameterError


class Fusing(NamedTuple):
    """A fusion by name.

    spec : as in ModelSpec.
    recipe : what it changes in the case's recipe.
    about : what it does, in a few words.
    """

    spec: Mapping[str, Any]
    recipe: Mapping[str, Any]
    about: str


# Chosen by cross-validation inside training parts of RAVDESS: who joins embeddings learns from the joint loss, and
# with as much weight on each modality's own loss as votes have, it would hardly be asked.
_JOINT: Mapping[str, Any] = MappingProxyType({"unimodal": 1.0})

NAMED: Mapping[str, Fusing] = MappingProxyType(
    {
        "product": Fusing({"name": "late", "learn": False}, {}, "mean of log-probabilities"),
        "mean": Fusing({"name": "late", "learn": False, "rule": "mean"}, {}, "mean of probabilities"),
        "weighted": Fusing({"name": "late"}, {}, "mean of log-probabilities, weights learnt"),
        "stacking": Fusing({"name": "stacking"}, {}, "regression on out-of-fold votes"),
        "concat": Fusing({"name": "concat", "dropout": 0.5}, _JOINT, "embeddings side by side, one layer"),
        "gated": Fusing({"name": "gated", "dropout": 0.5}, _JOINT, "a gate for each number"),
        "tensor": Fusing({"name": "tensor", "dropout": 0.5}, _JOINT, "all products between modalities"),
        "low_rank": Fusing({"name": "low_rank", "dropout": 0.5}, _JOINT, "products, by few factors"),
        "attention": Fusing({"name": "attention", "dropout": 0.5}, _JOINT, "each modality asks each other"),
        "bottleneck": Fusing({"name": "bottleneck", "dropout": 0.5}, _JOINT, "meeting through four tokens"),
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
