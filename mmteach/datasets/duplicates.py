"""Copies in a set: the same text or the same recording twice."""

from __future__ import annotations

import unicodedata


def fold_text(text: str) -> str:
    r"""A text as it is compared: Unicode NFKC, without capitals, each run of blanks one space.

    >>> fold_text("Ｇｏｏｄ\tFILM ")
    'good film'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
