"""Words side by side: which were replaced, dropped, added; and when an encoder hears them."""

import numpy as np
import pytest

from mmteach.infer.decode import greedy, word_errors
from mmteach.widgets.command_reader import spikes
from mmteach.widgets.command_views import moments, plain_words
from mmteach.widgets.command_words import aligned, marked


def test_as_many_words_differ_as_the_edit_distance_says():
    rng = np.random.default_rng(0)
    for _ in range(40):
        said, heard = (list(map(str, rng.integers(0, 4, rng.integers(0, 7)))) for _ in range(2))
        pairs = aligned(said, heard)
        assert [p.said for p in pairs if p.said is not None] == said
        assert [p.heard for p in pairs if p.heard is not None] == heard
        assert sum(p.said != p.heard for p in pairs) == word_errors(said, heard).total


def test_each_kind_of_error_has_a_sign_of_its_own():
    shown = marked("turn on the light", "turn the the kite")
    assert "−<s" in marked("a b", "b")
    assert "+<b" in marked("b", "a b")
    assert shown.count("→<b") == 2
    assert "(2 errors, 4 said)" in shown
    assert "(no error, 2 said)" in marked("Louder please", "louder please")
    assert "(1 error, " in marked("a", "b")


def test_what_is_written_is_shown_and_not_obeyed():
    assert "<i>" not in marked("a", "<i>b</i>")


def test_a_spike_is_where_its_word_is_likeliest():
    p = np.array(
        [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8], [0.9, 0.05, 0.05], [0.3, 0.1, 0.6]]
    )
    found = spikes(np.log(p), ("light", "on"), 0.1)
    assert [h.word for h in found] == [("light", "on")[s - 1] for s in greedy(np.log(p))] == ["light", "on", "on"]
    assert [h.seconds for h in found] == pytest.approx([0.25, 0.35, 0.55])
    assert "left: 40.00%" in moments(found, [0.4, 0.5, 0.6], 800)
    assert moments([], [], 800) == ""


def test_frames_in_plain_words():
    assert plain_words("timer minutes=15") == "set a timer for 15 minutes"
    assert plain_words("weather day=weekend") == "tell the weather for the weekend"
    assert plain_words("louder") == "make it louder"
    assert plain_words("set_alarm clock_time=seven") == "set alarm: clock time seven"
