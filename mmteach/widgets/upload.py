"""A file that a learner drops on the page -> an Image, or one sentence."""

from __future__ import annotations

from typing import Any

import ipywidgets

from mmteach.datasets import read_image
from mmteach.errors import DataError
from mmteach.types import Image

MAX_BYTES = 64_000_000  # more than any phone's photo; the page sends it whole


def upload_button(label: str = "Your photo") -> ipywidgets.FileUpload:
    """A button that takes one picture."""
    return ipywidgets.FileUpload(accept="image/*", multiple=False, description=label, layout={"width": "auto"})


def read_upload(value: Any) -> Image | None:
    """What a FileUpload holds -> a picture; None where nothing was chosen.

    Parameters
    ----------
    value : FileUpload.value, or the bytes of a file.

    Raises
    ------
    DataError : it is not a picture, or damaged; the sentence begins with the file's name.
    """
    if not isinstance(value, (bytes, bytearray, memoryview)) and not value:
        return None
    name, content = _content(value)
    if len(content) > MAX_BYTES:
        raise DataError(
            f"{name} has {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} are read: save it smaller"
        )
    try:
        return read_image(content)
    except DataError as error:
        raise DataError(str(error).replace("the picture", name, 1)) from error


def _content(value: Any) -> tuple[str, bytes]:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "the picture", bytes(value)
    file = value[0]
    return str(file["name"]), bytes(file["content"])
