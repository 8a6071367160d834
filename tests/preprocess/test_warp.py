"""Bending a spectrogram."""

import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.preprocess.augment.warp import warp

X = np.random.default_rng(0).normal(size=(40, 24)).astype(np.float32)


def test_one_changes_nothing():
    np.testing.assert_array_equal(warp(X, 1, 1), X)


@pytest.mark.parametrize(("speed", "frames"), [(2, 20), (0.5, 80), (1.25, 32)])
def test_faster_leaves_fewer_frames(speed, frames):
    y = warp(X, speed, 1)
    assert y.shape == (frames, 24)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y[[0, -1]], X[[0, -1]])


def test_a_scale_above_one_moves_a_tone_up():
    tone = np.zeros((3, 24), np.float32)
    tone[:, 10] = 1
    assert warp(tone, 1, 1.2)[0].argmax() == 12
    assert warp(tone, 1, 0.8)[0].argmax() == 8


def test_a_ramp_stays_a_ramp():
    ramp = np.arange(30, dtype=np.float32)[:, None] * np.ones(4, np.float32)
    np.testing.assert_allclose(np.diff(warp(ramp, 1.5, 1)[:, 0]), 29 / 19, rtol=1e-5)


@pytest.mark.parametrize("given", [(0.4, 1), (1, 2.1), (0, 1)])
def test_what_is_too_much_is_said(given):
    with pytest.raises(ParameterError, match=r"between 0\.5 and 2"):
        warp(X, *given)
