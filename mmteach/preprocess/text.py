"""Texts: clean, normalise, lower; English, Chinese, or both in one line.

Every pattern here reads a text once from left to right, so that a megabyte without a space takes no longer a character
than a sentence does.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from mmteach.errors import DataError, ParameterError

FORMS = ("NFC", "NFKC", "NFD", "NFKD")
MAX_MARKS = 30  # on one letter; UAX 15 allows as many. Each pair of marks costs time, so a million would take hours

_TAG = re.compile("<[/!]?[A-Za-z-][^<>]*>")
_ENTITY = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINK = re.compile("(?:https?://|www\\.)[!#-;=?-~]+", re.IGNORECASE)  # ASCII alone: Chinese follows without a space
_NAME = re.compile("(?<![A-Za-z0-9._@])@\\w+")
_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]|\u200d(?![^\\w\\s\u200d])|(?<![^\\w\\s\u200d])\u200d"  # U+200D joins emoji
)
# Accents and vowel signs, which \w leaves out.
_MARKS = "".join(chr(c) for c in range(0x300, 0x2000) if unicodedata.category(chr(c))[0] == "M")
_PILE = re.compile(f"([{_MARKS}]{{{MAX_MARKS}}})[{_MARKS}]+")
_READABLE = re.compile("[^\\W_]|[!?！？…]")
_QUOTES = str.maketrans("‘’‚‛′“”„‟″", "'''''\"\"\"\"\"")


@dataclass(frozen=True)
class Clean:
    r"""Drop what a reader does not see or read: HTML, control and zero-width characters, addresses, spare spaces.

    HTML tags become a space and entities their character; a web address becomes HTTPURL and an @name @USER, for it
    says that there was one, whichever it was. Half characters ("lone surrogates"), which no file can hold, go too.

    >>> Clean()("I&#39;d  <b>love</b> it,\u200b @ann! https://example.org/x?y=1")
    "I'd love it, @USER! HTTPURL"
    """

    def __call__(self, text: str) -> str:
        """Return the text on one line."""
        text = _TAG.sub(" ", _require_str(text))
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        text = _NAME.sub("@USER", _LINK.sub("HTTPURL", text))
        return " ".join(_INVISIBLE.sub("", text).split())


@dataclass(frozen=True)
class Normalise:
    """Write the same character always in the same way.

    Full-width letters and digits become ordinary ones, an e and its accent one character, curly quotes straight
    ones. Simplified and traditional Chinese stay as they are: which of them was written tells something.

    Parameters
    ----------
    form : Unicode's normal form. "NFC" leaves full-width letters alone.

    >>> Normalise()("Ｇｏｏｄ！ “１０” 繁體")
    'Good! "10" 繁體'
    """

    form: str = "NFKC"

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ParameterError(f"form is {self.form!r}; Unicode knows {', '.join(FORMS)}: choose one of them")

    def __call__(self, text: str) -> str:
        """Return the text in the normal form."""
        text = _PILE.sub(r"\1", _require_str(text))
        return unicodedata.normalize(self.form, text).translate(_QUOTES)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Lower:
    """Capital letters to small ones: "Good" at the start of a sentence is the same word as "good" within."""

    def __call__(self, text: str) -> str:
        """Return the text in small letters; Chinese has no others."""
        return _require_str(text).lower()


TEXT_STEPS = (Clean, Normalise, Lower)


def require_text(text: str) -> None:
    """Refuse a text in which there is nothing to read.

    Raises
    ------
    DataError : the text is empty, or holds no word, number, emoji, "!" or "?".
    """
    if not _require_str(text).strip():
        raise DataError("the text is empty; a few words are needed: type or paste some")
    if _READABLE.search(text) is None and not any(unicodedata.category(c) == "So" for c in text):  # So: emoji
        shown = text.strip()[:20].encode("utf-8", "replace").decode()
        raise DataError(f"the text {shown!r} holds no word, number or emoji; at least one is needed: type some words")


def _require_str(text: str) -> str:
    if not isinstance(text, str):
        raise DataError(f"a text was needed, a {type(text).__name__} came: name a modality that holds texts")
    return text
