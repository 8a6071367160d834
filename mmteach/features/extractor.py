"""What every extractor can do, and how several become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from mmteach.errors import ModelFileError, ParameterError
from mmteach.types import Media


class Extractor(Protocol):
    """Turns the cleaned media of one modality into arrays.

    `params()` are the choices, JSON; `state()` is what was learnt from the training part, arrays. Together they
    rebuild it.
    """

    name: ClassVar[str]

    def fit(self, media: Sequence[Any]) -> None:
        """Learn from the training part; most extractors have nothing to learn."""

    def __call__(self, media: Sequence[Any]) -> Sequence[np.ndarray] | np.ndarray:
        """Return one float32 array for each item."""

    def params(self) -> dict[str, Any]:
        """Return the keyword arguments that make this extractor again."""

    def state(self) -> dict[str, np.ndarray]:
        """Return what fit has learnt."""

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take what an earlier fit has learnt."""


class Stateless:
    """The part that extractors share which learn nothing."""

    def fit(self, media: Sequence[Media]) -> None:
        """Nothing is learnt."""

    def params(self) -> dict[str, Any]:
        """Return the fields."""
        return dict(vars(self))

    def state(self) -> dict[str, np.ndarray]:
        """Nothing was learnt."""
        return {}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Nothing to take."""


EXTRACTORS: dict[str, type] = {}


def register(cls: type) -> type:
    """Make an extractor known by its name, so that a saved pipeline can name it."""
    EXTRACTORS[cls.name] = cls  # type: ignore[attr-defined]
    return cls


@register
class Join:
    """Several extractors of the same media, one long vector: [LBP, HOG, eigenfaces].

    Parameters
    ----------
    parts : extractors that each give a vector.
    """

    name: ClassVar[str] = "join"

    def __init__(self, parts: Sequence[Extractor]) -> None:
        if not parts:
            raise ParameterError("Join was given no extractor; it needs at least one, for example LBP()")
        self.parts = tuple(parts)

    def fit(self, media: Sequence[Media]) -> None:
        """Fit every part on the same training media."""
        for part in self.parts:
            part.fit(media)

    def __call__(self, media: Sequence[Media]) -> np.ndarray:
        """N items -> (N, D_1 + D_2 + ...)."""
        return np.concatenate([np.asarray(part(media), dtype=np.float32) for part in self.parts], axis=1)

    def params(self) -> dict[str, Any]:
        """Return name and parameters of each part."""
        return {"parts": [{"name": p.name, "params": p.params()} for p in self.parts]}

    def state(self) -> dict[str, np.ndarray]:
        """Return the parts' states, keys prefixed by position."""
        return {f"{i}.{key}": value for i, part in enumerate(self.parts) for key, value in part.state().items()}

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Give each part its own."""
        for i, part in enumerate(self.parts):
            part.load_state({k.split(".", 1)[1]: v for k, v in state.items() if k.split(".", 1)[0] == str(i)})


def build_extractor(name: str, params: Mapping[str, Any]) -> Extractor:
    """Make an extractor from its name and parameters, as a saved pipeline states them."""
    if name not in EXTRACTORS:
        raise ModelFileError(f"no extractor is called {name!r}; known are {', '.join(sorted(EXTRACTORS))}")
    if name == Join.name:
        return Join([build_extractor(part["name"], part["params"]) for part in params["parts"]])
    return EXTRACTORS[name](**params)
