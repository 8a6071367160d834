"""A word of the list counts as what it says, whatever stands before it; and the list itself holds no contradiction."""

import time
import unicodedata

import numpy as np
import pytest
from safetensors.numpy import load, save

from mmteach.features import NGrams, build_extractor, lexicon_words, tokenise
from mmteach.features.lexicon import mood_words, moods, spelled_out

KINDS = {
    kind: [form for text in texts for entry in text.split() for form in spelled_out(entry)]
    for kind, texts in lexicon_words.LISTS.items()
}


def marks(text: str) -> list[str]:
    return [mark for _, mark in mood_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good", ["<good>"]),
        ("It was AWFUL", ["<bad>"]),
        ("not good", ["<not good>"]),
        ("not a very good film", ["<not good>"]),
        ("not as we all hoped good", ["<good>"]),  # five tokens away
        ("it does n't look good", ["<not good>"]),
        ("It doesn’t look good", ["<not good>"]),
        ("never boring", ["<not bad>"]),
        ("hardly delicious", ["<not good>"]),
        ("without charm", ["<not good>"]),
        ("not without charm", ["<good>"]),
        ("lacks charm", ["<bad>", "<not good>"]),
        ("not slow but great", ["<not bad>", "<good>"]),
        ("not only good", ["<good>"]),
        ("no doubt great", ["<good>"]),
        ("no ! great", ["<good>"]),
    ],
)
def test_english_negation(text, expected):
    assert marks(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("very good", ["<very good>"]),
        ("really very good", ["<very good>"]),
        ("so bad", ["<very bad>"]),
        ("very late but good", ["<very bad>", "<good>"]),
        ("very French good", ["<good>"]),
        ("pretty", ["<good>"]),
        ("pretty good", ["<very good>"]),
        ("pretty bad", ["<very bad>"]),
        ("incredibly tedious", ["<very bad>"]),
        ("好难吃", ["<very bad>"]),
        ("太好吃", ["<very good>"]),
        ("非常不满意", ["<not good>"]),
    ],
)
def test_intensifiers(text, expected):
    assert marks(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("好吃", [("好吃", "<good>")]),
        ("不好吃", [("好吃", "<not good>")]),
        ("不是很好吃", [("好吃", "<not good>")]),
        ("不太 满意", [("满意", "<not good>")]),
        ("没有不好", [("好", "<good>")]),
        ("不难吃", [("难吃", "<not bad>")]),
        ("不错", [("不错", "<good>")]),
        ("错", [("错", "<bad>")]),
        ("不是我说好吃", [("好吃", "<good>")]),  # a Chinese negation reaches only what follows it
        ("送餐太慢了,饭也凉了", [("慢", "<very bad>"), ("凉了", "<bad>")]),
        ("快递小哥", []),
        ("差不多", []),
        ("美团", []),
        ("不好意思", []),
    ],
)
def test_chinese_and_the_longest_match(text, expected):
    assert mood_words(text) == expected


def test_phrases_count_once_and_as_they_are_written():
    assert mood_words("A Waste of Time, well-made") == [("Waste of Time", "<bad>"), ("well-made", "<good>")]
    assert mood_words("waste of paper") == [("waste", "<bad>")]
    assert mood_words("ＧＯＯＤ") == [("ＧＯＯＤ", "<good>")]
    assert mood_words("a great deal of talk, kind of") == []
    assert mood_words("") == moods([]) == []


def test_very_is_a_mark_of_its_own_beside_the_plain_one():
    assert moods(tokenise("very good, not bad")) == ["<good>", "<very good>", "<not bad>"]


def test_no_word_is_listed_twice_or_on_both_sides():
    for kind, words in KINDS.items():
        assert sorted(words) == sorted(set(words)), kind
    tokens = {kind: {tuple(tokenise(word)) or (word,) for word in words} for kind, words in KINDS.items()}
    sizes = {kind: len(found) for kind, found in tokens.items()}
    assert sizes == {kind: len(words) for kind, words in KINDS.items()}  # nor as "first rate" and "first-rate"
    assert not tokens["good"] & tokens["bad"]
    for kind in ("good", "bad", "not", "very", "turn"):
        assert not tokens[""] & tokens[kind], kind
    assert min(sizes["good"], sizes["bad"]) > 1000


def test_all_words_are_written_plainly():
    for word in (word for words in KINDS.values() for word in words):
        assert word == unicodedata.normalize("NFKC", word).lower()
        assert word == word.strip()


def test_every_mood_word_alone_is_found_whole():
    for kind in ("good", "bad"):
        for word in KINDS[kind]:
            assert mood_words(word) == [(word, f"<{kind}>")]


def test_a_word_that_training_never_had_has_the_weight_of_its_mark():
    plain, marked = NGrams(1, min_count=1), NGrams(1, min_count=1, lexicon=True)
    for extractor in (plain, marked):
        extractor.fit(["a delightful film", "an awful film", "味道不好"])
    assert len(plain(["mesmerizing 难吃"])[0]) == 0
    (pairs,) = marked(["mesmerizing 难吃 难喝"])
    found = {marked.describe(int(i)): weight for i, weight in pairs}
    assert found.keys() == {"<good>", "<bad>"}
    assert found["<bad>"] > found["<good>"] > 0.4  # twice as often


def test_saved_and_loaded_is_the_same():
    texts = ["a very good film", "not a bad film", "味道不好"]
    extractor = NGrams(2, min_count=1, lexicon=True)
    extractor.fit(texts)
    again = build_extractor("ngrams", extractor.params())
    again.load_state(load(save(extractor.state())))
    assert again.params()["lexicon"] is True
    assert "<very good>" in again.vocabulary
    assert "<not good>" in again.vocabulary
    for a, b in zip(again(texts), extractor(texts), strict=True):
        np.testing.assert_array_equal(a, b)
    assert build_extractor("ngrams", {"words": 1}).params()["lexicon"] is False


@pytest.mark.parametrize(
    "piece", ["not ", "very ", "good ", "不", "很", "好", "pretty ", "waste of ", "不好吃"], ids=ascii
)
def test_time_grows_with_length_and_no_faster(piece):
    tokens = tokenise(piece * 20_000)
    begun = time.process_time()
    moods(tokens)
    assert time.process_time() - begun < 2  # 0.1 s
