"""Wrong steps of a beam, each wrong in one way."""

from __future__ import annotations

from typing import Any

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


def _walk(beam: dict, log_probs: np.ndarray, bigram: np.ndarray, **wrong: Any) -> dict:
    """Go on by a step as the reference does, but for what is said to be wrong."""
    after: dict = {}

    def add(string: tuple, place: int, value: float) -> None:
        ends = after.setdefault(string, [-np.inf, -np.inf])
        ends[place] = value if wrong.get("overwrites") else np.logaddexp(ends[place], value)

    for string, (in_blank, in_symbol) in beam.items():
        both = in_blank + in_symbol if wrong.get("adds_logs") else np.logaddexp(in_blank, in_symbol)
        last = string[-1] if string else 0
        add(string, 0, both + log_probs[0])
        for symbol in range(1, len(log_probs)):
            language = bigram[symbol, last] if wrong.get("backwards") else bigram[last, symbol]
            language = 0.0 if wrong.get("silent") else language
            if symbol == last and not wrong.get("never_stays"):
                add(string, 1, in_symbol + log_probs[symbol] + (language if wrong.get("counts_twice") else 0.0))
            apart = symbol == last and not wrong.get("no_blank_needed")
            if symbol != last or not wrong.get("never_doubles"):
                add((*string, symbol), 1, (in_blank if apart else both) + log_probs[symbol] + language)
    return after


def _overwrites(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, overwrites=True)


def _adds_logs(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, adds_logs=True)


def _backwards(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, backwards=True)


def _silent(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, silent=True)


def _counts_twice(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, counts_twice=True)


def _never_stays(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, never_stays=True)


def _never_doubles(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, never_doubles=True)


def _no_blank_needed(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _walk(beam, log_probs, bigram, no_blank_needed=True)
