"""SentimentStudio: an example, a text, a voice; mutes; answers and reasons."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # sentiment_toy, which is no test

from sentiment_toy import MOODS, fitted_on, sound, toy_set, upload, voice

from mmteach.widgets import SentimentStudio
from mmteach.widgets.sentiment_views import WIDE


@pytest.fixture(scope="module")
def pipeline():
    return fitted_on()


@pytest.fixture
def studio(pipeline):
    return SentimentStudio(toy_set("xy"), pipeline)


def choose(studio, name):
    """Choose an example by its id."""
    studio.input.some.value = False
    studio.input.example.value = studio.dataset.ids.tolist().index(name)


def type_in(studio, text):
    studio.input.writing.value = text


def test_it_opens_with_a_conflict_and_its_answer(studio):
    assert studio.input.some.value
    assert {label[1:3] for label, _ in studio.input.example.options} == {"02", "20"}
    assert "They disagree" in studio.answer.value
    assert "The set says positive</b> ✓" in studio.truth.value
    assert "they conflict" in studio.truth.value
    assert "the voice decides when it is clearly moved" in studio.truth.value
    assert studio.voice_plot.png.startswith(b"\x89PNG")
    assert studio.input.player.audio.value[:4] == b"RIFF"


def test_the_drop_down_does_not_give_the_label_away(studio):
    assert not any(mood in label for label, _ in studio.input.example.options for mood in MOODS)


def test_it_says_that_voices_are_synthetic_and_unseen(studio):
    assert "buzzes, nobody speaks" in studio.source.value
    assert "never heard in training (x, y" in studio.source.value
    assert "Synthetic voices" in studio.remarks.value


def test_bars_of_one_scale_with_numbers_for_each_side_and_both(studio):
    choose(studio, "x20")
    table = studio.bars.value
    assert [table.index(h) for h in ("Text alone", "Voice alone", "Together")] == sorted(
        table.index(h) for h in ("Text alone", "Voice alone", "Together")
    )
    for probs in (*studio.reading.alone.values(), studio.reading.both):
        assert probs.sum() == pytest.approx(1)
        for p in probs:
            assert f"{p:.2f}" in table
            assert f"width: {WIDE * p:.0f}px" in table
    assert f"▸ {studio.reading.classes[studio.reading.answer]}" in table


def test_shares_add_up_to_the_answer(studio):
    reading = studio.reading
    assert sum(reading.shares.values()) + 1 / 3 == pytest.approx(reading.both.max())
    for share in reading.shares.values():
        assert f"{share:+.2f}" in studio.shares.value


@pytest.mark.parametrize(("muted", "left"), [("text", "audio"), ("audio", "text")])
def test_a_muted_side_is_not_heard(studio, muted, left):
    choose(studio, "x02")
    alone = {m: p.copy() for m, p in studio.reading.alone.items()}
    assert alone["text"].argmax() != alone["audio"].argmax()
    studio.heard[muted].value = False
    assert studio.reading.both == pytest.approx(alone[left])
    assert list(studio.reading.alone) == [left]
    assert "<i>muted</i>" in studio.bars.value
    assert "nothing else is heard" in studio.answer.value
    studio.heard[muted].value = True
    assert "They disagree" in studio.answer.value


def test_all_muted_is_a_sentence(studio):
    for box in studio.heard.values():
        box.value = False
    assert "Muted: the words and the voice. Nothing is heard" in studio.answer.value
    assert studio.shares.value == studio.words.value == ""
    studio.explain_sounds()
    assert "no voice is heard" in studio.message.value


def test_a_typed_text_changes_the_words_and_takes_the_label_away(studio):
    choose(studio, "x00")
    assert "The set says negative" in studio.truth.value
    type_in(studio, "it is good 好 I say")
    assert studio.reading.classes[int(studio.reading.alone["text"].argmax())] == "positive"
    assert studio.truth.value == ""
    assert "Your text" in studio.remarks.value


def test_words_are_coloured_and_their_sign_is_a_line_too(studio):
    choose(studio, "x22")
    assert studio.reading.classes[studio.reading.answer] == "positive"
    assert "underline" in studio.words.value
    found = {w.word: w.value for w in studio.reader.words(studio.reading.classes.index("positive"))}
    assert max(found, key=found.get) in ("good", "好")
    type_in(studio, "good 好 but bad")
    assert "overline" in studio.words.value
    assert "Strongest:" in studio.words.value
    studio.explain.value = False
    assert studio.words.value == ""


def test_chinese_text_is_read_by_character(studio):
    type_in(studio, "今天真好！")
    assert studio.reading.classes[int(studio.reading.alone["text"].argmax())] == "positive"
    assert "好" in [w.word for w in studio.reader.words(2)]


def test_what_is_typed_is_never_obeyed(studio):
    type_in(studio, "<script>alert(1)</script> good <b>好</b> &amp;")
    shown = studio.words.value + studio.answer.value + studio.remarks.value
    assert "<script" not in shown
    assert "&lt;" in studio.words.value
    assert "<b>好" not in studio.words.value


def test_sounds_are_explained_on_request_and_forgotten_with_the_answer(studio):
    plain = studio.voice_plot.alt
    studio.explain_sounds()
    assert studio.voice_plot.explained
    assert "what each part did for" in studio.voice_plot.alt
    studio.heard["text"].value = False
    assert studio.voice_plot.explained
    studio.heard["audio"].value = False
    assert studio.voice_plot.alt == plain


def test_a_recording_and_an_upload_become_the_voice(studio):
    choose(studio, "x00")
    studio.input.recorder.take(sound(voice("positive", 5).samples))
    assert "your voice, recorded, 0.5 s" in studio.input.player.about.value
    assert studio.reading.classes[int(studio.reading.alone["audio"].argmax())] == "positive"
    assert "outside of what it knows" in studio.remarks.value
    studio.input.upload.on_file(upload(sound(voice("negative", 6).samples)))
    assert "your voice, uploaded" in studio.input.player.about.value
    assert studio.reading.classes[int(studio.reading.alone["audio"].argmax())] == "negative"
    studio.input.clear_button.click()
    assert "<i>absent</i>" in studio.bars.value
    assert studio.voice_plot.layout.display == "none"


def test_next_walks_round(studio):
    n = len(studio.input.example.options)
    seen = [studio.input.sample.id]
    for _ in range(n):
        studio.input.next.click()
        seen.append(studio.input.sample.id)
    assert seen[0] == seen[-1]
    assert len(set(seen)) == n


def test_a_mute_is_shown_at_once(studio):
    times = []
    for _ in range(11):
        start = time.process_time()
        studio.heard["text"].value = not studio.heard["text"].value
        times.append(time.process_time() - start)
    assert np.median(times) < 0.12


@pytest.mark.parametrize(("which", "absent"), [({"audio": False}, "audio"), ({"text": False}, "text")])
def test_a_set_with_one_side_shows_the_other_as_absent(which, absent):
    studio = SentimentStudio(toy_set("xy", **which), fitted_on("abc", **which))
    assert "<i>absent</i>" in studio.bars.value
    assert "nothing else is heard" in studio.answer.value
    assert absent not in studio.heard
    type_in(studio, "good")
    studio.input.take_recording(voice("positive"))
    assert studio.reading.both is not None


def test_real_voices_are_not_called_synthetic():
    studio = SentimentStudio(toy_set("xy", synthetic=False), fitted_on("abc"))
    assert "ynthetic" not in studio.remarks.value
    studio.input.take_recording(voice("positive"))
    assert "of this set only" in studio.remarks.value


def test_without_a_pipeline_it_trains_and_offers_the_voices_left_out():
    studio = SentimentStudio(toy_set("abcdefgh"))
    studio.wait(60)
    assert studio.reading is not None
    offered = {r.group for r in studio.input.examples.rows}
    trained = {s.group for s in studio.training.bench._train}
    assert offered
    assert not offered & trained
    assert "never heard in training" in studio.source.value
    assert studio.progress.layout.display == "none"


def test_further_modalities_have_columns_and_mutes_of_their_own():
    studio = SentimentStudio(toy_set("abcdefgh", extra=("face",))).wait(60)
    assert set(studio.heard) == {"text", "audio", "face"}
    assert "face alone" in studio.bars.value
    studio.heard["face"].value = False
    assert set(studio.reading.alone) == {"text", "audio"}


def test_a_set_that_cannot_be_trained_on_is_a_sentence():
    one = toy_set("ab")
    studio = SentimentStudio(one.subset(range(1)))
    studio.wait(10)
    assert "one class" in studio.message.value
    assert studio.reader is None
    assert studio.body.layout.display is None
    type_in(studio, "good")
