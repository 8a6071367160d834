"""The references of chapter 13 agree with the library and with torchvision; what a student hears."""

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from mmteach.exercises.chapters.augment.mixup import my_mixup
from mmteach.exercises.chapters.augment.spec_augment import my_spec_augment
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status
from mmteach.exercises.registry import find
from mmteach.preprocess.augment import mask_frequency, mask_time
from mmteach.train import mix
from mmteach.types import Batch


class Fixed:
    """A generator whose next draws are known."""

    def __init__(self, share, partner):
        self.share, self.partner = share, np.array(partner)

    def beta(self, a, b):
        return self.share

    def permutation(self, n):
        return self.partner[:n]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_mixup_is_the_librarys(rng):
    x, y = {m: rng.normal(size=(5, 3)) for m in ("a", "b")}, np.array([0, 2, 1, 1, 0])
    partner = [3, 0, 1, 4, 2]
    mixed, soft = my_mixup(x, np.eye(3)[y], 1.0, Fixed(0.3, partner))
    present = {m: torch.ones(5, dtype=torch.bool) for m in x}
    batch = Batch(tuple("12345"), {m: torch.from_numpy(v) for m, v in x.items()}, {}, present, torch.from_numpy(y))
    library = mix(batch, torch.tensor(partner), 0.3, 3)
    for m in x:
        np.testing.assert_allclose(mixed[m], library.x[m], rtol=1e-6)
    np.testing.assert_allclose(soft, library.soft, rtol=1e-6)


def test_mixup_is_torchvisions(rng):
    x, y = rng.normal(size=(6, 1, 4, 4)), torch.tensor([0, 1, 2, 0, 1, 2])
    torch.manual_seed(1)
    theirs, labels = v2.MixUp(alpha=1.0, num_classes=3)(torch.from_numpy(x), y)
    torch.manual_seed(1)
    share = float(torch.distributions.Beta(torch.tensor([1.0]), torch.tensor([1.0])).sample(()))
    mixed, soft = my_mixup({"image": x}, np.eye(3)[y], 1.0, Fixed(share, np.roll(np.arange(6), 1)))
    np.testing.assert_allclose(mixed["image"], theirs, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(soft, labels, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("time_width", "frequency_width"), [(3, 0), (0, 4)])
def test_holes_are_as_wide_as_often_and_in_the_same_places_as_the_librarys(rng, time_width, frequency_width):
    x = rng.normal(-40, 5, (4000, 6, 7))
    own = my_spec_augment(x, time_width, frequency_width, rng) != x
    change = mask_time if time_width else mask_frequency
    dice = torch.Generator().manual_seed(0)
    library = (change(torch.from_numpy(x), time_width or frequency_width, dice) != torch.from_numpy(x)).numpy()
    axis = 2 if time_width else 1
    for flags in (own, library):
        assert (flags.all(axis=axis) == flags.any(axis=axis)).all()
    a, b = (flags.all(axis=axis) for flags in (own, library))
    np.testing.assert_allclose(a.mean(axis=0), b.mean(axis=0), atol=0.04)  # which places
    wide = [np.bincount(f.sum(axis=1), minlength=5)[:5] / 4000 for f in (a, b)]
    np.testing.assert_allclose(*wide, atol=0.04)


def test_holes_have_the_recording_s_mean_as_the_librarys_do(rng):
    x = rng.normal(-40, 5, (30, 6, 7))
    y = my_spec_augment(x, 4, 4, rng)
    z = mask_time(torch.from_numpy(x), 4, torch.Generator().manual_seed(0)).numpy()
    for made in (y, z):
        for before, after in zip(x, made, strict=True):
            np.testing.assert_allclose(after[after != before], before.mean())


def test_what_changes_its_input_in_place_is_told_so():
    def my_answer(x, time_width, frequency_width, rng):
        x[:] = my_spec_augment(x, time_width, frequency_width, rng)
        return x

    outcome = judge(find("augment.spec_augment"), my_answer)
    assert outcome.status is not Status.PASSED
    assert "chang" in outcome.sentence


def test_a_mask_that_wraps_by_roll_is_called_by_its_name():
    def my_answer(x, time_width, frequency_width, rng):
        y = x.copy()
        for one, new in zip(x, y, strict=True):
            for axis, width in ((0, time_width), (1, frequency_width)):
                hit = np.roll(np.arange(one.shape[axis]) < rng.integers(width + 1), rng.integers(one.shape[axis]))
                new[(hit[:, None] if axis == 0 else hit[None]) & np.ones(one.shape, bool)] = one.mean()
        return y

    assert judge(find("augment.spec_augment"), my_answer).mistake == "a hole that wraps round"


def test_torch_answers_and_a_hard_label_are_understood():
    def my_answer(x, y, alpha, rng):
        share, order = rng.beta(alpha, alpha), rng.permutation(len(y))
        return {m: share * v + (1 - share) * v[order] for m, v in x.items()}, y if share > 0.5 else y[order]

    assert judge(find("augment.mixup"), my_answer).status is not Status.PASSED
