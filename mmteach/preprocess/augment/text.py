"""One text, changed by a known amount: words dropped or swapped. English words, Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Callable

import torch

from mmteach.errors import ParameterError

# Chinese is written without spaces: there each character is a word of its own, which it mostly is not.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]+(?:['’][^\\W_{_HAN}]+)*")
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "nothing",
        "nobody",
        "none",
        "neither",
        "nor",
        "cannot",
        "without",
        "hardly",
        *"不没无未别非",
    ]
)
_SHORTENED = re.compile("(?:n['’]t)$", re.IGNORECASE)
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}  # what is left of can't, won't, shan't


def is_negation(word: str) -> bool:
    """Whether a word turns what is said into its opposite.

    >>> [is_negation(w) for w in ("never", "Don't", "不", "know")]
    [True, True, True, False]
    """
    return word.lower() in _NEGATIONS or bool(_SHORTENED.search(word))


def drop_words(
    text: str, p: float, generator: torch.Generator, keep: Callable[[str], bool] | None = is_negation
) -> str:
    """Leave out each word with probability p; at least one stays, and punctuation does.

    Parameters
    ----------
    keep : says of a word that it must stay; by default negations do. None spares nothing.

    References
    ----------
    Wei, Zou 2019, EMNLP (EDA).
    """
    _require("p", p)
    words = list(_WORD.finditer(text))
    drawn = torch.rand(len(words), generator=generator).tolist()
    gone = [u < p and not (keep and keep(w[0])) for w, u in zip(words, drawn, strict=True)]
    if words and all(gone):
        gone[max(range(len(words)), key=lambda i: drawn[i])] = False  # the one nearest to staying
    return _without(text, [w.span() for w, out in zip(words, gone, strict=True) if out])


def swap_words(text: str, share: float, generator: torch.Generator) -> str:
    """Exchange words in pairs, so that about this share of them changes its place; what is between them stays.

    References
    ----------
    Wei, Zou 2019, EMNLP (EDA).
    """
    _require("share", share)
    found = list(_WORD.finditer(text))
    words, n_pairs = [w[0] for w in found], round(share * len(found) / 2)
    order = torch.randperm(len(words), generator=generator).tolist()[: 2 * n_pairs]
    for a, b in zip(order[::2], order[1::2], strict=True):
        words[a], words[b] = words[b], words[a]
    pieces, end = [], 0
    for place, word in zip(found, words, strict=True):
        pieces += [text[end : place.start()], word]
        end = place.end()
    return "".join([*pieces, text[end:]])


def drop_negations(text: str) -> str:
    """Leave out every negation: the words stay nearly the same, and what they say becomes the opposite.

    >>> drop_negations("It isn't bad, I would not complain."), drop_negations("一点也不差")
    ('It is bad, I would complain.', '一点也差')
    """
    text = _WORD.sub(lambda w: _affirmed(w[0]), text)
    return _without(text, [w.span() for w in _WORD.finditer(text) if is_negation(w[0])])


def _affirmed(word: str) -> str:
    """Can't, cannot -> can; isn't -> is; other words as they are."""
    if word.lower() == "cannot":
        return word[:3]
    stem = _SHORTENED.sub("", word)
    return stem if stem == word else _WHOLE.get(stem.lower(), stem)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Leave out stretches of a text, each with one of the two spaces that it stood between."""
    for start, end in reversed(spans):
        if end < len(text) and text[end] == " " and (start == 0 or text[start - 1] == " "):
            end += 1
        elif start and text[start - 1] == " ":
            start -= 1
        text = text[:start] + text[end:]
    return text


def _require(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ParameterError(f"{name} is {value}; it must lie between 0 and 1")
