"""A cluster computes what one machine computes."""

import sys
import threading

import numpy as np
import pytest

from mmteach.errors import MmteachError
from mmteach.features import cluster, log_mel, mfcc, voice_statistics
from mmteach.features.cluster import compute, leave, spread
from mmteach.types import Waveform


@pytest.fixture(scope="module")
def address():
    """A scheduler and two workers, inside this process."""
    distributed = pytest.importorskip("distributed", reason="needs the extra mmteach[cluster]")
    options = {"processes": False, "n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options, silence_logs=50) as made:
        yield made.scheduler_address
        leave(made.scheduler_address)


@pytest.fixture
def voices():
    rng = np.random.default_rng(0)
    return [Waveform((rng.normal(size=4000 + 10 * i) / 9).astype(np.float32), 16_000) for i in range(20)]


def elsewhere(module, name, items, args, kwargs):
    """A function that says where it was computed."""
    return [np.array([args[0] * i, threading.get_ident()]) for i in items]


@pytest.mark.parametrize("extract", [voice_statistics, mfcc, log_mel])
def test_the_cluster_s_features_are_those_of_one_machine(address, voices, extract, monkeypatch, tmp_path):
    here = extract(voices)
    monkeypatch.setenv("MMTEACH_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("MMTEACH_CLUSTER", address)
    for mine, theirs in zip(here, compute(extract, voices, (), {}), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    for mine, theirs in zip(here, extract(voices), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_workers_compute_and_the_order_is_kept(address, monkeypatch):
    monkeypatch.setattr(cluster, "on_worker", elsewhere)
    answers = spread(log_mel, list(range(50)), (3,), {}, address)
    assert [int(a[0]) for a in answers] == [3 * i for i in range(50)]
    assert threading.get_ident() not in {int(a[1]) for a in answers}


def test_what_the_cluster_computed_is_kept_here(address, voices, monkeypatch):
    monkeypatch.setenv("MMTEACH_CLUSTER", address)
    first = voice_statistics(voices)
    monkeypatch.setenv("MMTEACH_CLUSTER", "tcp://127.0.0.1:1")  # nobody has to answer a second time
    np.testing.assert_array_equal(voice_statistics(voices), first)


def test_a_mistake_of_the_data_comes_back_as_it_is(address, voices):
    with pytest.raises(ValueError, match="negative dimensions"):
        spread(log_mel, voices, (-1,), {}, address)


def test_nobody_answers(voices, monkeypatch):
    pytest.importorskip("distributed", reason="needs the extra mmteach[cluster]")
    monkeypatch.setattr(cluster, "SECONDS", 0.5)
    with pytest.raises(MmteachError, match="start `dask scheduler`"):
        spread(log_mel, voices, (), {}, "tcp://127.0.0.1:1")


def test_without_dask_the_sentence_says_what_to_install(voices, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setenv("MMTEACH_CLUSTER", "tcp://nobody:8786")
    with pytest.raises(MmteachError, match=r"pip install 'mmteach\[cluster\]'"):
        voice_statistics(voices)
