"""Views of features that come from data: eigenfaces, and a network that others have trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from mmteach.errors import DownloadError
from mmteach.features import Eigenfaces, Pretrained
from mmteach.types import Image
from mmteach.widgets.feature_view import SIDE, Control, blank
from mmteach.widgets.figure import BLUE, MAP, Plot, plain


class EigenfacesView:
    """The mean face, the directions in which faces differ most, and a face put together from them."""

    title, modality, columns = "Eigenfaces", "image", 6
    controls: ClassVar[tuple[Control, ...]] = (("Components", 40, 1, 150, 1),)

    def __init__(self) -> None:
        self._all: Eigenfaces | None = None

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """As many as asked for: the first of all of them, since k components are the first k of more."""
        if self._all is None:
            self._all = Eigenfaces(self.controls[0][3])
            self._all.fit(train)
        some = Eigenfaces(values["Components"])
        state = self._all.state()
        some.load_state({"mean": state["mean"], "components": state["components"][: some.n_components]})
        return some

    def make(self, plot: Plot) -> None:
        """Picture, reconstruction, mean face, and the first three components."""
        titles = ("picture", "rebuilt", "mean face", "1st", "2nd", "3rd")
        self.pictures = [blank(ax, title) for ax, title in zip(plot.axes, titles, strict=True)]
        for picture in self.pictures[3:]:
            picture.set_cmap(MAP)
        self.axes = plot.axes

    def draw(self, medium: Image, extractor: Eigenfaces, values: dict[str, int]) -> str:
        """Rebuild the face: mean + sum of coordinate times component."""
        assert extractor.mean is not None
        assert extractor.components is not None
        coordinates = extractor([medium])[0]
        rebuilt = extractor.mean + coordinates @ extractor.components
        error = float(np.sqrt(np.mean((rebuilt - medium.pixels.reshape(-1)) ** 2)))
        for picture, x in zip(self.pictures, (medium.pixels, rebuilt, extractor.mean), strict=False):
            picture.set_data(np.asarray(x).reshape(SIDE, SIDE))
        for picture, component in zip(self.pictures[3:], extractor.components, strict=False):
            reach = float(np.abs(component).max())
            picture.set_data(component.reshape(SIDE, SIDE))
            picture.set_clim(-reach, reach)
        self.axes[1].set_xlabel(f"{len(coordinates)} numbers, error {error:.1f}", fontsize=8)
        return f"rebuilt from {len(coordinates)} numbers with an error of {error:.1f} grey levels"


class PretrainedView:
    """What a network that others have trained on photos of things says of a face."""

    title, modality, columns = "Pretrained", "image", 2
    controls: ClassVar[tuple[Control, ...]] = ()

    def fitted(self, values: dict[str, int], train: Sequence[Any]) -> Any:
        """Torchvision's smallest residual network, where its weights are here: a click must not wait for a network."""
        file = weights_file("resnet18")
        if not file.is_file():
            raise DownloadError(
                "the weights of resnet18 are not on this machine: run `Pretrained()` on a picture while online, or "
                f"put {file.name} into {file.parent}; the other features need none"
            )
        return Pretrained("resnet18")

    def make(self, plot: Plot) -> None:
        """Picture and embedding."""
        self.picture = blank(plot.axes[0], "picture")
        (self.line,) = plain(plot.axes[1], "embedding: 512 numbers", "unit", "").plot(
            np.arange(512), np.zeros(512), lw=0.7, color=BLUE
        )
        plot.axes[1].set_ylim(0, 5)

    def draw(self, medium: Image, extractor: Pretrained, values: dict[str, int]) -> str:
        """Show them."""
        self.picture.set_data(medium.pixels)
        embedding = np.asarray(extractor([medium])[0])
        self.line.set_ydata(embedding)
        return f"an embedding of {len(embedding)} numbers, {int((embedding > 0.5).sum())} of them above 0.5"


def weights_file(network: str) -> Path:
    """Where torch keeps the weights of a torchvision network."""
    import torch
    from torchvision import models

    url = models.get_model_weights(network).DEFAULT.url
    return Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]
