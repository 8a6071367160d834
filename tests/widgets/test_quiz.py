"""A quiz knows right from wrong, says why, and remembers the prediction."""

import pytest

from mmteach.errors import ParameterError
from mmteach.exercises.progress import Progress
from mmteach.widgets import Quiz

WHY = ["One short.", "Count them.", "One too many."]


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """Nobody's own progress is read or written."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    return tmp_path


def ask(question="Two & two?", answers=("three", "four", "`5`"), **more) -> Quiz:
    return Quiz(question, answers, right=1, why=WHY, **more)


@pytest.fixture
def quiz() -> Quiz:
    return ask()


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


def test_an_answer_is_there_when_the_notebook_is_run_again(quiz):
    quiz.choose(2)
    quiz.choose(1)
    again = ask()
    assert (again.chosen, again.first, again.state) == (1, 2, "right")
    assert "Count them." in again.verdict


def test_restoring_writes_nothing_down(quiz):
    quiz.choose(2)
    ask()
    assert len(Progress().events()) == 1


def test_an_answer_belongs_to_its_question_and_its_answers(quiz):
    quiz.choose(2)
    assert ask("Two times two?").chosen == -1
    assert ask(answers=("3", "4", "5")).chosen == -1


def test_answers_are_kept_under_the_name_of_the_notebook(quiz, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/mmteach-course/02_preprocess.ipynb")
    quiz.choose(0)
    (event,) = Progress().events()
    assert (event.exercise, event.kind, event.detail) == (f"preprocess/{quiz.id}", "quiz", "0")


def test_a_book_of_its_own(tmp_path):
    book = Progress(tmp_path / "mine.sqlite")
    ask(progress=book).choose(1)
    assert ask(progress=book).chosen == 1
    assert ask().chosen == -1


def test_a_damaged_book_stops_no_quiz(data_folder):
    book = data_folder / "mmteach" / "progress.sqlite"
    book.parent.mkdir()
    book.write_bytes(b"no database" * 1000)
    quiz = ask()
    assert quiz.choose(1) == "right"


def test_an_answer_that_is_there_no_more_is_not_restored(quiz):
    quiz.choose(2)
    event = Progress().events()[0]
    Progress().add(type(event)(event.at, event.exercise, 1, "quiz", detail="9"))
    assert ask().chosen == 2
