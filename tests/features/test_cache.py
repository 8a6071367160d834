import numpy as np
import pytest

from mmteach.features import cached, lbp, set_cache_folder
from mmteach.features.cache import cache_folder as folder_in_use

CALLS = []


@cached
def doubled(pictures: np.ndarray, times: int = 2) -> np.ndarray:
    CALLS.append(times)
    return pictures * times


@pytest.fixture(autouse=True)
def no_calls():
    CALLS.clear()


def test_the_second_time_comes_from_the_disk(pictures):
    first, again = doubled(pictures()), doubled(pictures())
    assert CALLS == [2]
    np.testing.assert_array_equal(first, again)


def test_naming_the_default_is_the_same_call(pictures):
    doubled(pictures())
    doubled(pictures(), times=2)
    assert CALLS == [2]


def test_other_parameters_and_other_pictures_are_computed(pictures):
    doubled(pictures())
    assert (doubled(pictures(), times=3) == pictures() * 3).all()
    changed = pictures()
    changed[-1, -1, -1] ^= 1
    assert (doubled(changed) == changed * 2).all()
    doubled(pictures().astype(np.int16))
    assert CALLS == [2, 3, 2, 2]


def test_another_folder_knows_nothing(pictures, tmp_path):
    doubled(pictures())
    set_cache_folder(tmp_path / "other")
    doubled(pictures())
    assert CALLS == [2, 2]
    assert folder_in_use() == tmp_path / "other"


def test_no_chosen_folder_means_the_user_s(monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    set_cache_folder(None)
    assert folder_in_use() == tmp_path / "mmteach" / "features"


def test_a_folder_that_cannot_be_written_costs_time_only(pictures, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    set_cache_folder(tmp_path / "file" / "cache")
    for _ in range(2):
        assert (doubled(pictures()) == pictures() * 2).all()
    assert CALLS == [2, 2]


def test_a_folder_that_can_no_longer_be_written_costs_time_only(pictures, cache_folder):
    doubled(pictures())
    (cache_folder / "joblib").rename(cache_folder / "gone")
    (cache_folder / "joblib").write_text("not a folder", encoding="utf-8")
    assert (doubled(pictures()) == pictures() * 2).all()
    assert CALLS == [2, 2]


@pytest.mark.filterwarnings("ignore:.*while loading results.*")
def test_a_damaged_result_is_computed_again(pictures, cache_folder):
    doubled(pictures())
    for result in cache_folder.rglob("output.pkl"):
        result.write_bytes(result.read_bytes()[:40])
    assert (doubled(pictures()) == pictures() * 2).all()
    assert CALLS == [2, 2]


def test_features_are_the_same_with_and_without_the_cache(pictures):
    alone = lbp.__wrapped__(pictures(), cell=8)
    for _ in range(2):
        np.testing.assert_array_equal(lbp(pictures(), cell=8), alone)
