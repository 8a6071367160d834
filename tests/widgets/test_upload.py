"""Whatever is dropped on the page becomes a picture or a sentence."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.errors import DataError
from mmteach.widgets import read_upload
from mmteach.widgets.upload import upload_button


def encoded(picture: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def grey(side: int = 16) -> Pillow.Image:
    return Pillow.fromarray(np.arange(side * side, dtype=np.uint8).reshape(side, side))


def dropped(content: bytes, name: str = "me.png") -> tuple:
    """What ipywidgets.FileUpload holds."""
    return ({"name": name, "type": "image/png", "size": len(content), "content": memoryview(content)},)


PNG = encoded(grey(64), "PNG")
FRAMES = [Pillow.new("P", (8, 8), n) for n in range(3)]

BAD = {
    "not a picture": (b"just some words", "me.png is not a picture"),
    "truncated": (PNG[: len(PNG) // 2], "me.png is a damaged picture"),
    "empty": (b"", "me.png is empty"),
}
GOOD = {
    "animated GIF": (encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), (8, 8, 3)),
    "CMYK": (encoded(Pillow.new("CMYK", (6, 4), (0, 255, 255, 0)), "JPEG"), (4, 6, 3)),
    "16 bits": (encoded(Pillow.fromarray(np.full((5, 5), 65535, np.uint16)), "PNG"), (5, 5)),
    "60 megapixels": (encoded(Pillow.new("L", (10_000, 6_000), 200), "JPEG"), (2458, 4096)),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_a_sentence_with_its_name(case):
    content, said = BAD[case]
    with pytest.raises(DataError, match=said):
        read_upload(dropped(content))


@pytest.mark.parametrize("case", GOOD)
def test_odd_picture_is_read(case):
    content, shape = GOOD[case]
    image = read_upload(dropped(content))
    assert image.pixels.shape == shape
    assert image.pixels.dtype == np.uint8


def test_cmyk_is_red_and_sixteen_bits_are_white():
    assert read_upload(GOOD["CMYK"][0]).pixels[0, 0].tolist() == pytest.approx([254, 0, 0], abs=4)
    assert read_upload(GOOD["16 bits"][0]).pixels.min() == 255


def test_nothing_chosen_is_nothing():
    assert read_upload(()) is None


def test_a_file_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("mmteach.widgets.upload.MAX_BYTES", 10)
    with pytest.raises(DataError, match="save it smaller"):
        read_upload(dropped(PNG))


def test_button_takes_one_picture():
    button = upload_button()
    assert (button.accept, button.multiple) == ("image/*", False)
