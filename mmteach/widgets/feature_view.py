"""What a view of a feature must be able to do; the views themselves are in views_designed.py and views_learnt.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
from matplotlib.axes import Axes

from mmteach.widgets.figure import Plot, bare

SIDE = 64  # pixels of the cleaned pictures
Control: TypeAlias = tuple[str, int, int, int, int]  # (name, value, low, high, step) of a slider


class View(Protocol):
    """One feature on the page."""

    title: ClassVar[str]
    modality: ClassVar[str]
    controls: ClassVar[tuple[Control, ...]]
    columns: ClassVar[int]

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """Return the library's extractor with the parameters of the controls, fitted on the training media."""

    def make(self, plot: Plot) -> None:
        """Make the artists, once."""

    def draw(self, medium: Any, extractor: Any, values: dict[str, int]) -> str:
        """Give the artists this sample's data; return what can be seen, for the text alternative."""


def blank(ax: Axes, title: str, cmap: str = "gray") -> Any:
    """Axes with a picture in them, all black, whose pixels come later."""
    return bare(ax, title).imshow(np.zeros((SIDE, SIDE)), cmap=cmap, vmin=0, vmax=255)
