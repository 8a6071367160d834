"""Whatever is typed, uploaded or recorded ends in an answer or a sentence, and never in a stack trace."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sentiment_toy import RATE, fitted_on, sound, toy_set, upload, voice

from mmteach.widgets import SentimentStudio


@pytest.fixture(scope="module")
def studio():
    return SentimentStudio(toy_set("xy"), fitted_on())


@pytest.fixture(autouse=True)
def _from_the_beginning(studio):
    studio.input.some.value = True
    studio.input.example.index = 1
    studio.input.example.index = 0
    assert studio.reading.both is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("   \n ", ""),
        ("...,,;", "Text: the text '...,,;' holds no word"),
        ("😀🎉", "nothing of this, no emoji and no mark, occurred in training: the text says nothing here"),
        ("Zażółć gęślą jaźń", "none of these words occurred in training: the text says nothing here"),
        ("这部电影完全没意思", "none of these words occurred in training"),
        ("שלום עולם", "none of these words occurred in training"),
        ("c'est vraiment magnifique, it", "1 of its 4 words are known to the model: do not lean on"),
        ("\ud800 \x00", "Text: the text"),
    ],
)
def test_an_odd_text_is_a_remark_and_the_voice_still_answers(studio, text, said):
    studio.input.writing.value = text
    assert said in studio.remarks.value.replace("&#x27;", "'")
    assert "the voice says" in studio.answer.value.lower()
    assert "audio" in studio.reading.alone
    if said and "lean" not in said:
        assert "text" not in studio.reading.alone
        assert "<i>absent</i>" in studio.bars.value


def test_ten_thousand_words_are_read_soon_and_explained_in_part(studio):
    start = time.process_time()
    studio.input.writing.value = "good bad " * 5_000
    assert time.process_time() - start < 10
    assert "10,000 words and marks; the first 20 are explained" in studio.remarks.value
    assert "text" in studio.reading.alone
    assert len(studio.words.value) < 20_000


def test_without_text_and_voice_there_is_a_sentence(studio):
    studio.input.writing.value = ""
    studio.input.clear_button.click()
    assert "type a sentence, record one, or take an example" in studio.message.value
    assert studio.reading.both is None
    studio.explain_sounds()
    assert "no voice is heard" in studio.message.value
    studio.input.writing.value = "it is good"
    assert studio.reading.both is not None
    assert studio.message.value == ""


def test_a_text_that_says_nothing_and_no_voice_is_that_sentence(studio):
    studio.input.clear_button.click()
    studio.input.writing.value = "zzz qqq"
    assert "none of these words occurred in training" in studio.message.value


QUIET = np.zeros(RATE)
BAD = {
    "silent": (sound(QUIET), "silent"),
    "too short": (sound(voice("positive").samples[:100]), "record for longer"),
    "no samples": (sound(QUIET[:0]), "holds no sound"),
    "ten minutes": (sound(np.zeros(600 * 2_000), 2_000, subtype="PCM_U8"), "lasts 10.0 minutes"),
    "truncated": (sound(voice("positive").samples)[:3_000], "mine.wav is a damaged recording"),
    "not audio": (b"these are words, no sound", "mine.wav is not a recording"),
    "empty file": (b"", "mine.wav is empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_upload_is_a_sentence_and_the_former_voice_stays(studio, case):
    content, said = BAD[case]
    before = studio.input.voice
    studio.input.upload.on_file(upload(content))
    assert said in studio.message.value
    assert studio.input.voice is before
    assert studio.reading.both is not None


def test_a_file_too_large_to_send_is_a_sentence(studio):
    studio.input.upload.on_file(({"name": "long.wav", "size": 105_000_000, "content": b""},))
    assert "long.wav has 105 MB" in studio.message.value


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [(192_000, 1, 1), (16_000, 8, 1), (192_000, 8, 0.6), (8_000, 1, 1), (44_100, 2, 1)],
)
def test_an_odd_recording_is_answered(studio, rate, channels, seconds):
    samples = np.repeat(voice("positive", 3, seconds, rate).samples[:, None], channels, axis=1)
    studio.input.upload.on_file(upload(sound(samples, rate)))
    assert "uploaded" in studio.input.player.about.value
    assert studio.reading.classes[int(studio.reading.alone["audio"].argmax())] == "positive"
    assert studio.message.value == ""


def test_of_a_minute_only_the_beginning_is_heard(studio):
    studio.input.upload.on_file(upload(sound(voice("positive", 3, 60).samples)))
    assert "it lasts 60 seconds; only the first 20 are heard" in studio.remarks.value
    assert len(studio.reader.voice().samples) == 20 * RATE


@pytest.mark.parametrize("state", ["refused", "absent", "insecure", "busy", "failed", "silent"])
def test_a_microphone_that_cannot_be_used_leaves_the_answer(studio, state):
    before = studio.answer.value
    studio.input.recorder.state = state
    assert studio.answer.value == before
    assert studio.input.recorder.sentences[state]


def test_a_silent_recording_leaves_the_former_voice(studio):
    before = studio.input.voice
    studio.input.recorder.take(sound(QUIET))
    assert studio.input.recorder.state == "silent"
    assert studio.input.voice is before
