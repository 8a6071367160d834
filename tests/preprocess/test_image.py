import io

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from mmteach.errors import NotFittedError, ParameterError
from mmteach.preprocess import (
    STEPS,
    Colour,
    Crop,
    Equalise,
    Grey,
    Resize,
    Rotate,
    Standardise,
    Step,
    Upright,
    apply_steps,
    before_and_after,
    fit_steps,
)
from mmteach.preprocess.image import IMAGE_STEPS
from mmteach.types import Image


def picture(height=20, width=16, channels=3, seed=0):
    shape = (height, width, channels) if channels > 1 else (height, width)
    return Image(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))


def as_pillow_turns_it(pixels, orientation):
    """Let Pillow write the orientation into a file, read it back and turn the photo."""
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, "png", exif=exif)
    return np.asarray(ImageOps.exif_transpose(Pillow.open(file)))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_turns_as_pillow_does(orientation, channels):
    stored = picture(channels=channels).pixels
    upright = Upright()(Image(stored, orientation))
    np.testing.assert_array_equal(upright.pixels, as_pillow_turns_it(stored, orientation))
    assert upright.orientation == 1


@pytest.mark.parametrize("orientation", [0, 9])
def test_an_unknown_orientation_is_refused(orientation):
    with pytest.raises(ParameterError, match=f"orientation is {orientation}"):
        Upright()(Image(picture().pixels, orientation))


def test_grey_is_luma():
    image = picture()
    theirs = np.asarray(Pillow.fromarray(image.pixels).convert("L")).astype(int)
    ours = Grey()(image).pixels
    assert ours.dtype == np.uint8
    assert np.abs(ours - theirs).max() <= 1


def test_grey_stays_grey_and_colour_stays_colour():
    grey, colour = picture(channels=1), picture()
    assert Grey()(grey) is grey
    assert Colour()(colour) is colour
    three = Colour()(grey).pixels
    assert three.shape == (20, 16, 3)
    assert all((three[..., k] == grey.pixels).all() for k in range(3))


def test_crop_means_the_same_at_every_size():
    step = Crop(top=0.25, left=0.5, height=0.5, width=0.25)
    for factor in (1, 3):
        image = picture(20 * factor, 16 * factor)
        wanted = image.pixels[5 * factor : 15 * factor, 8 * factor : 12 * factor]
        np.testing.assert_array_equal(step(image).pixels, wanted)


def test_the_whole_picture_is_a_crop_too():
    np.testing.assert_array_equal(Crop()(picture()).pixels, picture().pixels)


@pytest.mark.parametrize("corner", [0.0, 0.5, 0.999])
def test_a_crop_keeps_at_least_one_pixel(corner):
    assert Crop(corner, corner, 0.001, 0.001)(picture(9, 7)).pixels.shape == (1, 1, 3)


@pytest.mark.parametrize(
    "box", [(-0.1, 0, 1, 1), (0, 0, 0, 1), (0, 0, 1, -1), (0.6, 0, 0.5, 1), (0, 0.6, 1, 0.5), (float("nan"), 0, 1, 1)]
)
def test_a_crop_outside_the_picture_is_refused(box):
    with pytest.raises(ParameterError, match=r"leaves the picture") as caught:
        Crop(*box)
    assert all(str(value) in str(caught.value) for value in box)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("quarters", [1, 2, 3, -1])
def test_quarter_turns_are_exact_and_counter_clockwise(quarters, channels):
    image = picture(16, 16, channels)
    np.testing.assert_array_equal(Rotate(90 * quarters)(image).pixels, np.rot90(image.pixels, quarters))


def test_a_full_turn_is_no_turn():
    image = picture()
    assert Rotate(360)(image) is image


def test_a_turn_keeps_the_size_and_fills_the_corners():
    turned = Rotate(45, fill=200)(Image(np.zeros((20, 30, 3), np.uint8)))
    assert turned.pixels.shape == (20, 30, 3)
    assert turned.pixels[0, 0].tolist() == [200, 200, 200]
    assert turned.pixels[10, 15].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("wrong", "said"), [({"degrees": float("inf")}, "inf"), ({"fill": 256}, "256")])
def test_an_impossible_turn_is_refused(wrong, said):
    with pytest.raises(ParameterError, match=said):
        Rotate(**wrong)


@pytest.mark.parametrize("channels", [1, 3])
def test_resize_gives_the_size_and_keeps_a_plain_picture_plain(channels):
    plain = Image(np.full_like(picture(50, 33, channels).pixels, 77))
    small = Resize(24, 16)(plain)
    assert small.pixels.shape[:2] == (24, 16)
    assert small.pixels.dtype == np.uint8
    assert (small.pixels == 77).all()


