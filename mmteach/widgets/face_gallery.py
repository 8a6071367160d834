"""The gallery of FaceStudio: who is enrolled, with a face each."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterable

import ipywidgets

from mmteach.preprocess import Resize, Upright
from mmteach.types import Image
from mmteach.widgets.figure import to_png
from mmteach.widgets.panel import row

_SIDE = 64


class GalleryView(ipywidgets.VBox):
    """A name to enrol, a name to forget, and the faces.

    Parameters
    ----------
    enrol : called with the name in the box.
    forget : called with the name chosen.
    """

    def __init__(self, enrol: Callable[[str], None], forget: Callable[[str], None]) -> None:
        self._faces: dict[str, list[bytes]] = {}
        self.name = ipywidgets.Text(placeholder="name", layout={"width": "150px"})
        self.enrol_button = ipywidgets.Button(description="Enrol the photo", layout={"width": "auto"})
        self.forget = ipywidgets.Dropdown(options=[], layout={"width": "150px"})
        self.forget_button = ipywidgets.Button(description="Forget", layout={"width": "auto"})
        self.cards = ipywidgets.HTML()
        self.enrol_button.on_click(lambda _: enrol(self.name.value))
        self.forget_button.on_click(lambda _: forget(self.forget.value or ""))
        title = ipywidgets.HTML("<b>Gallery</b>", layout={"margin": "0 12px 0 2px"})
        super().__init__([row(title, self.name, self.enrol_button, self.forget, self.forget_button), self.cards])

    def add(self, name: str, images: Iterable[Image]) -> None:
        """Add photos of a person."""
        small = [to_png(Resize(_SIDE, _SIDE)(Upright()(image)).pixels) for image in images]
        self._faces.setdefault(name.strip(), []).extend(small)

    def drop(self, name: str) -> None:
        """Take a person away."""
        self._faces.pop(name, None)

    def show(self) -> None:
        """Show everyone."""
        self.forget.options = tuple(self._faces)
        self.forget.index = 0 if self._faces else None
        cards = "".join(_card(name, faces) for name, faces in self._faces.items())
        self.cards.value = (
            f"<div style='display: flex; flex-wrap: wrap; gap: 10px'>{cards or 'Nobody is enrolled.'}</div>"
        )


def _card(name: str, faces: list[bytes]) -> str:
    source, label = base64.b64encode(faces[0]).decode(), html.escape(name, quote=True)
    count = f"{len(faces)} photo{'s' if len(faces) > 1 else ''}"
    return (
        f"<figure style='margin: 0; text-align: center; font-size: 11px; line-height: 1.3; width: {_SIDE + 8}px'>"
        f"<img src='data:image/png;base64,{source}' width='{_SIDE}' height='{_SIDE}' alt='{label}' "
        f"style='border-radius: 4px'><figcaption style='overflow-wrap: anywhere'><b>{label}</b><br>{count}</figcaption>"
        f"</figure>"
    )
