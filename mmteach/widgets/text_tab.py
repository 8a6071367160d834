"""The texts' tab of FeatureLab: one text, what stands out in it by a feature, and the training texts nearest to it."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.infer import Interval, wilson_interval
from mmteach.preprocess import TEXT_STEPS
from mmteach.types import Modality
from mmteach.widgets.panel import Panel, on_change, prose, row, slider
from mmteach.widgets.text_features import FEATURES, TextFeature
from mmteach.widgets.text_parts import TextParts
from mmteach.widgets.text_views import bar_list, neighbour_list, quoted

N_NEAREST = 5
STEPS = tuple(step() for step in TEXT_STEPS)


class Similarities(NamedTuple):
    """What nearest texts reach with a feature.

    cosines : np.ndarray [shape=(n_test, n_train), in [-1, 1]].
    accuracy, ci95 : of taking the label of the nearest training text; where none has anything in common with it,
        the commonest label.
    n_alone : test texts that have nothing in common with any training text.
    """

    cosines: np.ndarray
    accuracy: float
    ci95: Interval
    n_alone: int


def compare(test: Any, train: Any, y_test: np.ndarray, y_train: np.ndarray) -> Similarities:
    """Compare every test text with every training text.

    Parameters
    ----------
    test, train : (n, D), sparse or not, rows of length 1 or 0.
    """
    product = test @ train.T
    cosines = product if isinstance(product, np.ndarray) else product.toarray()
    names, counts = np.unique(y_train, return_counts=True)
    alone = cosines.max(axis=1) <= 0
    answers = np.where(alone, names[counts.argmax()], y_train[cosines.argmax(axis=1)])
    n_right = int((answers == y_test).sum())
    interval = wilson_interval(n_right, len(y_test))
    return Similarities(cosines, n_right / len(y_test), interval, int(alone.sum()))


class TextTab(Panel):
    """Look at a feature of a test text, and at its nearest neighbours among the training texts.

    Attributes
    ----------
    scores : Similarities of the feature that is shown.
    neighbours : list of (label, whether it is the right one), nearest first.
    """

    title: ClassVar[str] = "Texts"
    modality: ClassVar[Modality] = "text"

    def __init__(self, dataset: Dataset) -> None:
        self.which = slider("Test text", 0, 0, 1)
        self.feature = ipywidgets.ToggleButtons(options=[f.title for f in FEATURES], style={"button_width": "130px"})
        self.parameters = ipywidgets.HBox(layout={"flex_flow": "row wrap"})
        self.text, self.bars, self.nearest, self.result = (ipywidgets.HTML() for _ in range(4))
        super().__init__()
        self.children = [
            self.feature, row(self.which, self.parameters), self.message,
            self.text, self.bars, self.nearest, self.result, self.source,
        ]  # fmt: skip
        on_change(self.update, self.which)
        on_change(self.change_feature, self.feature)
        self.use(dataset)

    def use(self, dataset: Dataset) -> None:
        """Take the texts of another set."""
        with self.telling():
            self.name_source(dataset)
            if len(dataset.classes) < 2:
                raise ParameterError(f"'{dataset.name}' has no two labels to compare: pick a set with labels")
            self.parts = TextParts(dataset)
            self.train, self.test = self.parts.cleaned(STEPS)
            self._fitted: dict[tuple[Any, ...], tuple[TextFeature, Similarities]] = {}
            self.which.max = len(self.test) - 1
            self.change_feature()

    def change_feature(self) -> None:
        """Show the controls of another feature."""
        with self.telling():
            self.kind = next(f for f in FEATURES if f.title == self.feature.value)
            controls = [slider(name, value, low, high, step) for name, value, low, high, step in self.kind.controls]
            self.values = dict(zip((c[0] for c in self.kind.controls), controls, strict=True))
            self.parameters.children = controls
            on_change(self.update, *controls)
            self.update()

    def update(self) -> None:
        """Show the text that is chosen by the feature that is chosen: what stands out, then its neighbours."""
        shown = False
        with self.telling():
            feature, self.scores = self._scored()
            at = min(self.which.value, len(self.test) - 1)
            label = str(self.parts.y_test[at])
            self.text.value = quoted(self.parts.test[at], label)
            self.bars.value = bar_list(*feature.show(self.test[at]))
            self._show_neighbours(at, label)
            self._show_result(feature.size)
            shown = True
        for part in (self.text, self.bars, self.nearest, self.result):  # nothing of another feature may stay
            part.layout.display = None if shown else "none"

    def _scored(self) -> tuple[TextFeature, Similarities]:
        values = {name: control.value for name, control in self.values.items()}
        key = (self.kind.title, *values.items())
        if key not in self._fitted:
            feature = self.kind(self.train, values)
            vectors = feature.vectors(self.test), feature.vectors(self.train)
            self._fitted[key] = feature, compare(*vectors, self.parts.y_test, self.parts.y_train)
        return self._fitted[key]

    def _show_neighbours(self, at: int, label: str) -> None:
        cosines = self.scores.cosines[at]
        found = [i for i in np.argsort(-cosines, kind="stable")[:N_NEAREST] if cosines[i] > 0]
        self.neighbours = [(str(self.parts.y_train[i]), bool(self.parts.y_train[i] == label)) for i in found]
        lines = [
            (name, right, float(cosines[i]), self.parts.train[i])
            for (name, right), i in zip(self.neighbours, found, strict=True)
        ]
        self.nearest.value = neighbour_list(lines)

    def _show_result(self, size: str) -> None:
        s, n = self.scores, len(self.test)
        alone = f" {s.n_alone} share nothing with any training text." if s.n_alone else ""
        self.result.value = prose(
            f"<b>Nearest neighbour by {self.kind.title}: {s.accuracy:.3f}</b> right of {n} (95 % interval "
            f"{s.ci95.low:.3f} to {s.ci95.high:.3f}); always the same label: {self.parts.majority:.3f}. "
            f"{size}.{alone} <small>{self.parts.note}.</small>"
        )
