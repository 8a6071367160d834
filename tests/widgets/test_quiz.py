"""A quiz knows right from wrong, says why, and remembers the prediction."""

import pytest

from mmteach.errors import ParameterError
from mmteach.widgets import Quiz


@pytest.fixture
def quiz() -> Quiz:
    return Quiz("Two & two?", ["three", "four", "`5`"], right=1, why=["One short.", "Count them.", "One too many."])


def test_nothing_is_chosen_before_a_click(quiz):
    assert (quiz.chosen, quiz.first, quiz.state, quiz.verdict) == (-1, None, "open", "")


@pytest.mark.parametrize(("answer", "state", "why"), [(0, "wrong", "One short."), (1, "right", "Count them.")])
def test_each_answer_has_its_verdict(quiz, answer, state, why):
    assert quiz.choose(answer) == state
    assert why in quiz.verdict


def test_verdict_does_not_rest_on_colour(quiz):
    quiz.choose(1)
    assert "✓ Right" in quiz.verdict
    quiz.choose(2)
    assert "✗ Not that one" in quiz.verdict


def test_first_answer_stays_the_prediction(quiz):
    quiz.choose(2)
    quiz.choose(1)
    assert (quiz.first, quiz.state) == (2, "right")


def test_a_click_on_the_page_is_a_choice(quiz):
    quiz.set_state({"chosen": 0})
    assert quiz.state == "wrong"


def test_stray_message_from_the_page_changes_nothing(quiz):
    quiz.set_state({"chosen": 99})
    assert (quiz.state, quiz.first) == ("open", None)


def test_text_is_shown_as_text(quiz):
    assert (quiz.question, quiz.answers[2]) == ("Two &amp; two?", "<code>5</code>")


@pytest.mark.parametrize(
    ("answers", "right", "why", "said"),
    [
        (["a"], 0, ["x"], "at least two"),
        (["a", "b"], 0, ["x"], "1 expl"),
        (["a", "b"], 2, ["x", "y"], "numbered"),
    ],
)
def test_an_unfinished_quiz_is_refused(answers, right, why, said):
    with pytest.raises(ParameterError, match=said):
        Quiz("?", answers, right, why)


def test_choosing_what_is_not_there(quiz):
    with pytest.raises(ParameterError, match="choose 0 to 2"):
        quiz.choose(3)
