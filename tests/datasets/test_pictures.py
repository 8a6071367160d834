import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.datasets import read_image
from mmteach.errors import DataError

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (40, 30), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (40, 30, 3), dtype=np.uint8)


def encoded(picture: Pillow.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF"])
def test_grey_pixels_come_back_as_they_were(kind):
    image = read_image(encoded(Pillow.fromarray(GREY), kind))
    pixels = image.pixels if image.pixels.ndim == 2 else image.pixels[..., 0]
    np.testing.assert_array_equal(pixels, GREY)
    assert image.orientation == 1


def test_colour_from_a_path_bytes_and_an_open_file(tmp_path):
    content = encoded(Pillow.fromarray(COLOUR))
    path = tmp_path / "colour.png"
    path.write_bytes(content)
    for source in (path, str(path), content, memoryview(content), io.BytesIO(content)):
        np.testing.assert_array_equal(read_image(source).pixels, COLOUR)


def test_pixels_can_be_written_to():
    read_image(encoded(Pillow.fromarray(GREY))).pixels[0, 0] = 1


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_are_scaled_to_eight(kind):
    deep = GREY.astype(np.uint16) * 257  # 0 -> 0, 255 -> 65535
    np.testing.assert_array_equal(read_image(encoded(Pillow.fromarray(deep), kind)).pixels, GREY)


def test_a_dark_sixteen_bit_picture_stays_dark():
    assert read_image(encoded(Pillow.fromarray(np.full((4, 4), 200, dtype=np.uint16)))).pixels.max() == 1


@pytest.mark.parametrize(("top", "expected"), [(1.0, 255), (0.5, 128), (255.0, 255)])
def test_fractions_are_scaled_to_eight_bits(top, expected):
    picture = Pillow.fromarray(np.array([[0.0, top]], dtype=np.float32))
    np.testing.assert_array_equal(read_image(encoded(picture, "TIFF")).pixels, [[0, expected]])


def test_fractions_that_are_not_numbers_are_named():
    picture = Pillow.fromarray(np.array([[0.0, np.nan]], dtype=np.float32))
    with pytest.raises(DataError, match="not numbers"):
        read_image(encoded(picture, "TIFF"))


def test_cmyk_becomes_rgb():
    red = Pillow.new("RGB", (16, 16), (250, 10, 10)).convert("CMYK")
    pixels = read_image(encoded(red, "JPEG", quality=95)).pixels
    assert pixels.shape == (16, 16, 3)
    assert pixels[8, 8, 0] > 200
    assert pixels[8, 8, 1] < 60


def test_one_bit_becomes_black_and_white():
    picture = Pillow.fromarray(GREY > 127)
    np.testing.assert_array_equal(read_image(encoded(picture)).pixels, np.where(GREY > 127, 255, 0))


def test_a_palette_becomes_its_colours():
    picture = Pillow.new("P", (2, 1))
    picture.putpalette([10, 20, 30, 200, 100, 50])
    picture.putpixel((1, 0), 1)
    np.testing.assert_array_equal(read_image(encoded(picture)).pixels, [[[10, 20, 30], [200, 100, 50]]])


def test_what_is_transparent_becomes_white():
    picture = Pillow.new("P", (2, 1))
    picture.putpalette([10, 20, 30, 200, 100, 50])
    picture.putpixel((1, 0), 1)
    pixels = read_image(encoded(picture, transparency=0)).pixels
    np.testing.assert_array_equal(pixels, [[[255, 255, 255], [200, 100, 50]]])
    grey = Pillow.fromarray(np.array([[[7, 0], [7, 255]]], dtype=np.uint8), mode=None)
    np.testing.assert_array_equal(read_image(encoded(grey)).pixels, [[255, 7]])


def test_an_animation_gives_its_first_frame():
    frames = [Pillow.new("RGB", (9, 5), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    pixels = read_image(content).pixels
    assert pixels.shape == (5, 9, 3)
    assert (pixels == [255, 0, 0]).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_orientation_is_kept_and_the_pixels_are_not_turned(kind):
    picture = Pillow.fromarray(COLOUR)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    image = read_image(encoded(picture, kind, exif=exif))
    assert image.orientation == 6
    assert image.pixels.shape == COLOUR.shape


def test_a_tiff_that_pillow_turns_itself_is_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    image = read_image(encoded(Pillow.fromarray(COLOUR), "TIFF", exif=exif))
    assert image.orientation == 1
    np.testing.assert_array_equal(image.pixels, np.rot90(COLOUR, -1))


def test_an_orientation_that_does_not_exist_is_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 99
    assert read_image(encoded(Pillow.fromarray(COLOUR), "JPEG", exif=exif)).orientation == 1


def test_damaged_metadata_does_not_cost_the_picture():
    content = encoded(Pillow.fromarray(COLOUR), "JPEG", exif=b"Exif\x00\x00garbage that is no TIFF")
    image = read_image(content)
    assert image.pixels.shape == COLOUR.shape
    assert image.orientation == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_sixty_megapixels_are_reduced_to_the_right_picture(kind):
    """Left half dark, right half light, one bright band at the bottom."""
    pixels = np.full((6667, 9000), 40, dtype=np.uint8)
    pixels[:, 4500:] = 160
    pixels[6000:] = 250
    options = {"quality": 90} if kind == "JPEG" else {"compress_level": 1}
    small = read_image(encoded(Pillow.fromarray(pixels), kind, **options)).pixels
    assert small.shape == (3034, 4096)
    assert np.abs(small[100, [100, 3900]].astype(int) - [40, 160]).max() <= 2
    assert small[3000].min() >= 245


def test_a_long_strip_keeps_its_shape():
    assert read_image(encoded(Pillow.new("L", (8192, 3)))).pixels.shape == (2, 4096)


def claimed(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_a_picture_that_claims_too_much_is_refused_at_once():
    for side in (16_000, 60_000):
        with pytest.raises(DataError, match="more than 250 megapixels"):
            read_image(claimed(side, side))


def test_two_hundred_megapixels_are_opened_though_pillow_alone_would_not():
    with pytest.raises(DataError, match="damaged"):  # opened, then found short of pixels
        read_image(claimed(16_320, 12_240))


@pytest.mark.parametrize("before", [None, 12_345])
def test_pillows_own_limit_is_left_as_it_was(monkeypatch, before):
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", before)
    for content in (encoded(Pillow.fromarray(GREY)), claimed(60_000, 60_000), b"nothing"):
        with suppress(DataError):
            read_image(content)
        assert before == Pillow.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "PPM", "WEBP"])
@pytest.mark.parametrize("share", [0.03, 0.5, 0.9])
def test_a_truncated_picture_gets_a_sentence(kind, share):
    content = encoded(Pillow.fromarray(COLOUR), kind)
    with pytest.raises(DataError, match=r"damaged|not a picture"):
        read_image(content[: int(len(content) * share)])


def test_altered_bytes_never_end_in_anything_but_a_picture_or_a_sentence():
    rng = np.random.default_rng(1)
    for kind in ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"):
        content = np.frombuffer(encoded(Pillow.fromarray(COLOUR), kind), np.uint8)
        for _ in range(40):
            altered = content.copy()
            altered[rng.integers(0, len(altered), 8)] = rng.integers(0, 256, 8)
            with suppress(DataError):
                assert read_image(altered.tobytes()).pixels.dtype == np.uint8


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty, 0 bytes"),
        (b"GIF89a", "not a picture|damaged"),
        (b"just some words", "not a picture that can be read: save it as PNG or JPEG"),
        (b"%PDF-1.7 and so on", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n", "EPS"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(tmp_path, content, words):
    path = tmp_path / "upload.png"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_image(path)
    with pytest.raises(DataError, match=words):
        read_image(content)


def test_a_folder_and_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="is a folder"):
        read_image(tmp_path)
    with pytest.raises(DataError, match="is missing"):
        read_image(tmp_path / "gone.png")
