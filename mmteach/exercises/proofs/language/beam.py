"""Beam: other right answers, other ways to write each mistake. Here probabilities are added, not logarithms."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from mmteach.exercises.proof import Proof


class _Way(NamedTuple):
    """A way to go on: from a string to a string, what it ends in, and its probability."""

    before: tuple
    after: tuple
    place: int
    p: float


def _ways(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> list[_Way]:
    p, language = np.exp(log_probs), np.exp(bigram)
    found = []
    for string, ends in beam.items():
        in_blank, in_symbol = np.exp(ends)
        found.append(_Way(string, string, 0, (in_blank + in_symbol) * p[0]))
        last = string[-1] if string else 0
        if last:
            found.append(_Way(string, string, 1, in_symbol * p[last]))
        for symbol in range(1, len(p)):
            before = in_blank + in_symbol * (symbol != last)
            found.append(_Way(string, (*string, symbol), 1, before * p[symbol] * language[last, symbol]))
    return found


def _doubles(way: _Way) -> bool:
    return bool(way.before) and way.after == (*way.before, way.before[-1])


def _lasts(way: _Way) -> bool:
    return way.after == way.before and way.place == 1


def _summed(ways: list[_Way]) -> dict:
    sums: dict = defaultdict(lambda: np.zeros(2))
    for way in ways:
        sums[way.after][way.place] += way.p
    return _logs(sums)


def _logs(sums: dict) -> dict:
    with np.errstate(divide="ignore"):
        return {string: np.log(ends) for string, ends in sums.items()}


def _in_probabilities(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _summed(_ways(beam, log_probs, bigram))


def _by_target(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    """Ask each string that can follow where it comes from."""
    none = (-np.inf, -np.inf)
    longer = {(*s, k) for s in beam for k in range(1, len(log_probs))}
    after = {}
    for string in {*beam, *longer}:
        in_blank = in_symbol = -np.inf
        if string in beam:
            in_blank = np.logaddexp(*beam[string]) + log_probs[0]
            in_symbol = beam[string][1] + log_probs[string[-1]] if string else -np.inf
        if string:
            parent, k = string[:-1], string[-1]
            b, s = beam.get(parent, none)
            last = parent[-1] if parent else 0
            before = b if last == k else np.logaddexp(b, s)
            in_symbol = np.logaddexp(in_symbol, before + log_probs[k] + bigram[last, k])
        after[string] = (in_blank, in_symbol)
    return after


def _largest(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    best: dict = defaultdict(lambda: np.zeros(2))
    alone = {s: [(a, -np.inf), (-np.inf, b)] for s, (a, b) in beam.items()}
    for string, ends in alone.items():  # every path by itself
        for end in ends:
            for _, longer, place, p in _ways({string: end}, log_probs, bigram):
                best[longer][place] = max(best[longer][place], p)
    return _logs(best)


def _last_wins(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    after: dict = {}
    for string, (in_blank, in_symbol) in beam.items():
        both, last = np.log(np.exp(in_blank) + np.exp(in_symbol)), string[-1] if string else 0
        after[string] = [both + log_probs[0], after.get(string, (0, -np.inf))[1]]
        for symbol in range(1, len(log_probs)):
            start = both
            if symbol == last:
                after[string][1] = in_symbol + log_probs[symbol]
                start = in_blank
            longer = (*string, symbol)
            old = after.get(longer, (-np.inf, -np.inf))
            after[longer] = [old[0], start + log_probs[symbol] + bigram[last, symbol]]
    return after


def _multiplied(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    ways = []
    for way in _ways(beam, log_probs, bigram):
        b, s = np.exp(beam[way.before])
        ways.append(way if _doubles(way) or _lasts(way) else way._replace(p=way.p * b * s / (b + s)))
    return _summed(ways)


def _doubled_at_once(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    more = [
        _Way(s, (*s, s[-1]), 1, np.exp(in_symbol + log_probs[s[-1]] + bigram[s[-1], s[-1]]))
        for s, (_, in_symbol) in beam.items()
        if s
    ]
    return _summed(_ways(beam, log_probs, bigram) + more)


def _gone_at_once(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _summed([way for way in _ways(beam, log_probs, bigram) if not _lasts(way)])


def _all_different(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _summed([way for way in _ways(beam, log_probs, bigram) if not _doubles(way)])


def _every_step(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    ways = _ways(beam, log_probs, bigram)
    again = [np.exp(bigram[w.before[-1], w.before[-1]]) if _lasts(w) else 1.0 for w in ways]
    return _summed([way._replace(p=way.p * q) for way, q in zip(ways, again, strict=True)])


def _turned(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _in_probabilities(beam, log_probs, bigram.T)


def _no_language(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    return _by_target(beam, log_probs, np.zeros_like(bigram))


BEAM = Proof(
    right=(_in_probabilities, _by_target),
    variants={
        "only the best path": _largest,
        "strings not merged": _last_wins,
        "logarithms added": _multiplied,
        "a double symbol without a blank": _doubled_at_once,
        "the same symbol never lasts": _gone_at_once,
        "no double symbols": _all_different,
        "language asked for every step": _every_step,
        "language read backwards": _turned,
        "language not asked": _no_language,
    },
)
