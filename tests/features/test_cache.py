import os
import time

import numpy as np
import pytest

from mmteach.features import cached, lbp, per_item, set_cache_folder
from mmteach.features.cache import Shelf, _shelf
from mmteach.features.cache import cache_folder as folder_in_use
from mmteach.types import Waveform

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


SEEN = []


@per_item()
def lengths(items, times: int = 1) -> list[np.ndarray]:
    items = list(items)
    SEEN.append(len(items))
    return [np.full(3, times * len(item.samples), np.float32) for item in items]


@pytest.fixture
def clips():
    SEEN.clear()
    return [Waveform(np.full(n, n / 100, np.float32), 16_000) for n in (1, 2, 3)]


def forget():
    """As if another process began: memory is empty, the disk is not."""
    _shelf.cache_clear()


def test_each_item_is_computed_once_and_the_missing_ones_together(clips):
    assert [x[0] for x in lengths(clips[:2])] == [1, 2]
    assert [x[0] for x in lengths([clips[2], clips[0], clips[2], clips[1]])] == [3, 1, 3, 2]
    lengths(iter(clips))
    assert SEEN == [2, 1]


def test_another_process_finds_the_items_on_the_disk(clips):
    first = lengths(clips)
    forget()
    for a, b in zip(first, lengths(clips), strict=True):
        np.testing.assert_array_equal(a, b)
        assert b.dtype == np.float32
    assert SEEN == [3]


def test_parameters_rate_and_content_count(clips):
    lengths(clips)
    lengths(clips, times=1)
    assert SEEN == [3]
    assert lengths(clips, times=2)[2][0] == 6
    lengths([Waveform(clips[0].samples, 8_000)])
    lengths([Waveform(clips[0].samples.astype(np.float64), 16_000)])
    assert SEEN == [3, 3, 1, 1]


def test_other_source_means_other_results(clips, monkeypatch):
    def made(source):
        monkeypatch.setattr("mmteach.features.cache._source", lambda *modules: source)
        return per_item()(lengths.__wrapped__)

    made("x = 1")(clips)
    made("x = 1")(clips)
    made("x = 2")(clips)
    assert SEEN == [3, 3]


def test_what_is_handed_out_may_be_changed(clips):
    lengths(clips)[0][:] = 99
    lengths(clips)[0][:] = 99
    forget()
    lengths(clips)[0][:] = 99
    assert lengths(clips)[0][0] == 1


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"not an array at all"])
def test_a_damaged_file_is_computed_again(clips, cache_folder, damage):
    lengths(clips)
    for file in cache_folder.rglob("*.npy"):
        file.write_bytes(damage)
    forget()
    assert [x[0] for x in lengths(clips)] == [1, 2, 3]
    forget()
    lengths(clips)
    assert SEEN == [3, 3]


def test_a_pickle_in_the_folder_is_not_opened(clips, cache_folder):
    lengths(clips)
    for file in cache_folder.rglob("*.npy"):
        np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    forget()
    assert [x[0] for x in lengths(clips)] == [1, 2, 3]


def test_a_disk_that_cannot_be_written_leaves_the_memory(clips, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    set_cache_folder(tmp_path / "file" / "cache")
    for _ in range(2):
        assert [x[0] for x in lengths(clips)] == [1, 2, 3]
    assert SEEN == [3]


def test_no_part_of_a_file_stays_behind(clips, cache_folder):
    lengths(clips)
    assert {file.suffix for file in cache_folder.rglob("*.*")} == {".npy"}


def test_the_oldest_files_go_first(tmp_path):
    shelf = Shelf(tmp_path)
    for k in range(4):
        shelf.put(f"{k}{k}key", np.zeros(1000, np.float32))
        os.utime(tmp_path / f"{k}{k}" / f"{k}{k}key.npy", (k, k))
    shelf.prune(9_000)
    assert sorted(file.stem for file in tmp_path.rglob("*.npy")) == ["22key", "33key"]


def test_memory_forgets_what_was_used_longest_ago(tmp_path, monkeypatch):
    monkeypatch.setattr("mmteach.features.cache.BYTES_IN_MEMORY", 8_000)
    shelf = Shelf(tmp_path)
    for key in ("aa", "bb"):
        shelf.put(key, np.zeros(1000, np.float32))
    shelf.get("aa")
    shelf.put("cc", np.zeros(1000, np.float32))
    assert list(shelf.recent) == ["aa", "cc"]
    assert shelf.n_bytes == 8_000


def test_looking_up_takes_less_than_a_millisecond():
    clips = [Waveform(np.random.default_rng(k).random(32_000, np.float32), 16_000) for k in range(100)]
    lengths(clips)
    start = time.process_time()
    lengths(clips)
    assert (time.process_time() - start) / len(clips) < 1e-3
