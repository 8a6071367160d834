"""Single texts, English and Chinese: what may go, what must stay, what turns into its opposite."""

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import drop_negations, drop_words, is_negation, swap_words

TEXTS = ["Well, it was not bad at all!", "一点也不差，我 would say so.", "a", "", "... !?", "It's 3.5 of 5: 不好！"]


def seeded(number=0):
    return torch.Generator().manual_seed(number)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_dropped_and_nothing_swapped_is_the_identity(text):
    assert drop_words(text, 0, seeded()) == text
    assert swap_words(text, 0, seeded()) == text


def test_words_are_dropped_with_probability_p():
    text = " ".join(f"w{i}" for i in range(4000))
    left = drop_words(text, 0.3, seeded()).split()
    assert len(left) / 4000 == pytest.approx(0.7, abs=0.03)
    assert left == sorted(left, key=lambda w: int(w[1:]))
    assert drop_words(text, 0.3, seeded()) == " ".join(left)
    assert drop_words(text, 0.3, seeded(1)) != " ".join(left)


@pytest.mark.parametrize("seed", range(5))
def test_one_word_stays_and_so_does_punctuation(seed):
    left = drop_words("Well, good day!", 1, seeded(seed), keep=None)
    assert sum(word in left for word in ("Well", "good", "day")) == 1
    assert "," in left
    assert "!" in left
    assert "  " not in left
    assert len(drop_words("很好看。", 1, seeded(seed), keep=None)) == 2


def test_negations_stay_unless_they_may_go():
    text = "it is not good, I don't and 不 会"
    assert drop_words(text, 1, seeded()) == "not, don't 不"
    assert drop_words("not bad", 1, seeded(2), keep=None) in ("not", "bad")


def test_swapping_keeps_the_words_and_moves_about_the_share():
    words = [f"w{i}" for i in range(100)]
    after = swap_words(" ".join(words), 0.3, seeded()).split()
    assert sorted(after) == sorted(words)
    assert sum(a != b for a, b in zip(after, words, strict=True)) == 30
    assert sorted(swap_words("很好看，真的。", 1, seeded())) == sorted("很好看，真的。")
    assert swap_words("很好看，真的。", 1, seeded())[3] == "，"


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("It was not bad at all.", "It was bad at all."),
        ("I can't complain", "I can complain"),
        ("I cannot complain, won't you?", "I can complain, will you?"),
        ("It isn't. Never!", "It is.!"),
        ("一点也不差", "一点也差"),
        ("没有问题", "有问题"),
        ("Nice knot, note it", "Nice knot, note it"),
        ("", ""),
    ],
)
def test_without_its_negations_a_text_says_the_opposite(text, opposite):
    assert drop_negations(text) == opposite


def test_what_is_a_negation():
    assert all(map(is_negation, ["not", "NEVER", "didn’t", "没"]))
    assert not any(map(is_negation, ["knot", "ant", "好", ""]))


def test_what_cannot_be_is_a_sentence():
    for change in (drop_words, swap_words):
        with pytest.raises(ParameterError, match=r"is 1.5; it must lie between 0 and 1"):
            change("a b", 1.5, seeded())
