"""The AT&T faces themselves, where they are."""

import numpy as np
import pytest

from mmteach.datasets import check, load, plan, read_audio

pytestmark = pytest.mark.real


@pytest.fixture
def orl(real_data, monkeypatch):
    if not (real_data / "orl").is_dir():
        pytest.skip(f"real data is absent: {real_data / 'orl'}")
    monkeypatch.setenv("MMTEACH_DATA", str(real_data))
    return load("orl")


def test_orl_has_forty_people_of_ten_photos(orl):
    assert len(orl) == 400
    assert orl.labels.tolist() == [f"s{p}" for p in range(1, 41) for _ in range(10)]
    assert orl.ids[:10].tolist() == [f"s1/{i}" for i in range(1, 11)]
    image = orl[0].media["image"]
    assert image.pixels.shape == (112, 92)
    assert image.pixels.dtype == np.uint8
    assert image.orientation == 1


def test_every_photo_of_orl_can_be_read(orl):
    assert check("orl") == (400, [])


def test_the_published_protocols_of_orl(orl):
    (fold,) = plan(orl, "identify", "first5").folds
    assert {name.split("/")[1] for name in orl.ids[fold.train]} == set("12345")
    assert len(fold.test) == 200
    (fold,) = plan(orl, "verify", "heldout10").folds
    assert set(orl.labels[fold.test]) == {f"s{p}" for p in range(31, 41)}
    assert set(orl.labels[np.concatenate([fold.train, fold.val])]) == {f"s{p}" for p in range(1, 31)}


def test_a_real_recording_is_read(real_data):
    path = real_data / "fsdd" / "recordings" / "0_george_0.wav"
    if not path.is_file():
        pytest.skip(f"real data is absent: {path}")
    waveform = read_audio(path)
    assert waveform.sample_rate == 8000
    assert 0.1 < len(waveform.samples) / 8000 < 1.5
