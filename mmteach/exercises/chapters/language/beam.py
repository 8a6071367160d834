"""One step of a beam search that adds up the paths of each string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mmteach.exercises.chapters.language.beam_mistakes import (
    _adds_logs,
    _backwards,
    _best_path,
    _counts_twice,
    _never_doubles,
    _never_stays,
    _no_blank_needed,
    _overwrites,
    _silent,
)
from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_beam_step(beam: dict, log_probs: np.ndarray, bigram: np.ndarray) -> dict:
    """{string: (in_blank, in_symbol)}, (S,), (S, S), all logarithms -> every string that can follow."""
    after: dict = {}

    def add(string: tuple, place: int, value: float) -> None:
        ends = after.setdefault(string, [-np.inf, -np.inf])
        ends[place] = np.logaddexp(ends[place], value)

    for string, (in_blank, in_symbol) in beam.items():
        both = np.logaddexp(in_blank, in_symbol)
        last = string[-1] if string else 0
        add(string, 0, both + log_probs[0])
        for symbol in range(1, len(log_probs)):
            if symbol == last:
                add(string, 1, in_symbol + log_probs[symbol])
            before = in_blank if symbol == last else both
            add((*string, symbol), 1, before + log_probs[symbol] + bigram[last, symbol])
    return after


def _followed(answer: Answer, *given: Any) -> Any:
    """What a step gives, without strings that no path leads to."""
    told = answer(*given)
    if not isinstance(told, Mapping):
        return told
    return {k: ends if not _is_pair(ends) else list(ends) for k, ends in told.items() if not _impossible(ends)}


def _is_pair(ends: Any) -> bool:
    return isinstance(ends, list | tuple | np.ndarray) and len(ends) == 2


def _impossible(ends: Any) -> bool:
    return _is_pair(ends) and all(np.isneginf(e) for e in ends)


def _sums(answer: Answer, *given: Any) -> Any:
    """All that a step gives, added up: without a language model, no probability is lost."""
    told = answer(*given)
    if not isinstance(told, Mapping) or not all(_is_pair(ends) for ends in told.values()):
        return told
    return float(sum(np.exp(e) for ends in told.values() for e in ends))


Given = tuple[dict, np.ndarray, np.ndarray]


def _logs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    x = rng.normal(scale=1.2, size=shape)
    return x - np.logaddexp.reduce(x, axis=-1, keepdims=True)


def _beam(rng: np.random.Generator, strings: list[tuple], n_symbols: int, language: bool = False) -> Given:
    ends = _logs(rng, 2 * len(strings)).reshape(-1, 2)
    beam = {s: (float(a), -np.inf if not s else float(b)) for s, (a, b) in zip(strings, ends, strict=True)}
    bigram = _logs(rng, n_symbols, n_symbols) if language else np.zeros((n_symbols, n_symbols))
    return beam, _logs(rng, n_symbols), bigram


BEAM = Exercise(
    id="language.beam",
    title="All paths of a string",
    minutes=25,
    task="""A beam search follows several strings at once and adds up, for each, *all* paths that lead to it. Write one
step, `my_beam_step(beam, log_probs, bigram)`.

- `beam` is `{string: (in_blank, in_symbol)}`. A string is a tuple of symbols; the two numbers are the logarithms of
  the summed probability of its paths that end in a blank, and of those that end in its last symbol.
- `log_probs`, `(S,)`: logarithm of how likely each symbol is in this step. Symbol 0 is the blank.
- `bigram`, `(S, S)`: `bigram[i, j]`, logarithm of how likely j follows i in the language; row 0 is the beginning.

Every string goes on in three ways:

1. a blank comes: the string stays, and now ends in a blank;
2. its last symbol comes *again, with no blank between*: the string stays, and ends in that symbol;
3. a symbol makes it longer: every symbol can, but its own last one only after a blank. Then, and only then, the
   language is asked: `bigram[last symbol, new symbol]` is added.

