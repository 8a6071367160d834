"""A widget tells its errors in a sentence, and says where its data come from."""

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError
from mmteach.widgets import panel
from mmteach.widgets.panel import Panel, choice, follow, on_change, rich, slider


def a_set(name: str = "tiny", note: str = "drawn by hand") -> Dataset:
    return Dataset([Row("a", {"vector": np.ones(2)}, "x")], name, note=note)


def test_our_errors_become_a_sentence():
    p = Panel()
    with p.telling():
        raise DataError("photo.png is empty: choose <another>")
    assert "photo.png is empty: choose &lt;another&gt;" in p.message.value
    assert 'role="status"' in p.message.value


def test_a_success_clears_the_error_but_not_a_note():
    p = Panel()
    p.say("bad")
    with p.telling():
        pass
    assert p.message.value == ""
    p.say("fetching", "busy")
    with p.telling():
        pass
    assert "fetching" in p.message.value


def test_an_error_of_an_inner_step_stays_even_if_told_twice():
    p = Panel()
    for _ in range(2):
        with p.telling(), p.telling():
            raise DataError("bad")
        assert "bad" in p.message.value
    with p.telling():
        pass
    assert p.message.value == ""


def test_a_mistake_of_ours_is_told_and_raised():
    p = Panel()
    with pytest.raises(ZeroDivisionError), p.telling():
        raise ZeroDivisionError("by nothing")
    assert "please report it" in p.message.value


def test_source_carries_the_note():
    p = Panel()
    p.name_source(a_set())
    assert "tiny: drawn by hand" in p.source.value


def test_follow_takes_a_set_a_name_or_a_picker():
    seen = []
    follow(a_set(), lambda d: seen.append(d.name))
    follow("faces", lambda d: seen.append(d.name))
    assert seen == ["tiny", "faces"]


@pytest.mark.parametrize(("step", "kind"), [(1, int), (0.5, float)])
def test_slider_is_whole_where_all_is_whole(step, kind):
    assert isinstance(slider("k", 2, 0, 4, step, unit="px").value, kind)


def test_on_change_hears_every_control():
    heard = []
    a, b = slider("a", 0, 0, 9), choice("b", ["x", "y"], "x")
    on_change(lambda: heard.append((a.value, b.value)), a, b)
    a.value, b.value = 3, "y"
    assert heard == [(3, "x"), (3, "y")]


def test_rich_text_is_harmless():
    assert rich("<b> `a<b`\nend") == "&lt;b&gt; <code>a&lt;b</code><br>end"
    assert rich("the *file*, `w * x * y`, *and both*") == "the <em>file</em>, <code>w * x * y</code>, <em>and both</em>"
    assert rich("2 * 3 * 4") == "2 * 3 * 4"
    assert panel.rich("plain") == "plain"
