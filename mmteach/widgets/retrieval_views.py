"""Figures of RetrievalBoard: recall at every k, both ways, beside chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mmteach.infer import Retrieval
from mmteach.widgets.figure import BLUE, GREY, ORANGE, Plot, plain

KS = (1, 2, 3, 5, 10)


class RecallPlot(Plot):
    """Bars of recall at k, one colour a direction; lines for the 95 % interval and for chance."""

    def __init__(self, ways: tuple[str, ...]) -> None:
        super().__init__((5.2, 2.5))
        self.ways = ways
        ax = plain(self.axes[0], x="k", y="share of queries with a hit")
        places, width = np.arange(len(KS)), 0.8 / len(ways)
        ax.set(ylim=(0, 1.04), xticks=places, xticklabels=[str(k) for k in KS])
        self._bars, self._ends = {}, {}
        for i, (way, colour, hatch) in enumerate(zip(ways, (BLUE, ORANGE), ("", "//"), strict=False)):
            at = places + (i - (len(ways) - 1) / 2) * width
            self._bars[way] = ax.bar(at, 0.0, width * 0.92, color=colour, hatch=hatch, edgecolor="white", label=way)
            self._ends[way] = ax.plot([], [], color="black", lw=1.2)[0], at
        (self._chance,) = ax.plot([], [], "_", color=GREY, ms=42, mew=2)
        ax.plot([], [], color=GREY, lw=2, label="chance")
        ax.legend(fontsize=8, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)

    def draw(self, found: Mapping[str, Retrieval]) -> None:
        """Draw what both directions came to."""
        said, chance = [], []
        for way in self.ways:
            line, at = self._ends[way]
            x, y = [], []
            for bar, k, place in zip(self._bars[way], KS, at, strict=True):
                bar.set_height(found[way].recall(k))
                x += [place, place, np.nan]
                y += [*found[way].interval(k), np.nan]
            line.set_data(x, y)
            chance = [found[way].chance(k) for k in KS]
            said.append(f"{way}: " + ", ".join(f"recall@{k} {found[way].recall(k):.2f}" for k in KS))
        self._chance.set_data(np.arange(len(KS)), chance)
        self.redraw(f"{'; '.join(said)}; chance at 1 {chance[0]:.2f}, at {KS[-1]} {chance[-1]:.2f}")
