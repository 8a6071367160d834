"""Which words of a text say good or bad, and what stands before them: a feature that people designed.

N-grams know only what the training texts had. A list of words brings in what its writers knew of the language, as HOG
brings in what is known of pictures: a word that no training text had still counts as "<good>" or "<bad>".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mmteach.features import lexicon_words as lists
from mmteach.features.text_tokens import locate, tokenise

REACH = 3  # an English "not" reaches so many tokens: "not a very good"


class Hit(NamedTuple):
    """A listed word in a text, tokens[start:end], and what it is listed as: "good", "bad", "not", "very", "turn"."""

    start: int
    end: int
    kinds: frozenset[str]
    chinese: bool


def moods(tokens: Sequence[str]) -> list[str]:
    """Mark each word that says good or bad, in reading order.

    The marks are "<good>" and "<bad>"; "<not good>" and "<not bad>" where an odd number of negations stands before;
    and "<very good>" or "<very bad>" after "<good>" or "<bad>" where the word is intensified. An English negation
    reaches three tokens, but not past "but"; a Chinese one stands right before, or before 很, 太 and the like.
    Commas are no tokens, so "hardly good, boring" is misread: a list knows words, not sentences.

    Parameters
    ----------
    tokens : as `tokenise` cuts them; capitals and wide letters are read as plain ones.

    References
    ----------
    Taboada, Brooke, Tofiloski, Voll, Stede 2011, Computational Linguistics 37(2): lists, negation and intensifiers.

    >>> moods(tokenise("Not a very good film, but really funny. 味道不太好"))
    ['<not good>', '<good>', '<very good>', '<not good>']
    """
    found = []
    for _, mark in _marked(tokens):
        found += [mark.replace("very ", ""), mark] if mark.startswith("<very") else [mark]
    return found


def mood_words(text: str) -> list[tuple[str, str]]:
    """Find each word that says good or bad, as it is written, with its one mark: see `moods`.

    >>> mood_words("Hardly Delicious, and such a waste of time; 太难吃了")
    [('Delicious', '<not good>'), ('waste of time', '<bad>'), ('难吃', '<very bad>')]
    """
    places = locate(text)
    marked = _marked([text[place.start : place.end] for place in places])
    return [(text[places[hit.start].start : places[hit.end - 1].end], mark) for hit, mark in marked]


def _marked(tokens: Sequence[str]) -> Iterator[tuple[Hit, str]]:
    hits = _scan(_plain(tokens))
    for k, hit in enumerate(hits):
        for mood in ("good", "bad"):
            if mood in hit.kinds and not _intensifies(hits, k):
                yield hit, f"<{_before(hits, k)}{mood}>"


def _scan(tokens: Sequence[str]) -> list[Hit]:
    """Find the listed words from left to right, of those that begin at one token the longest."""
    (listed, lengths), hits, at = _phrases(), [], 0
    while at < len(tokens):
        for length in lengths.get(tokens[at], ()):
            phrase = tuple(tokens[at : at + length])  # at the text's end it is shorter
            if (kinds := listed.get(phrase)) is not None:
                hits.append(Hit(at, at + len(phrase), kinds, tokens[at] > "\u2e80"))
                at += len(phrase)
                break
        else:
            at += 1
    return hits


def _intensifies(hits: Sequence[Hit], k: int) -> bool:
    """Tell "pretty good" and 好难吃 from "pretty" and 好: what can be either is "very" right before a mood."""
    if "very" not in hits[k].kinds or k + 1 == len(hits):
        return False
    return hits[k].end == hits[k + 1].start and not hits[k + 1].kinds.isdisjoint(("good", "bad"))


def _before(hits: Sequence[Hit], k: int) -> str:
    """Read backwards what stands before a word: "not ", "very " or nothing."""
    hit, chain, negated, very = hits[k], hits[k].start, False, False
    for before in reversed(hits[max(0, k - 2 * REACH) : k]):
        touches = before.end == chain
        if "turn" in before.kinds or not (touches or (hit.start - before.end < REACH and not hit.chinese)):
            break
        if "not" in before.kinds:
            negated = not negated
        very = very or (touches and "very" in before.kinds)
        if touches and not before.kinds.isdisjoint(("not", "very")):
            chain = before.start
    return "not " if negated else "very " if very else ""


def _plain(tokens: Sequence[str]) -> list[str]:
    """Write tokens as the lists do: NFKC, lower case, straight apostrophes. All in one go, as that is quicker."""
    return unicodedata.normalize("NFKC", "\n".join(tokens)).lower().replace("’", "'").split("\n")


@cache
def _phrases() -> tuple[Mapping[tuple[str, ...], frozenset[str]], Mapping[str, Sequence[int]]]:
    """{phrase: what it is listed as}, and {first token: how long phrases that begin with it are, longest first}."""
    kinds: dict[tuple[str, ...], set[str]] = {}
    for kind, texts in lists.LISTS.items():
        for word in (spelled for text in texts for entry in text.split() for spelled in spelled_out(entry)):
            kinds.setdefault(tuple(tokenise(word)) or (word,), set()).update([kind] if kind else [])
    lengths: dict[str, set[int]] = {}
    for phrase in kinds:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return (
        {phrase: frozenset(found) for phrase, found in kinds.items()},
        {first: sorted(found, reverse=True) for first, found in lengths.items()},
    )


def spelled_out(word: str) -> list[str]:
    """Spell out an entry of the lists.

    >>> spelled_out("enjoy|s|ed"), spelled_out("waste_of_time")
    (['enjoy', 'enjoys', 'enjoyed'], ['waste of time'])
    """
    stem, *endings = word.replace("_", " ").split("|")
    return [stem, *(stem + ending for ending in endings)]
