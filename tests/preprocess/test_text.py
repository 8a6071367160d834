"""Texts come out of each step as a reader would write them, whatever went in, and in time that grows with length."""

import time
import unicodedata

import numpy as np
import pytest

from mmteach.errors import DataError, ParameterError
from mmteach.preprocess import TEXT_STEPS, Clean, Lower, Normalise, require_text
from mmteach.preprocess.text import MAX_MARKS


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A <b>great</b> film<br/>indeed", "A great film indeed"),
        ("Fish &amp; chips &lt;3 &#39;now&#x27; &nbsp;ok", "Fish & chips <3 'now' ok"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("<!-- note -->seen", "seen"),
        ("&nosuchthing; R&D &#99999999999;", "&nosuchthing; R&D &#99999999999;"),
        ("see https://example.org/a?b=c#d or www.example.com now", "see HTTPURL or HTTPURL now"),
        ("看http://t.cn/abc真好", "看HTTPURL真好"),
        ("@ann_b thanks @小明 but ann@example.org", "@USER thanks @USER but ann@example.org"),
        ("a\tb\r\nc\u3000d\u00a0 e", "a b c d e"),
        ("so\u00adft\u200b ze\ufeffro \x00nul\x07l\x9f", "soft zero null"),
        ("half \ud83d of it \udc4d", "half of it"),
        ("👨\u200d👩\u200d👧 \u200dnot\u200djoined\u200d", "👨\u200d👩\u200d👧 notjoined"),
        ("", ""),
    ],
)
def test_clean(raw, clean):
    assert Clean()(raw) == clean
    assert Clean()(clean) == clean or "&" in raw  # twice is as once, but for entities of entities


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("Ｇｏｏｄ　１０！", "Good 10!"),
        ("cafe\u0301", "caf\u00e9"),
        ("“it’s” ‘so’", "\"it's\" 'so'"),
        ("繁體 简体", "繁體 简体"),
        ("ﬁne…", "fine..."),
        ("👍🏽 👨\u200d👩\u200d👧", "👍🏽 👨\u200d👩\u200d👧"),
    ],
)
def test_normalise(raw, normal):
    assert Normalise()(raw) == normal
    assert Normalise()(normal) == normal


def test_other_forms_are_unicodes():
    assert Normalise("NFC")("Ｇ e\u0301") == "Ｇ \u00e9"
    assert Normalise("NFD")("\u00e9") == "e\u0301"
    with pytest.raises(ParameterError, match="NFC, NFKC, NFD, NFKD"):
        Normalise("nfkc")


def test_a_pile_of_accents_is_cut():
    assert Normalise("NFD")("a" + "\u0301" * 1000 + "b") == "a" + "\u0301" * MAX_MARKS + "b"


def test_lower_leaves_chinese():
    assert Lower()("Very GOOD, 很好 ÉTÉ") == "very good, 很好 été"


@pytest.mark.parametrize("step", [kind() for kind in TEXT_STEPS])
def test_another_medium_is_a_sentence(step):
    with pytest.raises(DataError, match="a text was needed, a ndarray came"):
        step(np.zeros(3))


@pytest.mark.parametrize("text", ["", "  \n\t\u3000", ",.;:", "--- __ ()"])
def test_texts_without_anything_to_read_are_refused(text):
    with pytest.raises(DataError, match="text"):
        require_text(text)


def test_the_refusal_says_what_to_do():
    with pytest.raises(DataError, match="the text is empty; a few words are needed"):
        require_text(" ")
    with pytest.raises(DataError, match="',;' holds no word, number or emoji; at least one is needed"):
        require_text(",;")
    with pytest.raises(DataError, match="holds no word"):
        require_text("\ud83d")
    with pytest.raises(DataError, match="a text was needed, a int came"):
        require_text(3)


@pytest.mark.parametrize("text", ["a", "好", "7", "👍🏽", "!", "…", "☺", "สวัสดี", "word " * 10_000])
def test_texts_with_anything_to_read_pass(text):
    require_text(text)


HARD = [
    "a",
    "好",
    "👍🏽",
    "👍\u200d",
    "<a",
    "&#",
    "&a",
    "@",
    "www.",
    "a\u0301\u0323",
    " ",
    "\ud83d",
    "\u200d",
    "สวัสดี",
    "<!--",
]


@pytest.mark.parametrize("piece", HARD, ids=ascii)
def test_time_grows_with_length_and_no_faster(piece):
    text = piece * (200_000 // len(piece))
    begun = time.process_time()
    for kind in TEXT_STEPS:
        text = kind()(text)
    require_text(text + "a")
    assert time.process_time() - begun < 2  # 0.05 s; a pattern that goes back over the text would take minutes
    assert unicodedata.is_normalized("NFKC", text)
