"""The references of chapter 2 agree with the library, and with scikit-learn."""

import numpy as np
import pytest

from mmteach.datasets import Fold
from mmteach.exercises.chapters.preprocess.crop_center import my_crop_center
from mmteach.exercises.chapters.preprocess.group_split import my_group_split
from mmteach.exercises.chapters.preprocess.rms_level import my_rms_level
from mmteach.exercises.chapters.preprocess.standardise import my_standardise
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.preprocess import Crop, Level, Standardise
from mmteach.types import Image, Waveform


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_middle_is_the_librarys_box(rng):
    pixels = rng.integers(0, 256, (12, 20, 3), dtype=np.uint8)
    box = Crop(top=0.25, left=0.1, height=0.5, width=0.8)
    assert np.array_equal(my_crop_center(pixels, 6, 16), box(Image(pixels)).pixels)


@pytest.mark.parametrize("shape", [(7, 4), (8, 8), (3, 9)])
def test_the_middle_is_torchvisions_where_as_much_goes_on_either_side(rng, shape):
    import torch
    from torchvision.transforms.v2 import functional as v2

    pixels = rng.integers(0, 256, shape, dtype=np.uint8)
    height, width = (n - 2 for n in shape)
    theirs = v2.center_crop(torch.from_numpy(pixels)[None], [height, width])[0]
    assert np.array_equal(my_crop_center(pixels, height, width), theirs.numpy())


@pytest.mark.parametrize("rms_db", [-26, -60, -5, 0])
def test_level_is_the_librarys(rng, rms_db):
    samples = rng.normal(0, 0.05, 300).astype(np.float32)
    levelled = Level(rms_db)(Waveform(samples, 16_000)).samples
    assert my_rms_level(samples, rms_db) == pytest.approx(levelled, rel=1e-4, abs=1e-6)


def test_standardise_is_scikit_learns(rng):
    from sklearn.preprocessing import StandardScaler

    train, test = rng.normal(3, 2, (9, 4)), rng.normal(1, 5, (5, 4))
    train[:, 2] = 1.5
    scaler = StandardScaler().fit(train)
    for mine, theirs in zip(
        my_standardise(train, test), (scaler.transform(train), scaler.transform(test)), strict=True
    ):
        assert mine == pytest.approx(theirs)


def test_standardise_is_the_librarys_on_a_single_column(rng):
    train, test = (rng.integers(0, 256, (n, 1), dtype=np.uint8) for n in (30, 7))
    step = Standardise().fit([Image(train)])
    assert my_standardise(train / 255, test / 255)[1] == pytest.approx(step(Image(test)).pixels, abs=1e-5)


def test_a_group_split_cuts_nobody_in_two(rng):
    groups = np.array([f"p{i}" for i in rng.integers(0, 15, 200)])
    fold = Fold("mine", (parts := my_group_split(groups, 0.3, 4))[0], np.zeros(0, int), parts[1])
    assert not set(groups[fold.train]) & set(groups[fold.test])
    assert len(fold.train) + len(fold.test) == 200
    assert 0.3 <= len(fold.test) / 200 < 0.5


def told(id, answer):
    return judge(find(id), answer).mistake


def test_the_first_error_is_told_where_there_are_two():
    def swapped_view(picture, height, width):
        n_columns, n_rows = picture.shape[:2]
        top, left = max(0, n_rows - height) // 2, max(0, n_columns - width) // 2
        return picture[top : top + height, left : left + width]

    assert told("preprocess.crop_center", swapped_view) == "x/y swapped: the shape"


def test_a_division_by_zero_is_told_whether_numpy_or_python_divides():
    def of_numpy(samples, rms_db):
        return samples * np.minimum(10 ** (rms_db / 20) / np.sqrt(np.mean(samples**2)), 1 / np.abs(samples).max())

    def of_python(samples, rms_db):
        rms, peak = float(np.sqrt(np.mean(samples**2))), float(np.abs(samples).max())
        return samples * min(10 ** (rms_db / 20) / rms, 1 / peak)

    assert {told("preprocess.rms_level", f) for f in (of_numpy, of_python)} == {"divides by zero on silence"}


def test_a_random_split_by_scikit_learn_is_told():
    from sklearn.model_selection import train_test_split

    def dealt(groups, share, seed):
        return train_test_split(np.arange(len(groups)), test_size=share, random_state=seed)

    assert told("preprocess.group_split", dealt) == "same person on both sides"
