"""The steps that are ticked are the steps that run; whatever is uploaded is shown or said."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.preprocess import Crop, Grey, Resize, Rotate, Upright, apply_steps
from mmteach.types import Image
from mmteach.widgets import ImagePrep, Plot
from mmteach.widgets.image_prep import LARGEST, ORDER

BEGUN = ("Upright", "Grey", "Crop", "Resize")


@pytest.fixture(scope="module")
def made(few) -> ImagePrep:
    return ImagePrep(few)


@pytest.fixture
def prep(made) -> ImagePrep:
    """The widget as it is when it is new."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Plot, "redraw", lambda self, alt: None)
        made.rows.value, made.columns.value, made.degrees.value, made.side.value = (10, 95), (15, 85), 15, 64
        made.which.value = 0
        made.say()
        made.pick()
    if [name for name in ORDER if made.on[name].value] != list(BEGUN):
        tick_only(made, *BEGUN)
    return made


def tick_only(prep: ImagePrep, *names: str) -> None:
    with pytest.MonkeyPatch.context() as patch:  # seven ticks, one drawing
        patch.setattr(Plot, "redraw", lambda self, alt: None)
        for name in ORDER:
            prep.on[name].value = name in names
    prep.update()


def dropped(content: bytes, name: str = "me.png") -> tuple:
    return ({"name": name, "type": "image/png", "size": len(content), "content": memoryview(content)},)


def png(array: np.ndarray, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(array).save(out, kind, **options)
    return out.getvalue()


def test_trail_is_what_the_steps_give(prep, few):
    assert [name for name, _ in prep.trail] == ["original", "Upright", "Grey", "Crop", "Resize"]
    expected = apply_steps(few[0].media["image"], prep.steps)
    np.testing.assert_array_equal(prep.trail[-1][1].pixels, expected.pixels)


def test_sliders_are_the_parameters(prep):
    tick_only(prep, "Crop", "Rotate", "Resize")
    prep.rows.value, prep.columns.value, prep.degrees.value, prep.side.value = (20, 80), (10, 60), -30, 32
    crop, rotate, resize = prep.steps
    assert (crop.top, crop.left) == (0.2, 0.1)
    assert (crop.height, crop.width) == pytest.approx((0.6, 0.5))
    assert (rotate, resize) == (Rotate(-30), Resize(32, 32))


def test_code_under_the_figure_runs(prep, few):
    names = {c.__name__: c for c in (Upright, Grey, Crop, Resize)}
    code = prep.code.value.split("<code>")[1].split("</code>")[0]
    again = eval(code, {**names, "apply_steps": apply_steps, "image": few[0].media["image"]})  # noqa: S307
    np.testing.assert_array_equal(again.pixels, prep.trail[-1][1].pixels)


def test_standardise_learns_from_training_pictures_not_from_this_one(prep):
    tick_only(prep, "Grey", "Standardise")
    prep.take_image(Image(np.full((16, 16), 250, np.uint8)), "white")
    assert prep.trail[-1][1].pixels.mean() > 1
    assert "Standardise" in prep.plot.alt


def test_every_move_draws_another_picture(prep):
    shown = prep.plot.png
    prep.which.value = 5
    assert prep.plot.png != shown
    assert prep.plot.alt.startswith(prep.dataset.ids[5])


def test_colour_photo_of_any_size_passes_every_step(prep):
    prep.take(dropped(png(np.random.default_rng(0).integers(0, 255, (60, 90, 3), dtype=np.uint8))))
    tick_only(prep, *ORDER)
    assert prep.image.pixels.shape == (60, 90, 3)
    assert prep.message.value == ""
    assert prep.trail[-1][1].pixels.shape == (64, 64)
    tick_only(prep, "Standardise")
    assert prep.trail[-1][1].pixels.shape == (60, 90, 3)


PNG = png(np.arange(64 * 64, dtype=np.uint8).reshape(64, 64))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"words", "not a picture"), (PNG[: len(PNG) // 2], "damaged picture"), (b"", "empty")],
    ids=["not a picture", "truncated", "empty"],
)
def test_bad_upload_is_a_sentence_and_the_former_picture_stays(prep, content, said):
    before = prep.image
    prep.take(dropped(content))
    assert said in prep.message.value
    assert "me.png" in prep.message.value
    assert prep.image is before
    prep.take(dropped(PNG))
    assert prep.message.value == ""


@pytest.mark.parametrize(
    "content",
    [
        png(np.full((5, 7), 65535, np.uint16)),
        png(np.zeros((9, 9), np.uint8), "GIF", save_all=True, append_images=[Pillow.new("L", (9, 9), 200)]),
        png(np.zeros((4, 6, 4), np.uint8), "PNG"),
    ],
    ids=["16 bits", "animated", "transparent"],
)
def test_odd_upload_is_shown(prep, content):
    prep.take(dropped(content))
    assert prep.message.value == ""
    assert prep.name == "your photo"


def test_cmyk_upload_is_shown_in_colour(prep):
    out = io.BytesIO()
    Pillow.new("CMYK", (6, 4), (0, 255, 255, 0)).save(out, "JPEG")
    prep.take(dropped(out.getvalue()))
    assert prep.image.pixels.shape == (4, 6, 3)


def test_large_photo_is_shown_small_and_said(prep):
    out = io.BytesIO()
    Pillow.new("L", (10_000, 6_000), 90).save(out, "JPEG")
    prep.take(dropped(out.getvalue()))
    assert max(prep.image.pixels.shape) <= LARGEST
    assert "is large: a copy of" in prep.message.value


def test_thin_photo_survives(prep):
    prep.take_image(Image(np.zeros((1, 3000), np.uint8)), "a line")
    assert max(prep.image.pixels.shape) <= LARGEST


def test_empty_crop_is_a_sentence(prep):
    prep.rows.value = (50, 50)
    assert "leaves the picture" in prep.message.value
    prep.rows.value = (40, 60)
    assert prep.message.value == ""
