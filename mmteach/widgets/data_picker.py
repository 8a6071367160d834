"""The drop-down with which a notebook changes from the embedded set to real data."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets

from mmteach.datasets import Dataset, load, names_with_state
from mmteach.errors import MmteachError


def sets_here() -> list[tuple[str, str]]:
    """(name, description) of every set that can be opened now: embedded ones first."""
    known = [(state != "embedded", name, about) for name, state, about in names_with_state()]
    here = {name for name, state, _ in names_with_state() if state in ("embedded", "here")}
    return [(name, about) for _, name, about in sorted(known) if name in here]


class DataPicker(ipywidgets.VBox):
    """A drop-down: the notebook's own set, and every set brought to this machine that has what the notebook needs.

    Embedded sets of other chapters are left out: they ask other questions.

    Parameters
    ----------
    default : name of the set to begin with.
    modalities : what a set must have, to be offered.

    Attributes
    ----------
    dataset : the Dataset that is chosen now.
    """

    def __init__(self, default: str = "faces", modalities: Sequence[str] = ("image",)) -> None:
        self.dataset = load(default)
        self._listeners: list[Callable[[Dataset], None]] = []
        brought = [name for name, state, _ in names_with_state() if state == "here" and name != default]
        names = [default, *(name for name in sorted(brought) if _has(name, modalities))]
        self.choice = ipywidgets.Dropdown(options=names, value=default, description="Data", layout={"width": "340px"})
        self.about = ipywidgets.HTML()
        self.choice.observe(lambda change: self.pick(change["new"]), names="value")
        super().__init__([self.choice, self.about])
        self._describe()

    def on_pick(self, use: Callable[[Dataset], None]) -> None:
        """Call `use` with the set each time another one is chosen."""
        self._listeners.append(use)

    def pick(self, name: str) -> None:
        """Choose a set; one that cannot be opened leaves the former in place and says why."""
        try:
            chosen = load(name)
        except MmteachError as error:
            self.about.value = f'<span style="color: var(--jp-error-color1)">{html.escape(str(error))}</span>'
            return
        self.dataset = chosen
        self._describe()
        for use in self._listeners:
            use(chosen)

    def _describe(self) -> None:
        d = self.dataset
        people = f"{len(d)} samples, {len(d.classes)} classes, {' + '.join(d.modalities)}"
        note = f" ({d.note})" if d.note else ""
        self.about.value = f'<span role="status">{html.escape(f"{d.name}: {people}{note}.")}</span>'


def _has(name: str, modalities: Sequence[str]) -> bool:
    try:
        return set(modalities) <= set(load(name).modalities)
    except MmteachError:
        return False
