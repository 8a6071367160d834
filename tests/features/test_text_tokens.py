"""A text is cut where a reader would cut it, in every script, and quickly."""

import time

import pytest

from mmteach.features.text_tokens import LONGEST, locate, ngrams, pieces, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It's well-made , is n't it ?", ["It's", "well", "made", "is", "n't", "it", "?"]),
        ("the film 's heart ca n't 've", ["the", "film", "'s", "heart", "ca", "n't", "'ve"]),
        ("'quoted' o' rock'n'roll", ["quoted", "o", "rock'n'roll"]),
        ("Wow!! really... no…", ["Wow", "!", "!", "really", "...", "no", "…"]),
        ("一点也不好吃！", ["一", "点", "也", "不", "好", "吃", "！"]),
        ("好 eat2 吃", ["好", "eat2", "吃"]),
        ("3.5 of 5, 1,000 2nd 3D 24小时", ["3.5", "of", "5", "1,000", "2nd", "3D", "24", "小", "时"]),
        ("👍🏽👍 👨\u200d👩\u200d👧🇨🇳🇬🇧❤️☺1️⃣", ["👍🏽", "👍", "👨\u200d👩\u200d👧", "🇨🇳", "🇬🇧", "❤️", "☺", "1️⃣"]),
        ("café naïve cafe\u0301", ["café", "naïve", "cafe\u0301"]),
        ("สวัสดี ชาวโลก", ["สวัสดี", "ชาวโลก"]),
        ("مرحبا بِالعالم", ["مرحبا", "بِالعالم"]),
        ("हिन्दी 한국어 カタカナ", ["हिन्दी", "한국어", "カタカナ"]),
        ("𠮷 〇 々", ["𠮷", "〇", "々"]),
        ("\ud83d x \udc4d", ["x"]),
        ("_, ; -- (__) & $ 5%", ["5"]),
        ("", []),
    ],
)
def test_tokens(text, tokens):
    assert tokenise(text) == tokens


def test_places_and_kinds():
    text = "Not 好 at 2 pm!👍"
    found = locate(text)
    assert [text[t.start : t.end] for t in found] == tokenise(text)
    assert [t.kind for t in found] == ["word", "character", "word", "number", "word", "mark", "emoji"]


def test_ngrams():
    assert ngrams(["a", "b", "c"], 1) == ["a", "b", "c"]
    assert ngrams(["a", "b", "c"], 3) == ["a b c"]
    assert ngrams(["a"], 2) == []


def test_pieces():
    assert pieces("cats", 5) == ["cat*", "*ats"]
    assert pieces("cat", 5) == pieces("好", 5) == pieces("12345", 5) == pieces("👍", 5) == []
    assert len(set(pieces("abcdefgh", 4))) == len(pieces("abcdefgh", 4)) == 6 + 5
    assert pieces("x" * 1000, 3) == pieces("x" * LONGEST, 3)


HARD = [
    "a",
    "1.",
    "a'",
    "好",
    "👍🏽",
    "👍\u200d",
    "🇨",
    ".",
    "'",
    "'s",
    "1\ufe0f",
    "a\u0301",
    "\ud83d",
    " ",
    "…",
    "🏴\U000e0067",
]


@pytest.mark.parametrize("piece", HARD, ids=ascii)
def test_time_grows_with_length_and_no_faster(piece):
    text = piece * (200_000 // len(piece))
    begun = time.process_time()
    tokenise(text + "x")
    assert time.process_time() - begun < 2  # 0.1 s; a pattern that goes back over the text would take minutes
