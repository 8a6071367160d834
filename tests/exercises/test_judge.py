"""From an answer to an outcome."""

import dataclasses

import pytest

from mmteach.exercises import judge as judging
from mmteach.exercises.definition import Check
from mmteach.exercises.judge import judge
from mmteach.exercises.outcome import Status


def test_right(mean):
    outcome = judge(mean, lambda v: sum(v) / max(1, len(v)))
    assert (outcome.status, outcome.points, outcome.out_of) == (Status.PASSED, 3, 3)
    assert outcome.more_held_back
    assert "All public checks passed" in str(outcome)
    assert "all passed" not in str(outcome).lower()


def test_all_of_it_for_an_instructor(mean):
    outcome = judge(mean, mean.reference, held_back=True)
    assert (outcome.points, outcome.out_of, outcome.more_held_back) == (4, 4, False)


def test_a_mistake_is_told_by_what_it_does(mean):
    def own_words(things):
        total = 0
        for thing in things:
            total = total + thing
        return total

    outcome = judge(mean, own_words)
    assert (outcome.status, outcome.mistake, outcome.points) == (Status.PARTLY, "sum", 1)
    assert outcome.sentence == "That is the sum."


def test_a_mistake_that_raises_is_no_breakdown(mean):
    outcome = judge(mean, lambda v: sum(v) / len(v))
    assert (outcome.status, outcome.mistake) == (Status.PARTLY, "empty")


def test_a_mistake_in_one_corner_does_not_explain_the_rest(mean):
    """It fails everywhere, and on the empty list as the mistake 'empty' does: that is not its trouble."""
    outcome = judge(mean, lambda v: 7 / len(v))
    assert outcome.mistake is None
    assert "It is the mean." in outcome.sentence


def test_without_a_name_the_first_failing_property_with_both_values(mean):
    outcome = judge(mean, lambda v: 0.0)
    assert (outcome.status, outcome.mistake, outcome.points) == (Status.PARTLY, None, 1)
    assert "It is the mean." in outcome.sentence
    assert outcome.evidence == ("given: values = [1, 2, 6]", "yours: 0", "needed: 3")


def test_the_shape_is_told_where_it_differs(mean):
    outcome = judge(mean, lambda v: [0.0, 1.0])
    assert outcome.status is Status.INCORRECT
    assert "the shape is (2,), needed was ()" in outcome.evidence


@pytest.mark.parametrize("value", [..., [1, ...], {"a": ...}])
def test_the_starter_is_not_attempted(mean, value):
    assert judge(mean, lambda v: value).status is Status.NOT_ATTEMPTED


def test_a_starter_whose_dots_are_used_is_not_attempted(mean):
    assert judge(mean, lambda v: ... + 1).status is Status.NOT_ATTEMPTED


def test_half_written_is_told(mean):
    outcome = judge(mean, lambda v: 0.0 if not v else ...)
    assert outcome.status is Status.PARTLY
    assert "`...`" in outcome.sentence


def test_an_exception_is_one_sentence_with_the_line(mean):
    def broken(values):
        return totl / 2  # noqa: F821

    outcome = judge(mean, broken)
    assert outcome.status is Status.BROKEN
    assert "`return totl / 2  # noqa: F821`" in outcome.sentence
    assert "NameError: name 'totl' is not defined" in outcome.sentence
    assert "Traceback" not in str(outcome)


def test_the_line_is_the_students_not_the_librarys(mean):
    import numpy as np

    def broken(values):
        return np.linalg.inv(np.zeros((2, 2)))

    assert "np.linalg.inv" in judge(mean, broken).sentence


def test_too_few_arguments_is_one_sentence(mean):
    outcome = judge(mean, lambda: 1)
    assert outcome.status is Status.BROKEN
    assert "takes 0 positional arguments but 1 was given" in outcome.sentence


@pytest.mark.parametrize("end", [SystemExit, RecursionError, MemoryError, GeneratorExit])
def test_other_ends_are_caught(mean, end):
    def ends(values):
        raise end

    assert judge(mean, ends).status is Status.BROKEN


