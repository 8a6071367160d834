"""A text cut into tokens, and tokens into n-grams and pieces.

The pattern reads a text once from left to right: a megabyte without a space takes no longer, by the character, than a
sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from mmteach.errors import DataError

LONGEST = 40  # letters of a word that are cut into pieces; what is longer is no word

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Vowel signs, tones and accents: letters to a reader, yet not to "\w". All are in these blocks.
_BLOCKS = (range(0x300, 0x2000), range(0xA800, 0xAC00))
_MARKS = "".join(chr(c) for block in _BLOCKS for c in block if unicodedata.category(chr(c))[0] == "M")
_PICTURE = (
    "\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_DRESS = "\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"  # picture form, keycap, shade of skin, tags of a flag
_EMOJI = (
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|"
    f"(?:[{_PICTURE}]|[\u00a9\u00ae\u203c-\u3299]\ufe0f)[{_DRESS}]*(?:\u200d[{_PICTURE}][{_DRESS}]*)*"
)
_LETTER = f"(?:[^\\W\\d_{_HAN}{_PICTURE}]|[{_MARKS}])"
_INSIDE = f"(?:[^\\W_{_HAN}{_PICTURE}]|[{_MARKS}])"
_WORD = f"{_LETTER}{_INSIDE}*(?:['’]{_LETTER}{_INSIDE}*)*"
_TOKEN = re.compile(
    f"(?P<emoji>{_EMOJI})"
    f"|(?P<character>[{_HAN}])"
    f"|(?P<word>(?<![\\w'’])['’](?:s|re|ve|ll|d|m|t)(?!\\w)|{_WORD})"
    f"|(?P<number>\\d+(?:[.,]\\d+)*{_INSIDE}*)"
    "|(?P<mark>[!?！？]|\\.\\.+|…+)",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """A piece of a text and where it stands: text[start:end].

    kind : "word", "character" (Chinese), "number", "emoji" or "mark" (! ? ...).
    """

    start: int
    end: int
    kind: str


def locate(text: str) -> list[Token]:
    """Find the tokens of a text and their places; see `tokenise`."""
    return [Token(*found.span(), str(found.lastgroup)) for found in _TOKEN.finditer(_text(text))]


def tokenise(text: str) -> list[str]:
    """Cut a text into tokens.

    A word with its inner apostrophes is one; so is each Chinese character, for Chinese is written without spaces;
    each emoji with all that changes it; a number; and each "!", "?" and "...". Other scripts are cut at spaces and
    punctuation, and other punctuation is dropped. Cut endings such as "n't" and "'s" of treebanks are kept.

    Parameters
    ----------
    text : any text; nothing is lowered or cleaned here.

    >>> tokenise("It's 3.5 of 5: does n't work... 不好！👍🏽")
    ["It's", '3.5', 'of', '5', 'does', "n't", 'work', '...', '不', '好', '！', '👍🏽']
    """
    return [found[0] for found in _TOKEN.finditer(_text(text))]


def ngrams(tokens: Sequence[str], n: int) -> list[str]:
    """Join every n tokens that follow each other, with a space between.

    >>> ngrams(["not", "very", "good"], 2)
    ['not very', 'very good']
    """
    return [" ".join(tokens[i : i + n]) for i in range(len(tokens) - n + 1)] if n > 1 else list(tokens)


def pieces(token: str, longest: int, shortest: int = 3) -> list[str]:
    """Cut a word into all its pieces of `shortest` to `longest` letters; a star stands for the rest.

    The word itself is none of them; a Chinese character, a number or an emoji has none.

    References
    ----------
    Bojanowski, Grave, Joulin, Mikolov 2017, TACL 5: words as the sum of their pieces.

    >>> pieces("funny", 3)
    ['fun*', '*unn*', '*nny']
    """
    word = token[:LONGEST]
    if not word[:1].isalpha():
        return []
    found = []
    for n in range(shortest, min(longest, len(word) - 1) + 1):
        inner = [f"*{word[i : i + n]}*" for i in range(1, len(word) - n)]
        found += [f"{word[:n]}*", *inner, f"*{word[-n:]}"]
    return found


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise DataError(f"a text was needed, a {type(text).__name__} came: name a modality that holds texts")
    return text
