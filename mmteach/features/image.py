"""Pictures as numbers: pixels, local binary patterns, oriented gradients, eigenfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from mmteach.errors import ModelFileError, NotFittedError, ParameterError
from mmteach.features.cache import cached
from mmteach.features.extractor import Stateless, register
from mmteach.types import Image

# The eight neighbours of a pixel, clockwise from the upper left, as (row, column) offsets into a 3 x 3 window.
_RING = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))


def stack(images: Sequence[Image]) -> np.ndarray:
    """N pictures of one size -> (N, H, W) or (N, H, W, 3)."""
    shapes = sorted({image.pixels.shape for image in images})
    if len(shapes) != 1:
        raise ParameterError(f"the pictures have {len(shapes)} different sizes, {shapes[:3]}: put Resize before this")
    return np.stack([image.pixels for image in images])


def stack_grey(images: Sequence[Image]) -> np.ndarray:
    """N grey pictures of one size -> (N, H, W)."""
    pictures = stack(images)
    if pictures.ndim != 3:
        raise ParameterError(f"the pictures are in colour, {pictures.shape[1:]}: put Grey before this")
    return pictures


def _require_whole(name: str, value: float, low: int, high: int) -> None:
    if not (low <= value <= high and value == int(value)):
        raise ParameterError(f"{name} is {value}; it must be a whole number from {low} to {high}")


def _cells(maps: np.ndarray, cell: int) -> np.ndarray:
    """Mean over square cells: (N, H, W) -> (N, H // cell, W // cell); what is left over at the edge is dropped."""
    n, h, w = len(maps), maps.shape[1] // cell, maps.shape[2] // cell
    if h == 0 or w == 0:
        raise ParameterError(f"cell is {cell} pixels, the picture {maps.shape[1:]}: choose a smaller cell")
    return maps[:, : h * cell, : w * cell].reshape(n, h, cell, w, cell).mean(axis=(2, 4), dtype=np.float32)


def lbp_codes(pictures: np.ndarray) -> np.ndarray:
    """Compare every pixel with its eight neighbours; each that is at least as bright sets one bit.

    Bit 0 is the upper left neighbour, and the bits go round clockwise. Adding a constant to the picture or
    stretching its contrast changes no code, which is why the codes do not mind the light.

    Parameters
    ----------
    pictures : np.ndarray [shape=(N, H, W)]

    Returns
    -------
    np.ndarray [shape=(N, H - 2, W - 2), uint8]

    References
    ----------
    Ojala, Pietikainen, Maenpaa 2002, IEEE TPAMI 24(7).

    >>> int(lbp_codes(np.array([[[9, 1, 1], [1, 5, 1], [1, 1, 1]]]))[0, 0, 0])
    1
    """
    centre = pictures[:, 1:-1, 1:-1]
    n_rows, n_columns = centre.shape[1:]
    codes = np.zeros(centre.shape, np.uint8)
    for bit, (i, j) in enumerate(_RING):
        neighbour = pictures[:, i : i + n_rows, j : j + n_columns]
        codes |= (neighbour >= centre).astype(np.uint8) << bit
    return codes


def _uniform_table() -> np.ndarray:
    """Map 256 codes to 59 bins: one for each code with at most two changes round the ring, one for the rest."""
    codes = np.arange(256)
    bits = (codes[:, None] >> np.arange(8)) & 1
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    table = np.full(256, 58, np.uint8)
    table[uniform] = np.arange(uniform.sum())
    return table


@cached
def lbp(pictures: np.ndarray, cell: int = 16) -> np.ndarray:
    """Histograms of uniform local binary patterns over square cells.

    The square root of each share is returned: Euclidean distance between roots is Hellinger's between histograms.

    Parameters
    ----------
    pictures : np.ndarray [shape=(N, H, W)]
    cell : pixels a side.

    Returns
    -------
    np.ndarray [shape=(N, (H - 2) // cell * (W - 2) // cell * 59), float32, in [0, 1]]

    References
    ----------
    Ahonen, Hadid, Pietikainen 2006, IEEE TPAMI 28(12): faces by cell histograms.
    """
    bins = _uniform_table()[lbp_codes(pictures)]
    shares = np.stack([_cells(bins == k, cell) for k in range(59)], axis=-1)  # (N, h, w, 59)
    return np.sqrt(shares).reshape(len(pictures), -1)


@cached
def hog(pictures: np.ndarray, cell: int = 8, orientations: int = 9) -> np.ndarray:
    """Histograms of oriented gradients: which way the edges run, cell by cell.

    Gradients vote with their length for one of the orientations in [0, 180) degrees; blocks of 2 x 2 cells are
    normalised (L2-Hys: to unit length, clipped at 0.2, to unit length again).

    Parameters
    ----------
    pictures : np.ndarray [shape=(N, H, W)]
    cell : pixels a side.

    Returns
    -------
    np.ndarray [shape=(N, blocks * 4 * orientations), float32]

    References
    ----------
    Dalal, Triggs 2005, CVPR.
    """
    x = pictures.astype(np.float32)
    rows, columns = np.zeros_like(x), np.zeros_like(x)
    rows[:, 1:-1] = x[:, 2:] - x[:, :-2]
    columns[:, :, 1:-1] = x[:, :, 2:] - x[:, :, :-2]
    length, angle = np.hypot(rows, columns), np.rad2deg(np.arctan2(rows, columns)) % 180
    votes = np.minimum((angle * (orientations / 180)).astype(np.int64), orientations - 1)
    h = np.stack([_cells(length * (votes == k), cell) for k in range(orientations)], axis=-1)  # (N, h, w, O)
    if min(h.shape[1:3]) < 2:
        raise ParameterError(f"cell is {cell} pixels, the picture {x.shape[1:]}: a block needs 2 x 2 cells, so shrink")
    corners = (h[:, :-1, :-1], h[:, :-1, 1:], h[:, 1:, :-1], h[:, 1:, 1:])
    blocks = np.stack(corners, axis=3).reshape(*h[:, 1:, 1:].shape[:3], -1)  # (N, h-1, w-1, 4 * O)
    for clip in (0.2, None):
        blocks = blocks / np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + 1e-10)
        blocks = blocks if clip is None else np.minimum(blocks, clip)
    return blocks.reshape(len(x), -1)


