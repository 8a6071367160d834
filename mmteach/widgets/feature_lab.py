"""Features by modality, one tab each. A further modality is a further file and a line in TABS."""

from __future__ import annotations

from typing import Any, Protocol

import ipywidgets

from mmteach.datasets import Dataset
from mmteach.errors import ParameterError
from mmteach.types import Modality
from mmteach.widgets.audio_tab import AudioTab
from mmteach.widgets.image_tab import ImageTab
from mmteach.widgets.panel import Data, Panel, follow
from mmteach.widgets.text_tab import TextTab


class Tab(Protocol):
    """What FeatureLab asks of a tab: a widget made from a set, that takes another set when asked to."""

    title: str
    modality: Modality

    def use(self, dataset: Dataset) -> None:
        """Show another set."""


TABS: tuple[type[Any], ...] = (ImageTab, TextTab, AudioTab)


class FeatureLab(Panel):
    """Look at features, and at how well the nearest neighbour does with each.

    Parameters
    ----------
    data : a set, its name, or a DataPicker.

    Attributes
    ----------
    tabs : {title: tab} of the modalities that the set has.
    """

    def __init__(self, data: Data = "faces") -> None:
        self.tabs: dict[str, Tab] = {}
        self.deck = ipywidgets.Tab()
        super().__init__()
        self.children = [self.deck, self.message]
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Show a tab for each modality of the set that there is one for."""
        with self.telling():
            wanted = [kind for kind in TABS if kind.modality in dataset.modalities]
            if not wanted:
                known, has = ", ".join(kind.modality for kind in TABS), ", ".join(dataset.modalities)
                raise ParameterError(f"'{dataset.name}' has {has}; there are tabs for {known}: pick another set")
            if [kind.title for kind in wanted] == list(self.tabs):
                for tab in self.tabs.values():
                    tab.use(dataset)
                return
            self.tabs = {kind.title: kind(dataset) for kind in wanted}
            self.deck.children = tuple(self.tabs.values())
            self.deck.titles = tuple(self.tabs)
