"""Any picture file -> pixels as stored, 8 bits, grey or RGB."""

from __future__ import annotations

import io
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from mmteach.datasets.sources import require_file
from mmteach.errors import DataError
from mmteach.types import Image

if TYPE_CHECKING:
    from PIL import Image as Pillow

MAX_SIDE = 4096  # px; a larger picture is reduced while it is read
MAX_PIXELS = 250_000_000  # more than any phone takes; a small file can claim more than the memory holds
ORIENTATION = 0x0112  # the EXIF tag

_opening = threading.Lock()


def read_image(source: Path | str | bytes | BinaryIO) -> Image:
    """Read a picture in any format that Pillow knows; of an animation the first frame.

    Sixteen bits are scaled to eight, CMYK and palettes become RGB, transparent parts become white, and a side
    longer than 4096 px is reduced to that. The pixels stay as they were stored: `orientation` says how the
    camera was held.

    Raises
    ------
    DataError : the file is missing, a folder, empty, not a picture, damaged, or of more than 250 megapixels.
    """
    name, stream = _stream(source)
    try:
        with stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata; the pixels are what matters
            with _open(stream, name) as picture:
                size = _reduced(picture.size)
                picture.draft(None, size)  # a JPEG is decoded at 1/2, 1/4 or 1/8
                pixels = _eight_bits(picture, size)
                orientation = _orientation(picture)  # afterwards: a TIFF is turned upright while it is decoded
    except DataError:
        raise
    except Exception as error:  # a decoder raises whatever it stumbles over in a damaged file
        raise DataError(f"{name} is a damaged picture, it ends early or was altered: copy or save it again") from error
    return Image(pixels, orientation)


def _stream(source: Path | str | bytes | BinaryIO) -> tuple[str, BinaryIO]:
    """A name for messages, and the file's content opened."""
    if isinstance(source, (str, Path)):
        require_file(Path(source))
        return str(source), Path(source).open("rb")
    content = bytes(source) if isinstance(source, (bytes, bytearray, memoryview)) else source.read()
    if not content:
        raise DataError("the picture is empty, 0 bytes: choose the file again")
    return "the picture", io.BytesIO(content)


def _open(stream: BinaryIO, name: str) -> Pillow.Image:
    """Read the header: no pixel is decoded yet."""
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    with _opening:  # Pillow's own limit refuses the photos of today's phones, so ours stands in for a moment
        limit, Pillow.MAX_IMAGE_PIXELS = Pillow.MAX_IMAGE_PIXELS, MAX_PIXELS // 2  # Pillow refuses beyond twice this
        try:
            picture = Pillow.open(stream)
        except Pillow.DecompressionBombError as error:
            most = MAX_PIXELS // 10**6
            raise DataError(f"{name} has more than {most} megapixels: save a smaller copy") from error
        except UnidentifiedImageError as error:
            raise DataError(f"{name} is not a picture that can be read: save it as PNG or JPEG") from error
        finally:
            Pillow.MAX_IMAGE_PIXELS = limit
    if picture.format == "EPS":  # decoding it would run another program
        raise DataError(f"{name} is an EPS drawing, not a picture: save it as PNG or JPEG")
    return picture


def _orientation(picture: Pillow.Image) -> int:
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged metadata must not cost a sound picture; damaged pixels are found when decoded
        return 1
    return int(value) if value in range(1, 9) else 1


def _reduced(size: tuple[int, int]) -> tuple[int, int]:
    """The width and height with no side above MAX_SIDE, in the same proportion."""
    shrink = max(1, max(size) / MAX_SIDE)
    return max(1, round(size[0] / shrink)), max(1, round(size[1] / shrink))


def _eight_bits(picture: Pillow.Image, size: tuple[int, int]) -> np.ndarray:
    """Decode the pixels, and reduce them to `size` where they are too many: (H, W) or (H, W, 3) uint8."""
    from PIL import Image as Pillow

    if picture.mode.startswith(("I", "F")):  # 16 or 32 bits, whole numbers or fractions
        picture = Pillow.fromarray(_scaled(np.asarray(picture, dtype=np.float32), picture.mode))
    elif picture.has_transparency_data:
        grey = picture.mode in ("LA", "La", "L")
        paper = Pillow.new("RGBA", picture.size, "white")
        picture = Pillow.alpha_composite(paper, picture.convert("RGBA")).convert("L" if grey else "RGB")
    elif picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    if max(picture.size) > MAX_SIDE:
        picture = picture.resize(size, Pillow.Resampling.BOX, reducing_gap=2)
    return np.array(picture)  # a copy that can be written to


def _scaled(values: np.ndarray, mode: str) -> np.ndarray:
    """Deep pixels -> uint8, by the smallest full range that holds them: 16 bits, or for fractions 1 and 255 too."""
    if not np.isfinite(values).all():
        raise DataError("the picture holds values that are not numbers: save it as PNG or JPEG")
    ranges = (1.0, 255.0, 65535.0) if mode == "F" else (65535.0,)
    brightest = float(values.max())
    top = next((limit for limit in ranges if brightest <= limit), brightest)
    return (np.clip(values / top, 0, 1) * 255).round().astype(np.uint8)
