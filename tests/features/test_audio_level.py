"""Levelled frames: what a microphone does to a recording is gone, what is said is not."""

import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.features import LevelLogMel, build_extractor, level_frames
from mmteach.types import Waveform


def frames(seed=0, n=60, bands=6):
    rng = np.random.default_rng(seed)
    x = rng.normal(-20, 5, (n, bands)).astype(np.float32)
    x[:10] -= 70  # silence before somebody speaks
    return x


def test_spoken_frames_have_mean_0_and_a_deviation_of_nearly_1():
    spoken = level_frames(frames())[10:]
    np.testing.assert_allclose(spoken.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(spoken.std(axis=0), 5 / 6, atol=0.1)  # dB over (dB + 1): silence cannot blow up


def test_a_microphone_that_colours_and_a_louder_voice_change_nothing():
    x = frames()
    louder = level_frames(x + 12)
    np.testing.assert_allclose(louder, level_frames(x), atol=1e-4)
    coloured = level_frames(x + np.linspace(-2, 2, 6, dtype=np.float32))
    np.testing.assert_allclose(coloured[10:], level_frames(x)[10:], atol=0.05)


def test_silence_is_zero():
    assert not level_frames(np.full((20, 3), -100, np.float32)).any()


def test_the_extractor_gives_one_array_a_recording_and_is_made_again():
    rng = np.random.default_rng(0)
    clips = [Waveform(rng.normal(0, 0.1, n).astype(np.float32), 8000) for n in (4000, 9000)]
    extractor = LevelLogMel(n_mels=10)
    found = extractor(clips)
    assert [x.shape[1] for x in found] == [10, 10]
    assert len(found[0]) < len(found[1])
    again = build_extractor(extractor.name, extractor.params())
    assert all(np.array_equal(a, b) for a, b in zip(again(clips), found, strict=True))


@pytest.mark.parametrize("wrong", [{"n_mels": 0}, {"top_db": 0}, {"top_db": 500}])
def test_wrong_arguments_are_a_sentence(wrong):
    with pytest.raises(ParameterError, match="needs 1 to 512 bands"):
        LevelLogMel(**wrong)
