"""What AugmentLab shows: two pictures side by side, and a badge that says whether the label still holds."""

from __future__ import annotations

import html

import numpy as np

from mmteach.preprocess.augment.labels import Verdict
from mmteach.types import Image
from mmteach.widgets.figure import BLUE, ORANGE, VERMILION, Plot, bare

# Never by colour alone: each state has a mark, words and a kind of line of its own.
_LOOK = {
    "holds": ("✓", "The label holds", BLUE, "solid"),
    "doubt": ("?", "In doubt", ORANGE, "dashed"),
    "broken": ("✗", "The label no longer holds", VERMILION, "double"),
}


class PicturePair(Plot):
    """A picture before and after, with the same grey scale."""

    def __init__(self) -> None:
        super().__init__((5.6, 2.9), 1, 2)
        self._pictures = [
            bare(ax, title).imshow(np.zeros((2, 2)), cmap="gray", vmin=0, vmax=255)
            for ax, title in zip(self.axes, ("before", "after"), strict=True)
        ]

    def compare(self, before: Image, after: Image, alt: str) -> None:
        """Draw both."""
        for ax, picture, image in zip(self.axes, self._pictures, (before, after), strict=True):
            height, width = image.pixels.shape[:2]
            picture.set_data(image.pixels)
            picture.set_extent((0, width, height, 0))
            ax.set_xlim(0, width)
            ax.set_ylim(height, 0)
        self.redraw(alt)


def badge(verdict: Verdict, question: str, label: str) -> str:
    """A framed line: whether the sample may keep its label, and why; a screen reader reads it when it changes."""
    mark, words, colour, line = _LOOK[verdict.state]
    asked = html.escape(f"“{question}” — {label}" if label else f"“{question}”")
    look = (
        f"border: 4px {line} {colour}; border-radius: 4px; padding: 4px 10px; margin: 4px 0; max-width: 780px; "
        "line-height: 1.5; color: var(--jp-ui-font-color1)"
    )
    why = "" if verdict.state == "holds" else f": {html.escape(verdict.why)}"
    return f'<div role="status" style="{look}"><b>{mark} {words}</b>{why}. <small>Asked: {asked}</small></div>'


def described(before: Image, after: Image) -> str:
    """Say in numbers how two pictures differ."""
    apart = np.abs(before.pixels.astype(float) - after.pixels).mean()
    return f"mean grey {before.pixels.mean():.0f}, then {after.pixels.mean():.0f}; {apart:.0f} apart on average"