Several ways may lead to the same string: their probabilities are added. Return
`{string: [in_blank, in_symbol]}` with all strings that can follow; nothing is cut off yet.""",
    starter='''def my_beam_step(beam, log_probs, bigram):
    """{string: (in_blank, in_symbol)}, (S,), (S, S), all logarithms -> every string that can follow."""
    after: dict = {}

    def add(string, place, value):  # place 0: ends in a blank; 1: in its last symbol
        ends = after.setdefault(string, [-np.inf, -np.inf])
        ends[place] = ...

    for string, (in_blank, in_symbol) in beam.items():
        both = ...
        last = string[-1] if string else 0
        add(string, 0, ...)
        for symbol in range(1, len(log_probs)):
            ...
    return after
''',
    hints=(
        "Probabilities are added, and these are logarithms: log(e^a + e^b) is `np.logaddexp(a, b)`. In `add` it joins "
        "what is there already with what comes.",
        "`both` is the string's probability whatever its paths end in. A blank may follow both; so may another symbol. "
        "The last symbol again: after `in_symbol` the string stays, after `in_blank` it gets longer.",
        "For `symbol == last`: `add(string, 1, in_symbol + log_probs[symbol])`, and the longer string "
        "`(*string, symbol)` begins from `in_blank`. For any other symbol it begins from `both`. Only the longer "
        "string gets `bigram[last, symbol]`.",
    ),
    checks=(
        Check(
            "From the empty string every symbol can follow.",
            lambda rng: [_beam(rng, [()], 3, True), _beam(rng, [()], 2, True)],
            observe=_followed,
        ),
        Check(
            "A string stays, or gets longer; its own last symbol makes it longer only after a blank.",
            lambda rng: [_beam(rng, [(1,)], 3), _beam(rng, [(2, 1)], 3), _beam(rng, [(1, 1)], 2)],
            points=2,
            observe=_followed,
        ),
        Check(
            "What leads to the same string is added up.",
            lambda rng: [_beam(rng, [(), (1,), (1, 1), (1, 2)], 3), _beam(rng, [(2, 1), (2,)], 3)],
            points=2,
            observe=_followed,
        ),
        Check(
            "The language is asked once for each symbol of a string, in the right order.",
            lambda rng: [_beam(rng, [(), (1,), (2,)], 3, True), _beam(rng, [(3, 1), (1, 1)], 4, True)],
            points=2,
            observe=_followed,
        ),
        Check(
            "Without a language no probability is lost.",
            lambda rng: [_beam(rng, [(), (1,), (2, 1)], 4), _beam(rng, [(3, 3), (3,)], 4)],
            observe=_sums,
        ),
        Check(
            "It holds for eleven symbols.",
            lambda rng: [_beam(rng, [(), (4,), (4, 4), (4, 10), (10, 4, 10)], 11, True)],
            observe=_followed,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "only the best path",
            "Where two ways lead to the same string, the likelier one is kept and the other forgotten. Three weak "
            "paths may together outweigh a strong one: that is what the beam is for. Add the probabilities.",
            _best_path,
        ),
        Mistake(
            "strings not merged",
            "Where two ways lead to the same string, the later one takes the place of the earlier. Both are ways to "
            "say the same: what is there already has to be added to.",
            _overwrites,
        ),
        Mistake(
            "logarithms added",
            "`in_blank + in_symbol` adds logarithms, which *multiplies* the probabilities, as if a path had to end in "
            "both. It ends in one or the other: `np.logaddexp` adds.",
            _adds_logs,
        ),
        Mistake(
            "a double symbol without a blank",
            "The last symbol makes the string longer after paths that end in that symbol, too. Such a path is merged "
            "when it is collapsed: the sound merely lasts. A second one begins only after a blank.",
            _no_blank_needed,
        ),
        Mistake(
            "the same symbol never lasts",
            "The second way is missing: the last symbol again, with no blank between. Every sound that lasts longer "
            "than a step would be lost.",
            _never_stays,
        ),
        Mistake(
            "no double symbols",
            "The last symbol never makes the string longer, so 3, 3 can never be found. After a blank it may.",
            _never_doubles,
        ),
        Mistake(
            "language asked for every step",
            "The language is asked again while a symbol merely lasts, so long sounds pay more often than short ones. "
            "A symbol follows another once, when the string gets longer.",
            _counts_twice,
        ),
        Mistake(
            "language read backwards",
            "`bigram[i, j]` is how likely j comes *after* i. Here the new symbol stands first: the language is asked "
            "whether the old follows the new.",
            _backwards,
        ),
        Mistake(
            "language not asked",
            "Right but for the language: nothing of `bigram` arrives in the sums.",
            _silent,
        ),
    ),
    reference=my_beam_step,
    reading=("mmteach.infer.decode.beam_search", "Hannun 2014, arXiv:1408.2873, algorithm 1."),
)
