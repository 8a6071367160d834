"""Single pictures: identities, exact values, torchvision, and what makes a 9 of a 6."""

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import brightness, contrast, erase, flip, flip_mouth, rotate
from mmteach.types import Image


def seeded(number=0):
    return torch.Generator().manual_seed(number)


@pytest.fixture(params=[(12, 9), (12, 9, 3)])
def image(request):
    return Image(np.random.default_rng(0).integers(0, 256, request.param, dtype=np.uint8), orientation=6)


def test_no_change_is_the_identity(image):
    same = [rotate(image, 0), brightness(image, 1), contrast(image, 1), erase(image, 0, seeded()), flip(flip(image))]
    for other in [*same, flip_mouth(flip_mouth(image))]:
        np.testing.assert_array_equal(other.pixels, image.pixels)
        assert other.orientation == 6


def test_they_are_torchvisions(image):
    x = torch.from_numpy(image.pixels)
    x = x[None] if x.ndim == 2 else x.permute(2, 0, 1)
    told = [
        (flip(image), v2.functional.horizontal_flip(x)),
        (brightness(image, 1.4), v2.functional.adjust_brightness(x, 1.4)),
        (contrast(image, 0.5), v2.functional.adjust_contrast(x, 0.5)),
    ]
    for own, theirs in told:
        np.testing.assert_array_equal(own.pixels.reshape(12, 9, -1), theirs.permute(1, 2, 0).numpy())


def test_half_a_turn_is_a_flip_both_ways(image):
    np.testing.assert_array_equal(rotate(image, 180).pixels, image.pixels[::-1, ::-1])


def test_a_square_turns_counter_clockwise():
    x = np.arange(25, dtype=np.uint8).reshape(5, 5)
    np.testing.assert_array_equal(rotate(Image(x), 90).pixels, np.rot90(x))


def test_corners_take_the_grey_of_the_edge():
    x = np.full((21, 21), 30, np.uint8)
    x[5:16, 5:16] = 250
    turned = rotate(Image(x), 45).pixels
    assert turned[0, 0] == turned[-1, -1] == 30


def test_a_rectangle_of_the_given_share_is_covered_with_the_mean():
    image = Image(np.tile(np.array([[0, 200]], np.uint8), (20, 10)))  # its mean, 100, is nowhere in it
    places = set()
    for seed in range(20):
        rows, columns = np.nonzero(erase(image, 0.25, seeded(seed)).pixels == 100)
        assert len(rows) == 100
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (10, 10)
        places.add((rows.min(), columns.min()))
    assert len(places) > 10
    np.testing.assert_array_equal(erase(image, 0.3, seeded(3)).pixels, erase(image, 0.3, seeded(3)).pixels)
    assert (erase(image, 1, seeded()).pixels == 100).all()


def test_only_the_mouth_is_turned():
    x = np.arange(100, dtype=np.uint8)[:, None].repeat(40, axis=1)
    y = flip_mouth(Image(x), rows=(0.6, 0.9), columns=(0.25, 0.75)).pixels
    np.testing.assert_array_equal(y[61:89, 20], x[88:60:-1, 20])
    rows, columns = np.nonzero(x != y)
    assert (rows.min(), rows.max()) == (61, 88)
    assert (columns.min(), columns.max()) == (11, 28)
    np.testing.assert_array_equal(y[60:63, 10:12], x[60:63, 10:12])  # corners lie outside the ellipse


def test_the_given_picture_stays_as_it_was(image):
    before = image.pixels.copy()
    for made in (
        flip(image),
        rotate(image, 30),
        brightness(image, 0.2),
        erase(image, 0.5, seeded()),
        flip_mouth(image),
    ):
        assert not np.array_equal(made.pixels, before)
        made.pixels[:] = 0
    np.testing.assert_array_equal(image.pixels, before)


def test_what_cannot_be_is_a_sentence(image):
    with pytest.raises(ParameterError, match="share is 2; it must lie between 0 and 1"):
        erase(image, 2, seeded())
    with pytest.raises(ParameterError, match="factor is -1"):
        brightness(image, -1)
