"""Somebody's code leaves nothing behind, and comes to an end."""

import builtins
import os
import random
import sys
import threading
import time
import warnings

import numpy as np
import pytest
import torch

from mmteach.exercises.isolation import in_time, isolated, seed


def test_output_and_warnings_are_caught():
    with isolated() as printed, warnings.catch_warnings(record=True) as heard:
        print("out")
        print("err", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        np.log(np.zeros(1))
    assert printed.getvalue() == "out\nerr\n"
    assert len(heard) <= 1


def test_endless_printing_fills_no_memory():
    with isolated() as printed:
        for _ in range(10_000):
            print("x" * 100)
    assert len(printed.getvalue()) < 30_000


def test_seeds_and_settings_come_back(tmp_path):
    seed(5)
    wanted = (random.random(), np.random.rand(), torch.rand(1).item())
    seed(5)
    folder, ask, limit = os.getcwd(), builtins.input, sys.getrecursionlimit()
    with isolated():
        seed(99)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        sys.setrecursionlimit(5000)
        os.chdir(tmp_path)
        builtins.input = None
        random.random(), np.random.rand(), torch.rand(3)
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == wanted
    assert torch.get_default_dtype() is torch.float32
    assert torch.is_grad_enabled()
    assert np.geterr()["divide"] == "warn"
    assert np.get_printoptions()["precision"] == 8
    assert (os.getcwd(), builtins.input, sys.getrecursionlimit()) == (folder, ask, limit)


def test_a_question_to_the_keyboard_is_refused():
    with isolated(), pytest.raises(RuntimeError, match="wait for somebody to type"):
        input()


def loop():
    while True:
        pass


def stubborn():
    while True:
        try:
            loop()
        except Exception:
            continue


def sleep():
    time.sleep(60)


def naked_except():
    tries = 0
    while tries < 2:
        try:
            loop()
        except:  # noqa: E722 - as students write it
            tries += 1


@pytest.mark.parametrize("endless", [loop, stubborn, sleep])
def test_what_does_not_end_is_stopped(endless):
    begin = time.monotonic()
    with isolated():
        assert not in_time(endless, 0.1)
    assert time.monotonic() - begin < 5


def test_a_naked_except_is_asked_again():
    assert in_time(naked_except, 0.1)


def test_in_a_thread_of_its_own_too():
    ended = []
    thread = threading.Thread(target=lambda: ended.append(in_time(loop, 0.1)))
    thread.start()
    thread.join(10)
    assert ended == [False]


def guards():
    return [thread for thread in threading.enumerate() if thread.name == "mmteach-time-limit"]


def test_when_both_end_at_once_no_guard_stays_behind_and_strikes_somebody_else():
    def short():
        end = time.perf_counter() + 0.012
        while time.perf_counter() < end:
            pass

    ended = {in_time(short, 0.002 + (i % 10) * 0.003) for i in range(100)}
    assert ended == {True, False}, "the race must have been won by either"
    end = time.perf_counter() + 1.2
    while time.perf_counter() < end:
        pass
    assert guards() == []


def test_in_time_nothing_happens():
    assert in_time(lambda: None, 30)
    time.sleep(0.01)
    assert guards() == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_what_else_is_raised_stays_what_it_is(error):
    def work():
        raise error

    with pytest.raises(error):
        in_time(work, 30)
    time.sleep(0.01)
    assert guards() == []


def test_sleep_is_itself_again_afterwards():
    before = time.sleep
    with isolated(), pytest.raises(ValueError, match="non-negative"):
        time.sleep(-1)
    assert time.sleep is before
