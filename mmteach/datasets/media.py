"""One file -> one medium: a picture, a recording, a text or an array, or one sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from mmteach.datasets.pictures import read_image
from mmteach.datasets.recordings import read_audio
from mmteach.datasets.sources import Source, require_file
from mmteach.errors import DataError
from mmteach.types import Image, Media, Modality


def read_array(source: Path) -> np.ndarray:
    """Read numbers from a .npy file.

    Returns
    -------
    np.ndarray [float32], of the shape that was saved.

    Raises
    ------
    DataError : the file is missing, not a .npy file, not numbers, or empty. Pickled objects are refused.
    """
    require_file(source)
    try:
        with source.open("rb") as file:
            if file.read(6) != b"\x93NUMPY":
                raise DataError(f"{source} is not a .npy file: save the array with numpy.save")
            file.seek(0)
            values = np.lib.format.read_array(file, allow_pickle=False)
    except (ValueError, OSError, EOFError, MemoryError) as error:
        raise DataError(
            f"{source} is damaged or holds objects instead of numbers: save a plain array of numbers with numpy.save"
        ) from error
    if values.size == 0 or values.dtype.kind not in "biuf":
        raise DataError(f"{source} holds {values.dtype} of shape {values.shape}; numbers are needed: save it again")
    if not np.isfinite(values).all():
        n_bad = int((~np.isfinite(values)).sum())
        raise DataError(
            f"{source} holds {n_bad} values that are not finite (NaN or infinity): mend them, or leave the cell empty"
        )
    return values.astype(np.float32)


def read_landmarks(source: Path) -> np.ndarray:
    """Read points: np.ndarray [shape=(n, 2) or (n, 3), float32, pixels]."""
    points = read_array(source)
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise DataError(f"{source} has shape {points.shape}; landmarks need (n, 2), one x and y a point: reshape it")
    return points


def read_vector(source: Path) -> np.ndarray:
    """Read a vector (D,) or a sequence of vectors (T, D) as float32."""
    values = read_array(source)
    if values.ndim not in (1, 2):
        raise DataError(f"{source} has shape {values.shape}; a vector needs (D,) or (T, D): reshape it")
    return values


def read_text(source: Path) -> str:
    """Read a UTF-8 text file, with or without a byte order mark."""
    require_file(source)
    try:
        return source.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise DataError(f"{source} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error


READERS: dict[Modality, Callable[[Path], Media]] = {
    "image": read_image,
    "audio": read_audio,
    "text": read_text,
    "landmarks": read_landmarks,
    "vector": read_vector,
}


def read_media(modality: Modality, source: Source) -> Media:
    """Read one medium; an array or a text that is in memory already is taken as it is."""
    if isinstance(source, Path):
        return READERS.get(modality, read_vector)(source)  # a modality of another name holds vectors
    if isinstance(source, np.ndarray) and modality == "image":
        return Image(source)
    return source
