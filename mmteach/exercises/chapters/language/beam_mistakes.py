"""Wrong steps of a beam, each wrong in one way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _scored(log_probs: np.ndarray, bigram: np.ndarray, symbol: int, last: int) -> float:
    return float(log_probs[symbol] + bigram[last, symbol])


def _best_path(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    after: dict = {}

    def add(string: tuple, place: int, value: float) -> None:
        ends = after.setdefault(string, [-np.inf, -np.inf])
        ends[place] = max(ends[place], value)

    for string, (in_blank, in_symbol) in beam.items():
        both, last = max(in_blank, in_symbol), string[-1] if string else 0
        add(string, 0, both + log_probs[0])
        for symbol in range(1, len(log_probs)):
            if symbol == last:
                add(string, 1, in_symbol + log_probs[symbol])
            add((*string, symbol), 1, (in_blank if symbol == last else both) + _scored(log_probs, bigram, symbol, last))
    return after


def _walk(beam: dict, log_probs: np.ndarray, bigram: np.ndarray, wrong: str) -> dict:
    """Go on by a step as the reference does, but for what is said to be wrong."""
    after: dict = {}

    def add(string: tuple, place: int, value: float) -> None:
        ends = after.setdefault(string, [-np.inf, -np.inf])
        ends[place] = value if wrong == "overwrites" else np.logaddexp(ends[place], value)

    for string, (in_blank, in_symbol) in beam.items():
        both = in_blank + in_symbol if wrong == "adds_logs" else np.logaddexp(in_blank, in_symbol)
        last = string[-1] if string else 0
        add(string, 0, both + log_probs[0])
        for symbol in range(1, len(log_probs)):
            language = bigram[symbol, last] if wrong == "backwards" else bigram[last, symbol]
            language = 0.0 if wrong == "silent" else language
            if symbol == last and wrong != "never_stays":
                add(string, 1, in_symbol + log_probs[symbol] + (language if wrong == "counts_twice" else 0.0))
            apart = symbol == last and wrong != "no_blank_needed"
            if symbol != last or wrong != "never_doubles":
                add((*string, symbol), 1, (in_blank if apart else both) + log_probs[symbol] + language)
    return after


def _with(wrong: str) -> Callable[[dict, np.ndarray, np.ndarray], dict]:
    """Make a step with one thing wrong."""

    def step(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
        return _walk(beam, log_probs, bigram, wrong)

    step.__name__ = f"_{wrong}"
    return step


_overwrites = _with("overwrites")
_adds_logs = _with("adds_logs")
_backwards = _with("backwards")
_silent = _with("silent")
_counts_twice = _with("counts_twice")
_never_stays = _with("never_stays")
_never_doubles = _with("never_doubles")
_no_blank_needed = _with("no_blank_needed")