@register
class Pixels(Stateless):
    """The picture itself, (K, H, W) float32: input for a network that finds its own features."""

    name: ClassVar[str] = "pixels"

    def __call__(self, media: Sequence[Image]) -> np.ndarray:
        """N pictures -> (N, K, H, W)."""
        pictures = stack(media).astype(np.float32)
        return pictures[:, None] if pictures.ndim == 3 else np.moveaxis(pictures, -1, 1)


@register
class LBP(Stateless):
    """Histograms of local binary patterns; see `lbp`."""

    name: ClassVar[str] = "lbp"

    def __init__(self, cell: int = 16) -> None:
        _require_whole("cell", cell, 2, 512)
        self.cell = cell

    def __call__(self, media: Sequence[Image]) -> np.ndarray:
        """N grey pictures -> (N, D)."""
        return lbp(stack_grey(media), cell=self.cell)


@register
class HOG(Stateless):
    """Histograms of oriented gradients; see `hog`."""

    name: ClassVar[str] = "hog"

    def __init__(self, cell: int = 8, orientations: int = 9) -> None:
        _require_whole("cell", cell, 2, 512)
        _require_whole("orientations", orientations, 2, 180)
        self.cell, self.orientations = cell, orientations

    def __call__(self, media: Sequence[Image]) -> np.ndarray:
        """N grey pictures -> (N, D)."""
        return hog(stack_grey(media), cell=self.cell, orientations=self.orientations)


@register
class Eigenfaces:
    """Coordinates along the directions in which the training faces differ most (PCA of the pixels).

    Parameters
    ----------
    n_components : how many; fewer where the training part has fewer pictures, or a picture fewer pixels.

    References
    ----------
    Turk, Pentland 1991, Journal of Cognitive Neuroscience 3(1).
    """

    name: ClassVar[str] = "eigenfaces"

    def __init__(self, n_components: int = 100) -> None:
        _require_whole("n_components", n_components, 1, 100_000)
        self.n_components = n_components
        self.mean: np.ndarray | None = None  # (H * W,)
        self.components: np.ndarray | None = None  # (n, H * W), orthonormal rows

    def fit(self, media: Sequence[Image]) -> None:
        """Find mean face and directions from the training faces (scikit-learn's PCA)."""
        from sklearn.decomposition import PCA

        faces = stack_grey(media).reshape(len(media), -1).astype(np.float32)
        n = min(self.n_components, len(faces) - 1, faces.shape[1])
        if n < 1:
            raise ParameterError(f"eigenfaces need at least 2 training pictures, {len(faces)} came: add pictures")
        pca = PCA(n, svd_solver="full").fit(faces)
        self.mean, self.components = pca.mean_.astype(np.float32), pca.components_.astype(np.float32)

    def __call__(self, media: Sequence[Image]) -> np.ndarray:
        """N grey pictures -> (N, n)."""
        if self.mean is None or self.components is None:
            raise NotFittedError("Eigenfaces know no faces yet: call fit on the training pictures first")
        faces = stack_grey(media).reshape(len(media), -1).astype(np.float32)
        if faces.shape[1] != len(self.mean):
            raise ParameterError(
                f"a face of {faces.shape[1]} pixels came, eigenfaces were fitted on {len(self.mean)}: put Resize before"
            )
        return (faces - self.mean) @ self.components.T

    def params(self) -> dict[str, Any]:
        """Return the number asked for."""
        return {"n_components": self.n_components}

    def state(self) -> dict[str, np.ndarray]:
        """Return mean face and directions."""
        fitted = self.mean is not None and self.components is not None
        return {"mean": self.mean, "components": self.components} if fitted else {}  # type: ignore[dict-item]

    def load_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take them back."""
        mean, components = state["mean"], state["components"]
        if mean.ndim != 1 or components.shape[1:] != mean.shape:
            raise ModelFileError(f"eigenfaces of shape {components.shape} do not fit a mean face of {mean.shape}")
        self.mean, self.components = mean, components
