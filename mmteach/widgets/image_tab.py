"""The pictures' tab of FeatureLab: one face, one feature, and the faces that are nearest by it."""

from __future__ import annotations

from typing import Any, ClassVar

import ipywidgets
import numpy as np

from mmteach.datasets import Dataset
from mmteach.preprocess import Grey, Resize, Upright, apply_steps
from mmteach.types import Image, Modality
from mmteach.widgets.feature_view import View
from mmteach.widgets.figure import GREY, RIGHT, WRONG, Plot, bare
from mmteach.widgets.nearest import Parts, Scores
from mmteach.widgets.panel import Panel, on_change, prose, row, slider
from mmteach.widgets.views_designed import HOGView, LandmarksView, LBPView, PixelsView
from mmteach.widgets.views_learnt import EigenfacesView, PretrainedView

VIEWS: tuple[Any, ...] = (PixelsView, LBPView, HOGView, EigenfacesView, PretrainedView, LandmarksView)

N_NEAREST = 6


class ImageTab(Panel):
    """Look at a feature of a test face, and at its nearest neighbours among the training faces.

    Attributes
    ----------
    scores : Scores of the feature that is shown.
    neighbours : list of (label, whether it is the right person), nearest first.
    """

    title: ClassVar[str] = "Images"
    modality: ClassVar[Modality] = "image"

    def __init__(self, dataset: Dataset) -> None:
        self.face = slider("Face", 0, 0, 1)
        self.feature = ipywidgets.ToggleButtons(options=[v.title for v in VIEWS], style={"button_width": "100px"})
        self.parameters = ipywidgets.HBox(layout={"flex_flow": "row wrap"})
        self.view_plot, self.near_plot = Plot((8.2, 2.5)), Plot((8.2, 1.75), 1, N_NEAREST + 1)
        self.result = ipywidgets.HTML()
        super().__init__()
        self._make_neighbours()
        self.children = [
            self.feature, row(self.face, self.parameters), self.message,
            self.view_plot, self.near_plot, self.result, self.source,
        ]  # fmt: skip
        on_change(self.update, self.face)
        on_change(self.change_feature, self.feature)
        self.use(dataset)

    def use(self, dataset: Dataset) -> None:
        """Take the faces of another set; landmarks are offered where it has them."""
        with self.telling():
            self.dataset = dataset
            self._parts: dict[Modality, Parts] = {}
            self._fitted: dict[tuple[Any, ...], Any] = {}
            self._scored: dict[tuple[Any, ...], Scores] = {}
            self._small: dict[str, np.ndarray] = {}
            self._position = {name: i for i, name in enumerate(dataset.ids.tolist())}
            self.name_source(dataset)
            offered = [v.title for v in VIEWS if v.modality in dataset.modalities]
            if tuple(offered) != tuple(self.feature.options):
                self.feature.options = offered  # chooses the first
            self.change_feature()

    def change_feature(self) -> None:
        """Show the controls and axes of another feature."""
        with self.telling():
            self.view: View = next(v for v in VIEWS if v.title == self.feature.value)()
            controls = [slider(name, value, low, high, step) for name, value, low, high, step in self.view.controls]
            self.values = dict(zip((c[0] for c in self.view.controls), controls, strict=True))
            self.parameters.children = controls
            on_change(self.update, *controls)
            self.parts = self._parts_of(self.view.modality)
            self.face.description = "Face" if self.parts.kind == "person" else "Picture"
            self.face.max = len(self.parts.test) - 1
            self.view_plot.arrange(1, self.view.columns)
            self.view.make(self.view_plot)
            self.update()

    def update(self) -> None:
        """Show the face that is chosen by the feature that is chosen: first itself, then its neighbours."""
        shown = False
        with self.telling():
            values = {name: control.value for name, control in self.values.items()}
            key = (self.view.title, *values.items())
            if key not in self._fitted:
                self._fitted[key] = self.view.fitted(values, self.parts.train)
            extractor = self._fitted[key]
            at = min(self.face.value, len(self.parts.test) - 1)
            said = self.view.draw(self.parts.test[at], extractor, values)
            self.view_plot.redraw(f"{self.view.title} of {self.parts.ids[at]}: {said}.")
            key = (extractor.name, *extractor.params().items())  # where one looks changes no score
            if key not in self._scored:
                self._scored[key] = self.parts.score(extractor)
            self.scores = self._scored[key]
            self._show_neighbours(at, str(self.parts.y_test[at]))
            shown = True
        for part in (self.view_plot, self.near_plot, self.result):  # nothing of another feature may stay
            part.layout.display = None if shown else "none"

    def _parts_of(self, modality: Modality) -> Parts:
        if modality not in self._parts:
            self._parts[modality] = Parts(self.dataset, modality)
        return self._parts[modality]

    def _make_neighbours(self) -> None:
        blank = np.zeros((64, 64))
        self._faces = [bare(ax, " ").imshow(blank, cmap="gray", vmin=0, vmax=255) for ax in self.near_plot.axes]
        for ax in self.near_plot.axes:
            ax.set_xlabel(" ", fontsize=9)

    def _show_neighbours(self, at: int, person: str) -> None:
        found = self.parts.nearest(self.scores, at, N_NEAREST)
        self.neighbours = [(str(self.parts.y_train[i]), bool(self.parts.y_train[i] == person)) for i in found]
        shown = [self._thumbnail(self.parts.ids[at]), *(self._thumbnail(self.parts.train_ids[i]) for i in found)]
        for picture, pixels in zip(self._faces, shown, strict=False):
            picture.set_data(pixels)
        ax = self.near_plot.axes
        ax[0].set_title(person, fontsize=9)
        ax[0].set_xlabel("who is it?" if self.parts.kind == "person" else "what is it?")
        for k, (name, good) in enumerate(self.neighbours, start=1):
            ax[k].set_title(f"{name} {'✓' if good else '✗'}", fontsize=9, color=RIGHT if good else WRONG)
            distance = self.scores.distances[at, found[k - 1]]
            ax[k].set_xlabel(f"{distance:.0f}" if distance >= 100 else f"{distance:.3g}")
            for side in ax[k].spines.values():
                side.set(color=RIGHT if good else WRONG, linewidth=2)
        for k in range(len(found) + 1, N_NEAREST + 1):
            ax[k].set_title(" ")
            ax[k].spines[:].set_color(GREY)
        said = ", ".join(f"{name} {'right' if good else 'wrong'}" for name, good in self.neighbours)
        self.near_plot.redraw(f"Nearest training pictures of {person}: {said}.")
        s = self.scores
        self.result.value = prose(
            f"<b>Nearest neighbour by {self.view.title}: {s.accuracy:.3f}</b> right of {s.n} (95 % interval "
            f"{s.ci95.low:.3f} to {s.ci95.high:.3f}); always the same {self.parts.kind}: {self.parts.majority:.3f}. "
            f"<small>{self.parts.note}; first split.</small>"
        )

    def _thumbnail(self, name: str) -> np.ndarray:
        """The picture of a sample, whichever modality is compared."""
        if name not in self._small:
            medium = self.dataset[self._position[name]].media.get("image")
            steps = (Upright(), Grey(), Resize(64, 64))
            self._small[name] = apply_steps(medium, steps).pixels if isinstance(medium, Image) else np.zeros((64, 64))
        return self._small[name]
