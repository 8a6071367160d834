"""What is typed is shown as it is, cut as the library cuts it, and nothing that is typed breaks the page."""

from __future__ import annotations

import html
import re
import time

import pytest

from mmteach.datasets import Dataset, Row
from mmteach.features import tokenise
from mmteach.preprocess import Clean, Lower, Normalise, apply_steps
from mmteach.widgets import TextPrep
from mmteach.widgets.text_parts import TextParts
from mmteach.widgets.text_views import KINDS, N_SHOWN, boxes, changes

SAID = {
    "good": ["A good soup, truly!", "very good noodles", "这个汤很好喝", "good service 👍"],
    "bad": ["A bad soup...", "the noodles were cold", "这个面不好吃", "slow and bad 👎"],
}


def reviews(labelled: bool = True, n_people: int = 6) -> Dataset:
    rows = [
        Row(f"{person}-{label}-{i}", {"text": f"{text} No {i}"}, label if labelled else None, f"p{person}")
        for person in range(n_people)
        for label, texts in SAID.items()
        for i, text in enumerate(texts)
    ]
    return Dataset(rows, "reviews", note="made for a test")


@pytest.fixture(scope="module")
def made() -> TextPrep:
    return TextPrep(reviews())


@pytest.fixture
def prep(made) -> TextPrep:
    for box in made.on.values():
        box.value = True
    made.which.value = 0
    made.pick()
    return made


def seen(prep: TextPrep) -> str:
    return html.unescape(re.sub("<[^>]+>", "", prep.stages.value + prep.boxes.value))


def test_a_test_text_is_shown_with_its_tokens(prep):
    assert prep.text == prep.own.value == prep.parts.test[0]
    assert [name for name, _ in prep.trail] == ["original", "Clean", "Normalise", "Lower"]
    cleaned = apply_steps(prep.text, [Clean(), Normalise(), Lower()])
    assert [cleaned[t.start : t.end] for t in prep.tokens] == tokenise(cleaned)
    assert prep.message.value == ""
    assert "made for a test" in prep.source.value


def test_steps_that_are_ticked_are_the_steps_that_run(prep):
    prep.own.value = "Ｖｅｒｙ <b>GOOD</b>"
    assert prep.trail[-1][1] == "very good"
    prep.on["Lower"].value = prep.on["Clean"].value = False
    assert prep.trail == [("original", "Ｖｅｒｙ <b>GOOD</b>"), ("Normalise", "Very <b>GOOD</b>")]
    assert "tokenise(apply_steps(text, [Normalise()]))" in prep.code.value


def test_unknown_tokens_are_those_that_training_never_had(prep):
    prep.own.value = "Good zebra 好 囍"
    assert prep.unknown == [False, True, False, True]
    assert "2 of 4 tokens (50%) are unknown" in prep.counts.value
    assert prep.boxes.value.count("word, unknown") == 2  # zebra, and the legend
    assert prep.boxes.value.count("Chinese character, unknown") == 1
    prep.on["Lower"].value = False
    prep.own.value = "GOOD"
    assert prep.unknown == [True]


def test_words_of_the_test_part_are_not_known():
    rows = [*reviews().rows, *(Row(f"x{i}", {"text": "uniqueword"}, "good", "x", "test") for i in range(3))]
    rows = [Row(r.id, r.media, r.label, r.group, r.split or "train") for r in rows]
    prep = TextPrep(Dataset(rows, "split"))
    assert prep.text == "uniqueword"
    assert prep.unknown == [True]
    assert "Of the test part's tokens 100.0% are unknown" in prep.counts.value


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b < c `d`"])
def test_markup_is_shown_not_obeyed(prep, text):
    for box in prep.on.values():
        box.value = False
    prep.own.value = text
    for part in (prep.stages, prep.boxes, prep.counts, prep.code, prep.message):
        assert not re.search("<(script|img)", part.value)
    assert text in seen(prep)


@pytest.mark.parametrize(("text", "said"), [("", "the text is empty"), ("  \n", "is empty"), (",,;", "holds no word")])
def test_nothing_to_read_is_a_sentence_and_nothing_else_stays(prep, text, said):
    prep.own.value = text
    assert said in prep.message.value
    assert prep.stages.layout.display == prep.boxes.layout.display == "none"
    prep.own.value = "soup"
    assert prep.message.value == ""
    assert prep.boxes.layout.display is None


@pytest.mark.parametrize(
    "text", ["👍🏽👨\u200d👩\u200d👧", "สวัสดีชาวโลก", "مرحبا بالعالم", "a\u200bb\x07\ud83d", "\ufeff好", "&#55357;!"]
)
def test_odd_texts_are_shown_without_a_word_of_trouble(prep, text):
    prep.own.value = text
    assert prep.message.value == ""
    assert len(prep.tokens) >= 1
    (prep.stages.value + prep.boxes.value).encode()  # half characters could not be sent


def test_a_text_of_the_set_with_half_a_character_can_be_sent():
    rows = [Row(f"{i}", {"text": f"so {'good' if i % 2 else 'bad'} \ud83d"}, str(i % 2), f"p{i}") for i in range(20)]
    prep = TextPrep(Dataset(rows, "halves"))
    prep.own.value.encode()
    assert prep.message.value == ""


def test_ten_thousand_words_are_counted_and_cut_for_show(prep):
    begun = time.process_time()
    prep.own.value = "word " * 10_000
    assert time.process_time() - begun < 3
    assert "10,000" in prep.counts.value
    assert f"... and {10_000 - N_SHOWN:,} more" in prep.boxes.value
    assert "characters more" in prep.stages.value
    assert len(prep.stages.value + prep.boxes.value) < 60_000


def test_changes_are_marked():
    assert "<del" in changes("abc", "ac")
    assert "<ins" in changes("ac", "abc")
    assert re.sub("<[^>]+>", "", changes("A b", "a b")) == "Aa b"
    assert "U+200B" in changes("a\u200b", "a")
    assert "<" not in changes("same", "same")


def test_kinds_differ_without_colour_too():
    lines = [line for _, _, line in KINDS.values()]
    assert len(set(lines)) == len(lines)
    assert boxes("x", [], []).count("<bdi") == 0


def test_sets_without_labels_or_without_texts(few):
    assert TextPrep(reviews(labelled=False)).message.value == ""
    assert "has no text" in TextPrep(few).message.value


def test_no_group_stands_on_both_sides():
    dataset = reviews()
    parts = TextParts(dataset)
    group = dict(zip(dataset.ids.tolist(), dataset.groups.tolist(), strict=True))
    assert not {group[i] for i in parts.ids.tolist()} & {group[i] for i in parts.train_ids.tolist()}
    assert len(parts.train) + len(parts.test) <= len(dataset)
    assert parts.majority == pytest.approx(0.5)
