"""Figures of TransferLab: the students side by side, and what the teacher thinks of each class at a temperature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from mmteach.cases.studies.transfer import ITSELF, WAYS, Results
from mmteach.cases.studies.transfer_report import CONTROLS, HARD, TEACHER, beyond_chance, compare
from mmteach.infer import interval_over_seeds
from mmteach.train import class_means, entropy, soft_targets
from mmteach.widgets.figure import BLUE, GREY, MAP, ORANGE, SKY, Plot, plain
from mmteach.widgets.html_table import html_table

_COLOUR = {HARD: GREY, TEACHER: BLUE} | dict.fromkeys(CONTROLS, SKY)


class StudentPlot(Plot):
    """Left the accuracy of each student, right the teacher's soft targets, the mean of each class.

    Parameters
    ----------
    classes : names.
    majority : accuracy of always naming the most frequent class.
    """

    def __init__(self, classes: Sequence[str], majority: float) -> None:
        super().__init__((9.0, 3.7), 1, 2, width_ratios=[1.15, 1])
        self.classes, self.majority = list(classes), majority
        left, right = self.axes
        places = np.arange(len(WAYS))[::-1]
        plain(left, "accuracy of the student", "share of test samples that are right; lines: 95 % over seeds")
        left.set_yticks(places, WAYS, fontsize=9)
        left.set_xlim(0, 1.12)
        left.set_ylim(-1.0, len(WAYS) - 0.4)
        left.axvline(majority, color=GREY, ls=":", lw=1.2)
        left.text(majority, -0.95, f"majority {majority:.2f} ", fontsize=7.5, ha="right", va="bottom")
        self._bars = left.barh(places, 0.0, height=0.6, color=[_COLOUR[way] for way in WAYS])
        (self._spread,) = left.plot([], [], color="black", lw=1.3)
        self._words = [left.text(0, y, "", va="center", fontsize=9) for y in places]
        self._itself = left.axvline(np.nan, color=ORANGE, ls="--", lw=1.6)
        self._itself_said = left.text(0, -0.95, "", fontsize=7.5, va="bottom")
        n = len(classes)
        self._map = right.imshow(np.zeros((n, n)), cmap=MAP, vmin=0, vmax=1)
        size = 9 if n <= 4 else 7
        right.set_xticks(range(n), classes, fontsize=size, rotation=0 if n <= 4 else 45)
        right.set_yticks(range(n), classes, fontsize=size)
        right.set_xlabel("probability of ... by the teacher", fontsize=9)
        right.set_ylabel("true class", fontsize=9)
        self._title = right.set_title("the teacher's soft targets at T = 10\n1.00 of 3.00 bits", fontsize=10)
        self._cells = [
            [right.text(j, i, "", ha="center", va="center", fontsize=size) for j in range(n)] for i in range(n)
        ]

    def draw(self, results: Results | None, soft: tuple[Tensor, Tensor] | None, temperature: float) -> None:
        """Draw what is known: results of a setting, the teacher's logits and classes of the training part."""
        right = results.right if results else {}
        said = [self._bar(i, way, right.get(way, [])) for i, way in enumerate(WAYS)]
        ends = [(*_interval(right.get(way, [])), len(WAYS) - 1 - i) for i, way in enumerate(WAYS)]
        x = [v for low, high, _ in ends for v in (low, high, np.nan)]
        self._spread.set_data(x, [v for *_, y in ends for v in (y, y, np.nan)])
        itself = float(np.mean([r.mean() for r in right[ITSELF]])) if right else np.nan
        self._itself.set_xdata([itself] * 2)
        self._itself_said.set_text(f" teacher itself {itself:.2f}" if right else "")
        self._itself_said.set_x(itself if right else 0)
        told = "; ".join(filter(None, said)) or "nothing is trained yet"
        if right:
            told += f"; the teacher itself {itself:.2f}, the most frequent class {self.majority:.2f}"
        self.redraw(f"Accuracy of the student: {told}. {self._show_soft(soft, temperature)}")

    def _bar(self, i: int, way: str, runs: Sequence[np.ndarray]) -> str:
        value = float(np.mean([r.mean() for r in runs])) if runs else 0.0
        low, high = _interval(runs) if runs else (0.0, 0.0)
        self._bars[i].set_width(value)
        self._words[i].set_text(f"{value:.2f}" if runs else "...")
        self._words[i].set_position((np.nanmax([value, high]) + 0.02, len(WAYS) - 1 - i))
        return f"{way} {value:.2f}" + (f" ({low:.2f} to {high:.2f})" if len(runs) > 1 else "") if runs else ""

    def _show_soft(self, soft: tuple[Tensor, Tensor] | None, temperature: float) -> str:
        if soft is None:
            return "The teacher is not trained yet."
        targets = soft_targets(soft[0], temperature)
        by_class = _rows(targets, soft[1], len(self.classes))
        self._map.set_data(by_class)
        for i, cells in enumerate(self._cells):
            for j, cell in enumerate(cells):
                cell.set_text(f"{by_class[i, j]:.2f}".removeprefix("0"))
                cell.set_color("black" if by_class[i, j] > 0.5 else "white")
        bits = f"{entropy(targets):.2f} of {np.log2(len(self.classes)):.2f} bits"
        self._title.set_text(f"the teacher's soft targets at T = {temperature:g}\n{bits}")
        rows = "; ".join(
            f"{c}: " + ", ".join(f"{d} {p:.2f}" for d, p in zip(self.classes, row, strict=True))
            for c, row in zip(self.classes, by_class, strict=True)
        )
        return f"The teacher's soft targets at T = {temperature:g}, {bits}, mean of each class: {rows}."


def _interval(runs: Sequence[np.ndarray]) -> tuple[float, float]:
    return interval_over_seeds([float(r.mean()) for r in runs]) if len(runs) > 1 else (np.nan, np.nan)


def _rows(targets: Tensor, y: Tensor, n_classes: int) -> np.ndarray:
    """Mean soft target of each class, (C, C); zero where the training part has none of it."""
    means, out = class_means(targets, y), torch.zeros(n_classes, n_classes)
    for c in y.unique():
        out[c] = means[y == c][0]
    return out.numpy()


def differences(results: Results, groups: np.ndarray) -> str:
    """A table of what the teacher's student gains over each of the others, in words too."""
    rows = []
    for other in (HARD, *CONTROLS):
        found = compare(results.right[TEACHER], results.right[other], results.tested, groups)
        (a, b), (c, d) = ([100 * v for v in found[k]] for k in ("ci95", "ci95_groups"))
        word = {1: "better", 0: "no difference shown", -1: "worse"}[beyond_chance(found)]
        rows.append([other, f"{100 * found['gain']:+.1f}", f"{a:+.1f} to {b:+.1f}", f"{c:+.1f} to {d:+.1f}", word])
    n_groups = len(set(groups[np.concatenate(results.tested)]))
    head = ["with the teacher, against", "points", f"95 % over {len(results.tested)} seeds",
            f"95 % over {n_groups} groups", "so it is"]  # fmt: skip
    return html_table(head, rows)


def known_teacher(results: Mapping, teacher: tuple[str, ...], n_labelled: int | None) -> tuple[Tensor, Tensor] | None:
    """Logits and classes of a teacher that some setting has trained already, whatever the student."""
    found = (r.soft for s, r in results.items() if (s.teacher, s.n_labelled) == (teacher, n_labelled))
    return next(found, None)
