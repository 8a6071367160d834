"""One picture, changed by a known amount. Whether its label survives depends on what is asked of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from mmteach.errors import ParameterError
from mmteach.types import Image


def flip(image: Image) -> Image:
    """Swap left and right. A face stays the same person; a 2, an arrow or a word does not stay what it was."""
    return replace(image, pixels=np.ascontiguousarray(image.pixels[:, ::-1]))


def rotate(image: Image, degrees: float) -> Image:
    """Turn counter-clockwise about the centre; what comes into view at the corners has the grey of its edge (median).

    Half a turn makes a 9 of a 6.
    """
    from torchvision.transforms.v2 import InterpolationMode
    from torchvision.transforms.v2 import functional as v2

    if not degrees:
        return image
    x = _tensor(image)
    edge = torch.cat([x[:, [0, -1]].flatten(1), x[:, :, [0, -1]].flatten(1)], dim=1)  # (K, 2 H + 2 W)
    fill = edge.float().median(dim=1).values.tolist()
    return _image(image, v2.rotate(x, degrees, InterpolationMode.BILINEAR, fill=fill))


def brightness(image: Image, factor: float) -> Image:
    """Multiply all pixels; 1 changes nothing, 0 is black."""
    from torchvision.transforms.v2 import functional as v2

    _require("factor", factor, 0, 10)
    return _image(image, v2.adjust_brightness(_tensor(image), factor))


def contrast(image: Image, factor: float) -> Image:
    """Pull all pixels towards the mean grey (below 1), or push them away from it; 1 changes nothing."""
    from torchvision.transforms.v2 import functional as v2

    _require("factor", factor, 0, 10)
    return _image(image, v2.adjust_contrast(_tensor(image), factor))


def erase(image: Image, share: float, generator: torch.Generator) -> Image:
    """Cover a rectangle, shaped like the picture and placed at random, with the picture's mean grey.

    Parameters
    ----------
    share : of the area, [0, 1]; 0 changes nothing.

    References
    ----------
    Zhong et al. 2020, AAAI (random erasing).
    """
    from torchvision.transforms.v2 import functional as v2

    _require("share", share, 0, 1)
    x = _tensor(image)
    height, width = (round(side * share**0.5) for side in x.shape[1:])
    top, left = (
        int(torch.randint(0, whole - part + 1, (), generator=generator))
        for whole, part in zip(x.shape[1:], (height, width), strict=True)
    )
    grey = x.float().mean(dim=(1, 2), keepdim=True).to(torch.uint8)
    return _image(image, v2.erase(x, top, left, height, width, grey))


def flip_mouth(
    image: Image, rows: tuple[float, float] = (0.71, 0.89), columns: tuple[float, float] = (0.34, 0.65)
) -> Image:
    """Turn the mouth upside down: the person stays, and a smile becomes the opposite of one.

    Parameters
    ----------
    rows, columns : between which the mouth is, shares of height and width, in a portrait that the face fills; what lies
        in the ellipse between them is turned.

    References
    ----------
    Thompson 1980, Perception 9 (Margaret Thatcher: a new illusion).
    """
    height, width = image.pixels.shape[:2]
    top, bottom = (round(share * height) for share in rows)
    left, right = (round(share * width) for share in columns)
    pixels = image.pixels.copy()
    mouth = pixels[top:bottom, left:right]  # a view: what is written here is written into `pixels`
    r, c = (np.linspace(-1, 1, n) for n in mouth.shape[:2])
    inside = r[:, None] ** 2 + c[None, :] ** 2 <= 1
    mouth[inside] = mouth[::-1][inside]
    return replace(image, pixels=pixels)


def _require(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ParameterError(f"{name} is {value}; it must lie between {low} and {high}")


def _tensor(image: Image) -> Tensor:
    """(H, W) or (H, W, 3) uint8 -> (K, H, W) uint8."""
    x = torch.from_numpy(np.ascontiguousarray(image.pixels))
    return x[None] if x.ndim == 2 else x.permute(2, 0, 1)


def _image(like: Image, x: Tensor) -> Image:
    """(K, H, W) uint8 -> a picture of the same kind as `like`."""
    return replace(like, pixels=(x[0] if like.pixels.ndim == 2 else x.permute(1, 2, 0)).contiguous().numpy())
