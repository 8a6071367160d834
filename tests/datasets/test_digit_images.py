import gzip

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mmteach.datasets import card, load, names_with_state, plan
from mmteach.errors import DataError


@pytest.fixture(scope="module")
def digits():
    return load("digit_images")


def test_it_is_the_set_of_scikit_learn(digits):
    theirs = load_digits()
    assert digits.labels.tolist() == [str(digit) for digit in theirs.target]
    ours = np.stack([sample.media["image"].pixels for sample in digits])
    assert ours.dtype == np.uint8
    np.testing.assert_allclose(ours * (16 / 255), theirs.images, atol=0.04)


def test_who_wrote_what_is_not_known_and_that_is_said(digits):
    assert all(row.group is None for row in digits.rows)
    assert "who wrote what is not known" in digits.note
    assert "no group is known" in plan(digits, "classify").note
    assert "**Groups: unknown.**" in card("digit_images")


def test_it_is_real_and_always_at_hand(digits):
    assert not digits.synthetic
    assert {name: state for name, state, _ in names_with_state()}["digit_images"] == "embedded"


@pytest.mark.parametrize("content", ["1,2,3\n", ",".join(["17"] * 65), "no numbers"])
def test_another_file_is_refused(tmp_path, monkeypatch, content):
    (tmp_path / "digit_images").mkdir()
    (tmp_path / "digit_images" / "digits.csv.gz").write_bytes(gzip.compress(content.encode()))
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"digits\.csv\.gz"):
        load("digit_images")


def test_a_damaged_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / "digit_images").mkdir()
    (tmp_path / "digit_images" / "digits.csv.gz").write_bytes(b"no gzip")
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    with pytest.raises(DataError, match="damaged or another file"):
        load("digit_images")
