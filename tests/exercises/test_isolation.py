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

from mmteach.exercises.isolation import TimeUp, isolated, seed, time_limit


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
    with pytest.raises(TimeUp), time_limit(0.1):
        endless()
    assert time.monotonic() - begin < 5


def test_a_naked_except_is_asked_again():
    with time_limit(0.1):
        naked_except()


def test_in_a_thread_of_its_own_too():
    caught = []

    def work():
        try:
            with time_limit(0.1):
                loop()
        except TimeUp:
            caught.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert caught == [True]


def test_in_time_nothing_happens():
    with time_limit(30):
        pass
    for _ in range(50):
        try:
            with time_limit(0.001):
                time.sleep(0.001)
        except TimeUp:
            pass
    time.sleep(0.05)  # nothing may arrive late


def test_ctrl_c_stays_ctrl_c():
    with pytest.raises(KeyboardInterrupt), time_limit(30):
        raise KeyboardInterrupt
