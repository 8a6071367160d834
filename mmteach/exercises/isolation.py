"""Run somebody's code so that nothing of it stays behind: output, warnings, seeds, settings; and not for ever."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import functools
import io
import os
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_MOST_TEXT = 20_000  # characters kept of what is printed: an endless loop may print, too


class TimeUp(BaseException):
    """The time is over. No Exception: a student's `except Exception` must not catch it."""


class Printed(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str) -> int:
        """Keep it, unless there is plenty already."""
        return super().write(text) if self.tell() < _MOST_TEXT else len(text)


@contextlib.contextmanager
def isolated() -> Iterator[Printed]:
    """Catch what is printed, silence warnings, and put back seeds and settings afterwards."""
    printed = Printed()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_torch_kept())
        stack.enter_context(_globals_kept())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(np.printoptions())
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(contextlib.redirect_stderr(printed))
        yield printed


@contextlib.contextmanager
def _globals_kept() -> Iterator[None]:
    state, numbers, folder = random.getstate(), np.random.get_state(), os.getcwd()  # noqa: NPY002
    ask, limit, sleep = builtins.input, sys.getrecursionlimit(), time.sleep
    builtins.input, time.sleep = _no_input, functools.partial(_in_naps, sleep)
    try:
        yield
    finally:
        builtins.input, time.sleep = ask, sleep
        sys.setrecursionlimit(limit)
        random.setstate(state)
        np.random.set_state(numbers)  # noqa: NPY002
        if os.getcwd() != folder:
            os.chdir(folder)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() would wait for somebody to type; take the values from the arguments")


def _in_naps(sleep: Callable[[Any], None], seconds: Any) -> None:
    """Sleep so that the end of the time can be delivered in between."""
    end = time.monotonic() + seconds
    sleep(min(seconds, 0.05))  # the real one says what is wrong with a negative or a word
    while (left := end - time.monotonic()) > 0:
        sleep(min(left, 0.05))


@contextlib.contextmanager
def _torch_kept() -> Iterator[None]:
    """Keep torch's seed and settings, if torch is loaded at all."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    state, dtype, grad = torch.get_rng_state(), torch.get_default_dtype(), torch.is_grad_enabled()
    deterministic, anomaly = torch.are_deterministic_algorithms_enabled(), torch.is_anomaly_enabled()
    torch.set_grad_enabled(True)
    try:
        yield
    finally:
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        torch.set_rng_state(state)
        if torch.are_deterministic_algorithms_enabled() != deterministic:  # setting it imports a compiler: seconds
            torch.use_deterministic_algorithms(deterministic)
        if torch.is_anomaly_enabled() != anomaly:
            torch.autograd.set_detect_anomaly(anomaly)


def seed(number: int) -> None:
    """Seed what draws at random, so that an answer that draws does so alike each time."""
    random.seed(number)
    np.random.seed(number)  # noqa: NPY002 - students use the global generators
    if (torch := sys.modules.get("torch")) is not None:
        torch.default_generator.manual_seed(number)  # torch.manual_seed would look for graphics cards each time


def in_time(work: Callable[[], None], seconds: float) -> bool:
    """Do some work, and end it when the time is over; say whether it came to its own end.

    Python delivers the end between two of its own instructions, on every system and in any thread: an endless loop ends
    at once, a long call into C when it returns. (`time.sleep` is cut into naps while code is isolated.)
    """
    guard = _Guard(seconds)
    try:
        try:
            guard.start()
            work()
        finally:
            guard.stop()
        return True
    except TimeUp:  # the end may strike in the very line that stops the guard: then it is stopped here
        guard.stop()
        return False
    except BaseException:
        guard.stop()
        raise


class _Guard:
    """A thread that raises TimeUp in the one that made it, again and again until it is stopped."""

    def __init__(self, seconds: float) -> None:
        self.target, self.seconds, self.fired = threading.get_ident(), seconds, False
        self.lock, self.done = threading.Lock(), threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True, name="mmteach-time-limit")

    def start(self) -> None:
        """From now on the time runs."""
        self.thread.start()

    def stop(self) -> None:
        """Raise nothing from now on, and take back what has not been delivered."""
        with self.lock:
            if self.fired:  # only then: taking back what was never sent disturbs profilers and debuggers
                _raise_in(self.target, None)
            self.done.set()

    def _watch(self) -> None:
        wait = self.seconds
        while not self.done.wait(wait):
            with self.lock:
                if not self.done.is_set():
                    self.fired = True
                    _raise_in(self.target, TimeUp)
            wait = 0.5  # a bare `except:` may have swallowed it: once more


def _raise_in(thread: int, what: Any) -> None:
    target = ctypes.py_object(what) if what is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), target)