def test_resize_averages_rather_than_skips():
    noise = picture(64, 64, channels=1)
    small = Resize(8, 8)(noise).pixels
    assert noise.pixels.std() > 70
    assert small.std() < 15  # the mean of four pixels, as without antialiasing, would leave 37


@pytest.mark.parametrize(("size", "said"), [((7, 64), "7 x 64"), ((64, 1025), "64 x 1025"), ((64.5, 64), "64.5 x 64")])
def test_a_size_out_of_range_is_refused(size, said):
    with pytest.raises(ParameterError, match=said):
        Resize(*size)


@pytest.mark.parametrize("channels", [1, 3])
def test_equalise_is_histogram_equalisation(channels):
    image = Image((picture(64, 64, channels).pixels // 4 + 90).astype(np.uint8))
    theirs = np.asarray(ImageOps.equalize(Pillow.fromarray(image.pixels)))
    np.testing.assert_array_equal(Equalise()(image).pixels, theirs)
    assert theirs.max() - theirs.min() > 240  # the example did need it


def test_standardise_gives_the_training_part_mean_0_and_deviation_1():
    train = [picture(channels=1, seed=i) for i in range(5)]
    step = Standardise().fit(train)
    after = np.stack([step(image).pixels for image in train])
    assert after.dtype == np.float32
    assert after.mean() == pytest.approx(0, abs=1e-5)
    assert after.std() == pytest.approx(1, abs=1e-5)


def test_a_test_picture_is_measured_with_training_numbers():
    step = Standardise().fit([picture(seed=i) for i in range(5)])
    before = (step.mean, step.std)
    bright = step(Image(np.full((4, 4, 3), 255, np.uint8))).pixels
    assert (step.mean, step.std) == before
    np.testing.assert_allclose(bright, (1 - step.mean) / step.std, rtol=1e-5)


def test_a_plain_training_part_does_not_divide_by_zero():
    plain = Image(np.full((4, 4), 9, np.uint8))
    assert (Standardise().fit([plain])(plain).pixels == 0).all()


def test_standardise_must_be_fitted_first():
    with pytest.raises(NotFittedError, match="call fit on the training pictures"):
        Standardise()(picture())


@pytest.mark.parametrize(("mean", "std"), [(0.5, 0.0), (0.5, -1.0), (float("nan"), 1.0), (0.5, None)])
def test_standardise_refuses_impossible_numbers(mean, std):
    with pytest.raises(ParameterError, match="std"):
        Standardise(mean, std)


ONE_OF_EACH = (Upright(), Crop(0.1, 0.1, 0.8, 0.8), Rotate(10), Resize(16, 16), Equalise(), Grey(), Colour(),
               Standardise(0.5, 0.2))  # fmt: skip


@pytest.mark.parametrize("step", ONE_OF_EACH, ids=lambda s: type(s).__name__)
def test_no_step_changes_what_it_is_given(step):
    for channels in (1, 3):
        image = Image(picture(channels=channels).pixels, orientation=6)
        before = image.pixels.copy()
        after = step(image)
        if after is not image:
            after.pixels[...] = 0  # nor do the two share memory
        np.testing.assert_array_equal(image.pixels, before)


def test_every_step_is_known_by_its_name():
    assert {type(s) for s in ONE_OF_EACH} == set(IMAGE_STEPS) <= set(STEPS.values())
    assert all(isinstance(step, Step) for step in ONE_OF_EACH)


def test_the_trail_names_every_picture_on_the_way():
    steps = (Grey(), Crop(height=0.5), Resize(8, 8))
    trail = before_and_after(picture(), steps)
    assert [name for name, _ in trail] == ["original", "Grey", "Crop", "Resize"]
    assert [image.pixels.shape for _, image in trail] == [(20, 16, 3), (20, 16), (10, 16), (8, 8)]
    np.testing.assert_array_equal(trail[-1][1].pixels, apply_steps(picture(), steps).pixels)


def test_steps_are_fitted_on_what_the_steps_before_them_leave():
    train = [picture(seed=i) for i in range(4)]
    steps, after = fit_steps(train, (Grey(), Crop(height=0.5), Standardise()))
    alone = Standardise().fit([Crop(height=0.5)(Grey()(image)) for image in train])
    assert steps[-1] == alone
    np.testing.assert_array_equal(after[0].pixels, apply_steps(train[0], steps).pixels)


def test_no_picture_to_fit_on_gets_a_sentence():
    with pytest.raises(ParameterError, match="no picture"):
        Standardise().fit([])
