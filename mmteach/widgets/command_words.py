"""What was said beside what was written or heard: the words that differ, marked so that no mark is a colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mmteach.features import tokenise
from mmteach.widgets.figure import BLUE, VERMILION
from mmteach.widgets.text_views import visible

ONE, REPLACED = 1000, 1001  # a dropped or added word, a replaced one
HAN = range(0x3400, 0xA000)  # written without spaces between
_REPLACED = f"border-bottom: 2px solid {VERMILION}"
_DROPPED = f"text-decoration: line-through {VERMILION} 2px"
_ADDED = f"border-bottom: 2px dotted {BLUE}"
LEGEND = (
    f'<small>errors: <s style="{_DROPPED}">said</s>→<b style="{_REPLACED}">written</b> replaced, '
    f'−<s style="{_DROPPED}">said</s> dropped, +<b style="{_ADDED}">written</b> added</small>'
)


class Pair(NamedTuple):
    """A word that was said and what became of it; None where there is nothing on one side."""

    said: str | None
    heard: str | None


def aligned(said: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """Lay what was heard beside what was said, so that as few words as possible differ (Levenshtein).

    Of several such ways the one with the fewest replacements is taken: it keeps most words.

    >>> aligned("in the kitchen".split(), "the kitten now".split())[0]
    Pair(said='in', heard=None)
    """
    cost = [[ONE * (i + j) for j in range(len(heard) + 1)] for i in range(len(said) + 1)]
    for i, a in enumerate(said, 1):
        for j, b in enumerate(heard, 1):
            cost[i][j] = min(cost[i - 1][j - 1] + REPLACED * (a != b), cost[i - 1][j] + ONE, cost[i][j - 1] + ONE)
    i, j, found = len(said), len(heard), list[Pair]()
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + REPLACED * (said[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            found.append(Pair(said[i], heard[j]))
        elif i and cost[i][j] == cost[i - 1][j] + ONE:
            i -= 1
            found.append(Pair(said[i], None))
        else:
            j -= 1
            found.append(Pair(None, heard[j]))
    return found[::-1]


def marked(said: str, heard: str) -> str:
    """What was heard as HTML, each error marked, and how many there are."""
    pairs = aligned(tokenise(said.lower()), tokenise(heard.lower()))
    n, n_wrong = sum(p.said is not None for p in pairs), sum(p.said != p.heard for p in pairs)
    count = f"{n_wrong} error{'' if n_wrong == 1 else 's'}, {n} said" if n_wrong else f"no error, {n} said"
    return f"{joined([_pair(p) for p in pairs], [p.heard or p.said or '' for p in pairs])} <small>({count})</small>"


def _pair(p: Pair) -> str:
    was = f'<s style="{_DROPPED}">{visible(p.said or "")}</s>'
    if p.heard is None:
        return f"−{was}"
    if p.said is None:
        return f'+<b style="{_ADDED}">{visible(p.heard)}</b>'
    return visible(p.heard) if p.said == p.heard else f'{was}→<b style="{_REPLACED}">{visible(p.heard)}</b>'


def joined(shown: Sequence[str], words: Sequence[str]) -> str:
    """Words one after the other; between two Chinese characters stands no space."""
    out = ""
    for i, one in enumerate(shown):
        together = i > 0 and _is_han(words[i - 1]) and _is_han(words[i])
        out += one if together or not i else f" {one}"
    return out


def _is_han(word: str) -> bool:
    return len(word) == 1 and ord(word) in HAN
