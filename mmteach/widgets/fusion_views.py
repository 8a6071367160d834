"""What FusionLab shows: a table of the fusions, and curves of what is left when a modality fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.lines import Line2D

from mmteach.cases.fusions import NAMED
from mmteach.types import Modality
from mmteach.widgets.figure import COLOURS, GREY, Plot, plain
from mmteach.widgets.fusion_bench import SHARES, Trial, over_seeds
from mmteach.widgets.html_table import html_table
from mmteach.widgets.panel import rich

Trials: TypeAlias = Mapping[tuple[str, float], Sequence[Trial]]
COLUMNS = ("fusion", "seeds", "accuracy", "95 % over seeds", "learnt numbers", "seconds")
_FOOT = "font-size: 85%; line-height: 1.4; max-width: 800px"
_MARKERS = "osD^vP*Xhd"  # one for each fusion


def called(key: tuple[str, float]) -> str:
    """Name of a row: the fusion, and whether modalities were hidden in training."""
    name, drop = key
    return f"{name}, {100 * drop:g} % hidden" if drop else name


def fusions_table(trials: Trials, majority: float, n_test: int, note: str) -> str:
    """All trials as an HTML table, best first; the note says what was tested on what."""
    rows = []
    for key, made in sorted(trials.items(), key=lambda item: -np.mean([t.accuracy for t in item[1]])):
        mean, low, high = over_seeds([t.accuracy for t in made])
        spread = "one seed has none" if len(made) < 2 else f"{max(0, low):.3f} to {min(1, high):.3f}"
        seconds = np.mean([t.seconds for t in made])
        rows.append([called(key), str(len(made)), f"{mean:.3f}", spread, f"{made[0].n_parameters:,}", f"{seconds:.1f}"])
    rows.append(["(always the commonest)", "", f"{majority:.3f}", "", "0", ""])
    foot = (
        f"Accuracy on {n_test} samples ({rich(note)}). The interval is of training anew, not of testing others. "
        "Learnt numbers: of the fusion and its head, without the encoders."
    )
    return f"{html_table(COLUMNS, rows)}<div style='{_FOOT}'>{foot}</div>" if trials else ""


class CurvePlot(Plot):
    """Accuracy against the share of samples in which a modality is missing or wrong; one line a fusion."""

    def __init__(self) -> None:
        super().__init__((8.2, 3.3), 1, 2, width_ratios=[2.6, 1])
        self._lines: dict[tuple[str, float], Line2D] = {}

    def show_curves(self, trials: Trials, kind: str, modality: Modality, majority: float) -> None:
        """Draw the mean over seeds; lines are made anew only where a fusion came or went."""
        if list(trials) != list(self._lines) or not self._placed:
            self._arrange(list(trials), majority)
        said = []
        for key, made in trials.items():
            mean = np.mean([t.curves[kind, modality] for t in made], axis=0)
            self._lines[key].set_ydata(mean)
            said.append(f"{called(key)} {mean[0]:.3f}, {mean[len(SHARES) // 2]:.3f}, {mean[-1]:.3f}")
        self.axes[0].set_xlabel(f"samples in which {modality} is {kind} (%)")
        at = f"{modality} {kind} in 0, 50 and 100 % of the samples"
        self.redraw(f"Accuracy with {at}: {'; '.join(said) or 'nothing trained yet'}. Commonest class {majority:.3f}.")

    def _arrange(self, keys: Sequence[tuple[str, float]], majority: float) -> None:
        ax, side = self.axes
        ax.clear()
        side.clear()
        side.set_axis_off()
        plain(ax, "", "samples (%)", "accuracy")
        ax.axhline(majority, color=GREY, ls="--", lw=1, label="always the commonest")
        percent, names = [100 * s for s in SHARES], list(NAMED)
        self._lines = {}
        for name, drop in keys:
            at = names.index(name)  # a fusion keeps its look, whatever is beside it
            look = _MARKERS[at] + (":" if drop else "-" if at < len(COLOURS) else "--")
            colour = COLOURS[at % len(COLOURS)]
            (line,) = ax.plot(
                percent, [np.nan] * len(percent), look, color=colour, lw=1.6, ms=5, label=called((name, drop))
            )
            self._lines[name, drop] = line
        ax.set_xticks(percent)
        ax.set_ylim(max(0.0, min(0.4, majority - 0.1)), 1)
        side.legend(*ax.get_legend_handles_labels(), loc="center left", fontsize=8, frameon=False)
        self.place_again()
