"""Pictures: upright, grey or colour, crop, rotate, resize, equalise, standardise.

Each is a step (see `steps.py`): a small frozen object whose parameters are its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mmteach.errors import NotFittedError, ParameterError
from mmteach.types import Image

if TYPE_CHECKING:
    from torch import Tensor

# What EXIF orientations 1-8 ask for: (quarter turns counter-clockwise, then mirror left-right).
_TURNS = {1: (0, False), 2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True), 8: (1, False)}  # fmt: skip # noqa: E501


@dataclass(frozen=True)
class Upright:
    """Turn a photo the way its camera was held (EXIF orientation)."""

    def __call__(self, image: Image) -> Image:
        """Return the picture with orientation 1."""
        if image.orientation not in _TURNS:
            raise ParameterError(f"EXIF orientation is {image.orientation}; it must be 1 to 8: save the photo again")
        turns, mirror = _TURNS[image.orientation]
        pixels = np.rot90(image.pixels, turns)
        return Image(np.ascontiguousarray(pixels[:, ::-1] if mirror else pixels))


@dataclass(frozen=True)
class Grey:
    """Colour to grey by luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)."""

    def __call__(self, image: Image) -> Image:
        """(H, W, 3) -> (H, W); a grey picture stays."""
        from torchvision.transforms.v2 import functional as v2

        return image if image.pixels.ndim == 2 else _through(image, v2.rgb_to_grayscale)


@dataclass(frozen=True)
class Colour:
    """Give a grey picture three equal channels, for networks that were trained on colour."""

    def __call__(self, image: Image) -> Image:
        """(H, W) -> (H, W, 3); a colour picture stays."""
        return image if image.pixels.ndim == 3 else replace(image, pixels=np.stack([image.pixels] * 3, axis=-1))


@dataclass(frozen=True)
class Crop:
    """Keep a box, given in fractions of height and width, so that it means the same at every size.

    Parameters
    ----------
    top, left, height, width : fractions in [0, 1]; the box must lie inside the picture.
    """

    top: float = 0.0
    left: float = 0.0
    height: float = 1.0
    width: float = 1.0

    def __post_init__(self) -> None:
        inside = self.top >= 0 and self.left >= 0 and self.top + self.height <= 1 + 1e-9
        if not (inside and self.left + self.width <= 1 + 1e-9 and self.height > 0 and self.width > 0):
            raise ParameterError(
                f"the crop box top {self.top}, left {self.left}, height {self.height}, width {self.width} leaves the "
                "picture; top + height and left + width must stay within 0 to 1: make the box smaller"
            )

    def __call__(self, image: Image) -> Image:
        """Cut the box out; at least one pixel remains."""
        n_rows, n_columns = image.pixels.shape[:2]
        top, left = min(round(self.top * n_rows), n_rows - 1), min(round(self.left * n_columns), n_columns - 1)
        bottom = max(round((self.top + self.height) * n_rows), top + 1)
        right = max(round((self.left + self.width) * n_columns), left + 1)
        return replace(image, pixels=image.pixels[top:bottom, left:right].copy())


@dataclass(frozen=True)
class Rotate:
    """Rotate about the centre; corners that come from outside are filled with `fill`.

    Parameters
    ----------
    degrees : counter-clockwise.
    fill : grey value 0-255.
    """

    degrees: float = 0.0
    fill: int = 0

    def __post_init__(self) -> None:
        if not (abs(self.degrees) <= 36_000 and 0 <= self.fill <= 255):
            raise ParameterError(
                f"degrees is {self.degrees}, fill {self.fill}; needs -36000 to 36000 degrees and a grey value 0 to 255"
            )

    def __call__(self, image: Image) -> Image:
        """Return a picture of the same size."""
        from torchvision.transforms import InterpolationMode
        from torchvision.transforms.v2 import functional as v2

        def rotate(x: Tensor) -> Tensor:
            return v2.rotate(x, self.degrees, InterpolationMode.BILINEAR, fill=[float(self.fill)])

        return image if self.degrees % 360 == 0 else _through(image, rotate)


@dataclass(frozen=True)
class Resize:
    """Scale to a fixed size with antialiasing (bilinear).

    Parameters
    ----------
    height, width : pixels, 8 to 1024.
    """

    height: int = 64
    width: int = 64

    def __post_init__(self) -> None:
        if not all(8 <= side <= 1024 and side == int(side) for side in (self.height, self.width)):
            raise ParameterError(f"size {self.height} x {self.width}; each side needs 8 to 1024 whole pixels")

    def __call__(self, image: Image) -> Image:
        """Return (height, width) or (height, width, 3)."""
        from torchvision.transforms.v2 import functional as v2

        if image.pixels.shape[:2] == (self.height, self.width):
            return image
        return _through(image, lambda x: v2.resize(x, [self.height, self.width], antialias=True))


@dataclass(frozen=True)
class Equalise:
    """Spread the grey values evenly over 0-255 (histogram equalisation), which evens out lighting."""

    def __call__(self, image: Image) -> Image:
        """Return a picture of the same shape; in colour, each channel by itself."""
        from torchvision.transforms.v2 import functional as v2

        return _through(image, v2.equalize)


@dataclass(frozen=True)
class Standardise:
    """Subtract the mean and divide by the standard deviation of the training pictures.

    Fitted on the training part only: the numbers of a test picture must not reach it.

    Parameters
    ----------
    mean, std : of grey values scaled to [0, 1]; None until `fit`.
    """

    mean: float | None = None
    std: float | None = None

    def __post_init__(self) -> None:
        if self.mean is self.std is None:
            return
        if self.mean is None or self.std is None or not (abs(self.mean) <= 1e6 and 0 < self.std <= 1e6):
            raise ParameterError(f"mean is {self.mean}, std {self.std}; give both, std above 0, or neither, and fit")

    def fit(self, images: Sequence[Image]) -> Standardise:
        """Return the step with the mean and standard deviation of these pictures."""
        count = sum(i.pixels.size for i in images)
        if count == 0:
            raise ParameterError("no picture came to take mean and std from: fit on the training pictures")
        mean = sum(float(i.pixels.sum(dtype=np.float64)) for i in images) / count
        variance = sum(float(((i.pixels - mean) ** 2).sum()) for i in images) / count
        return Standardise(mean / 255, max(variance**0.5 / 255, 1e-3))

    def __call__(self, image: Image) -> Image:
        """Return float32 pixels, about zero mean and unit variance."""
        from torchvision.transforms.v2 import functional as v2

        if self.mean is None or self.std is None:
            raise NotFittedError("Standardise has no mean and std yet: call fit on the training pictures first")
        mean, std = self.mean, self.std

        def normalise(x: Tensor) -> Tensor:
            return v2.normalize(x.float() / 255, [mean] * x.shape[0], [std] * x.shape[0])

        return _through(image, normalise)


IMAGE_STEPS = (Upright, Grey, Colour, Crop, Rotate, Resize, Equalise, Standardise)


def _through(image: Image, change: Callable[[Tensor], Tensor]) -> Image:
    """Run a torchvision function, which wants (K, H, W), on our (H, W) or (H, W, 3)."""
    import torch

    x = torch.from_numpy(np.ascontiguousarray(image.pixels))
    x = x[None] if x.ndim == 2 else x.permute(2, 0, 1)  # (K, H, W)
    y = change(x)
    return replace(image, pixels=(y[0] if len(y) == 1 else y.permute(1, 2, 0)).contiguous().numpy())
