"""An exercise in a student's hands."""

import dataclasses

import pytest

from mmteach.errors import ParameterError
from mmteach.exercises import exercise
from mmteach.exercises.outcome import Status
from mmteach.exercises.practice import Overview, Practice
from mmteach.exercises.progress import Progress


@pytest.fixture
def practice(mean, progress):
    return Practice(mean, progress)


def test_a_check_is_written_down(practice):
    assert practice.check(sum).status is Status.PARTLY
    assert practice.state.tries == 1
    assert practice.check(practice.exercise.reference).status is Status.PASSED
    assert practice.state.status == "passed"


def test_hints_come_one_by_one_and_begin_again(practice):
    texts = [practice.hint().text for _ in range(3)]
    assert texts == [*practice.exercise.hints, practice.exercise.hints[0]]
    assert practice.state.hints == 3


def test_hints_go_on_in_a_new_kernel(practice, mean, progress):
    practice.hint()
    assert Practice(mean, Progress(progress.path)).hint().text == mean.hints[1]


def test_hints_go_on_where_nothing_can_be_saved(mean, tmp_path):
    (tmp_path / "file").write_text("in the way")
    practice = Practice(mean, Progress(tmp_path / "file" / "progress.sqlite"))
    assert [practice.hint().text for _ in range(2)] == list(mean.hints)


def test_the_solution_waits(practice):
    assert "after 3 more tries" in practice.solution().text
    assert not practice.state.solution_seen
    for _ in range(3):
        assert not practice.solution().code
        practice.check(sum)
    assert practice.solution().code.startswith("def my_mean")
    assert practice.state.solution_seen


def test_the_solution_after_passing(practice):
    practice.check(practice.exercise.reference)
    assert practice.solution().code


def test_the_solution_on_demand(practice):
    assert practice.solution(anyway=True).code


def test_what_does_not_count_as_a_try_does_not_open_the_solution(practice):
    for _ in range(5):
        practice.check(lambda v: ...)
    assert not practice.solution().code


def test_tries_of_an_earlier_kernel_count(practice, mean, progress):
    for _ in range(3):
        practice.check(sum)
    assert Practice(mean, Progress(progress.path)).solution().code


def test_mine_if_it_passes_else_the_reference(practice, capsys):
    mine = lambda v: sum(v) / max(1, len(v))  # noqa: E731
    assert practice.mine_or_reference(mine) is mine
    practice.check(mine)
    assert practice.mine_or_reference(mine) is mine
    assert capsys.readouterr().out == ""
    assert practice.mine_or_reference(sum) is practice.exercise.reference
    assert "a reference in its place" in capsys.readouterr().out


def test_using_an_answer_writes_nothing_down(practice):
    practice.mine_or_reference(sum)
    assert practice.progress.events() == []


def test_trouble_with_the_file_is_told_once_and_the_check_stands(mean, tmp_path):
    (tmp_path / "file").write_text("in the way")
    practice = Practice(mean, Progress(tmp_path / "file" / "progress.sqlite"))
    outcome = practice.check(mean.reference)
    assert outcome.status is Status.PASSED
    assert "could not be saved" in str(outcome)
    assert "could not be saved" in outcome._repr_html_()


def test_it_shows_how_it_stands(practice):
    assert "not begun, 3 points" in repr(practice)
    practice.check(sum)
    assert "partly, 1 of 3 points, 1 try" in practice._repr_html_()


def test_code_in_html_is_escaped(mean, progress):
    nasty = dataclasses.replace(mean, hints=("a < b & `c < d`", "x"))
    assert "a &lt; b &amp; <code>c &lt; d</code>" in Practice(nasty, progress).hint()._repr_html_()


@pytest.mark.parametrize("id", ["welcome.none", "nothing", "", None, "../welcome", "welcome"])
def test_an_unknown_exercise_is_a_sentence(id):
    with pytest.raises(ParameterError, match="no exercise is called"):
        exercise(id)


def test_a_chapters_overview(progress):
    before = Overview("welcome", progress)
    assert "not begun" in repr(before)
    first = before.rows[0][0]
    Practice(first, progress).check(first.reference)
    html = Overview("welcome", progress)._repr_html_()
    assert "passed, 2 of 2 points" in html
    assert '<th scope="col"' in html
