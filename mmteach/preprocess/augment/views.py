"""Pictures turned, scaled, shifted, mirrored, relit and covered, a whole batch at once: a network's own diet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.types import Image


@dataclass(frozen=True)
class RandomView:
    """Rotate, scale, shift, mirror, relight and partly cover each picture of a batch, at random.

    Parameters
    ----------
    rotate : degrees either way.
    scale : share either way, of height and width alike; a third of it also of width alone.
    shift : share of the picture either way, in both directions.
    mirror : probability of swapping left and right; a face stays itself, a letter would not.
    light : standard deviations by which brightness and contrast may change.
    cover : probability that a square of a quarter of the height is covered with grey.
    """

    rotate: float = 10.0
    scale: float = 0.1
    shift: float = 0.08
    mirror: float = 0.5
    light: float = 0.2
    cover: float = 0.0

    def __post_init__(self) -> None:
        for name, high in (("rotate", 180), ("scale", 0.9), ("shift", 1), ("mirror", 1), ("light", 5), ("cover", 1)):
            if not 0 <= getattr(self, name) <= high:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must lie between 0 and {high}")

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """(B, K, H, W) -> (B, K, H, W), standardised pictures."""
        maps = self._matrices(len(x), generator)
        maps[:, 0, 1] *= x.shape[2] / x.shape[3]  # half a height and half a width are not the same number of pixels
        maps[:, 1, 0] *= x.shape[3] / x.shape[2]
        grid = F.affine_grid(maps, list(x.shape), align_corners=False)
        y = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
        y = y * (1 + self.light * _either(generator, len(x), 1, 1, 1)) + self.light * _either(
            generator, len(x), 1, 1, 1
        )
        return self._cover(y, generator) if self.cover else y

    def view(self, image: Image, k: int, generator: torch.Generator) -> Image:
        """Return a random view of one picture; k, its number, does not matter."""
        return random_view(image, self, generator)

    def _matrices(self, n: int, generator: torch.Generator) -> Tensor:
        """Where each output pixel is read from: (B, 2, 3) affine maps in units of half the picture."""
        angle = math.radians(self.rotate) * _either(generator, n)
        size = 1 + self.scale * _either(generator, n)
        width = 1 + self.scale / 3 * _either(generator, n)
        side = 1 - 2 * (torch.rand(n, generator=generator) < self.mirror).float()
        m = torch.zeros(n, 2, 3)
        m[:, 0, 0], m[:, 0, 1] = side * angle.cos() * width / size, -angle.sin() / size
        m[:, 1, 0], m[:, 1, 1] = side * angle.sin() / size, angle.cos() / size
        m[:, :, 2] = 2 * self.shift * _either(generator, n, 2)
        return m

    def _cover(self, x: Tensor, generator: torch.Generator) -> Tensor:
        n, _, height, width = x.shape
        side = height // 4
        top = torch.randint(0, height - side + 1, (n, 1, 1), generator=generator)
        left = torch.randint(0, max(1, width - side + 1), (n, 1, 1), generator=generator)
        rows, columns = torch.arange(height)[None, :, None], torch.arange(width)[None, None, :]
        inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
        chosen = torch.rand(n, 1, 1, generator=generator) < self.cover
        return x.masked_fill((inside & chosen)[:, None], 0.0)


def random_view(image: Image, view: RandomView, generator: torch.Generator) -> Image:
    """One random view of a grey or colour picture of bytes."""
    x = torch.from_numpy(np.ascontiguousarray(image.pixels)).float()
    x = x[None, None] if x.ndim == 2 else x.permute(2, 0, 1)[None]  # (1, K, H, W)
    y = view(x / 128 - 1, generator)[0]
    pixels = ((y + 1) * 128).round().clamp(0, 255).to(torch.uint8)
    return replace(image, pixels=(pixels[0] if len(pixels) == 1 else pixels.permute(1, 2, 0)).contiguous().numpy())


def fixed_views(x: Tensor, zooms: Sequence[float] = (0.9, 1.0, 1.12)) -> list[Tensor]:
    """A picture, a little nearer and farther, each also mirrored: the mean over them is steadier than one view.

    Returns
    -------
    list of 2 * len(zooms) tensors (B, K, H, W).
    """
    out = []
    for zoom in zooms:
        m = torch.tensor([[1 / zoom, 0, 0], [0, 1 / zoom, 0]]).expand(len(x), 2, 3)
        grid = F.affine_grid(m, list(x.shape), align_corners=False)
        y = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
        out += [y, y.flip(-1)]
    return out


def _either(generator: torch.Generator, *shape: int) -> Tensor:
    """Uniform in [-1, 1]."""
    return 2 * torch.rand(*shape, generator=generator) - 1