def test_ctrl_c_is_not_swallowed(mean):
    def interrupted(values):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(mean, interrupted)


def test_an_endless_loop_is_stopped_with_a_sentence(mean):
    def endless(values):
        while True:
            pass

    outcome = judge(mean, endless, seconds=0.2)
    assert outcome.status is Status.BROKEN
    assert "after 0.2 s it had not come to an end" in outcome.sentence


def test_nothing_returned(mean):
    assert "returned None" in judge(mean, lambda v: None).sentence


def test_printed_instead_of_returned(mean):
    outcome = judge(mean, lambda v: print(1))
    assert "`return` hands it on" in outcome.sentence
    assert outcome.printed == "1\n1\n1\n"


def test_printing_and_warnings_change_nothing(mean):
    import sys
    import warnings

    def noisy(values):
        print("hello")
        print("oh", file=sys.stderr)
        warnings.warn("careful", stacklevel=2)
        return mean.reference(values)

    with pytest.MonkeyPatch.context():
        import warnings as w

        with w.catch_warnings():
            w.simplefilter("error")
            outcome = judge(mean, noisy)
    assert outcome.status is Status.PASSED
    assert outcome.printed.startswith("hello\noh\n")


def test_an_input_changed_in_place_is_told(mean):
    def greedy(values):
        total = sum(values)
        n = len(values)
        values.clear()
        return total / n if n else 0.0

    outcome = judge(mean, greedy)
    assert "changed its argument values in place" in outcome.sentence


def test_it_may_change_them_where_that_is_the_task(mean):
    check = Check("It empties the list.", lambda rng: [([1],)], observe=lambda f, v: (f(v), v), may_change=True)
    emptying = dataclasses.replace(mean, checks=(check,), reference=lambda v: v.clear(), mistakes=())
    assert judge(emptying, lambda v: v.pop() and None).status is Status.PASSED


def test_one_answers_changes_never_reach_the_next(mean):
    def greedy(values):
        values.clear()
        return 0.0

    before = judge(mean, greedy)
    assert judge(mean, mean.reference).status is Status.PASSED
    assert judge(mean, greedy) == before


@pytest.mark.parametrize(
    ("answer", "came"), [(3.0, "a value of type float"), (None, "None"), (str, "the class str"), ("f", "type str")]
)
def test_what_cannot_be_an_answer(mean, answer, came):
    outcome = judge(mean, answer)
    assert outcome.status is Status.BROKEN
    assert came in outcome.sentence
    assert "check(my_mean)" in outcome.sentence


def test_a_class_is_needed_where_the_reference_is_one(mean):
    class Mean:
        """A class."""

    wants = dataclasses.replace(mean, reference=Mean)
    assert "A class was needed, a function came" in judge(wants, lambda v: 1).sentence


def test_ours_is_never_counted_as_wrong(mean, monkeypatch):
    def no_room(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(judging, "expected", no_room)
    outcome = judge(mean, lambda v: 7)
    assert outcome.status is Status.SETUP
    assert not outcome.status.is_try
    assert "not your answer's fault" in outcome.sentence


def test_an_exercise_that_fails_itself_is_a_setup_problem(mean):
    def cases(rng):
        raise ImportError("no librosa here")

    outcome = judge(dataclasses.replace(mean, checks=(Check("x", cases),)), mean.reference)
    assert outcome.status is Status.SETUP
    assert "no librosa here" in outcome.sentence


def test_a_reference_that_crashes_unasked_is_a_setup_problem(mean):
    def crashes(values):
        raise OSError("disk")

    assert judge(dataclasses.replace(mean, reference=crashes), mean.reference).status is Status.SETUP


def test_html_reads_well_and_escapes(mean):
    outcome = judge(mean, lambda v: "<script>alert(1)</script>")
    html = outcome._repr_html_()
    assert "<script>" not in html
    assert 'role="status"' in html
    assert 'aria-label="fails"' in html
    assert "var(--jp-error-color1, #d32f2f)" in html


def test_the_same_answer_gets_the_same_outcome(mean):
    assert judge(mean, sum) == judge(mean, sum)
