"""Run somebody's code so that nothing of it stays behind: output, warnings, seeds, settings; and not for ever."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import io
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
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
    ask, limit = builtins.input, sys.getrecursionlimit()
    builtins.input = _no_input
    try:
        yield
    finally:
        builtins.input = ask
        sys.setrecursionlimit(limit)
        random.setstate(state)
        np.random.set_state(numbers)  # noqa: NPY002
        if os.getcwd() != folder:
            os.chdir(folder)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() would wait for somebody to type; take the values from the arguments")


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


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp inside the block when the time is over, on every system and in any thread.

    Python delivers it between two of its own instructions: an endless loop ends at once, a long call into C when it
    returns. Sleeping on the main thread is woken by the signal of Ctrl-C where there is one.
    """
    thread, done, lock, fired = threading.get_ident(), threading.Event(), threading.Lock(), threading.Event()
    on_main = threading.current_thread() is threading.main_thread()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            with lock:
                if done.is_set():
                    return
                if fired.is_set() and on_main and hasattr(signal, "pthread_kill"):
                    signal.pthread_kill(thread, signal.SIGINT)
                else:
                    _raise_in(thread, TimeUp)
                fired.set()
            wait = 0.5  # it may have been swallowed by a bare `except:`; try again

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            with lock:
                done.set()
                if fired.is_set():  # only then: clearing what was never set disturbs profilers and debuggers
                    _raise_in(thread, None)
    except KeyboardInterrupt as stopped:
        if fired.is_set():
            raise TimeUp from stopped
        raise


def _raise_in(thread: int, what: Any) -> None:
    target = ctypes.py_object(what) if what is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), target)
