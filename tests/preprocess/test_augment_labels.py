"""Whether a label survives depends on the question, and on how far it goes."""

import pytest

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import OPERATIONS
from mmteach.preprocess.augment.labels import LIMITS, QUESTIONS, label_holds


@pytest.mark.parametrize(
    ("question", "operation", "amount", "state"),
    [
        ("which digit?", "rotate", 10, "holds"),
        ("which digit?", "rotate", -40, "doubt"),
        ("which digit?", "rotate", 180, "broken"),
        ("which digit?", "flip", 1, "broken"),
        ("who is it?", "flip", 1, "holds"),
        ("who is it?", "rotate", 180, "doubt"),
        ("who is it?", "flip_mouth", 1, "holds"),
        ("which expression?", "flip_mouth", 1, "broken"),
        ("which mood has the voice?", "pitch", -3.6, "broken"),
        ("which words are said?", "pitch", -3.6, "holds"),
        ("which mood has the text?", "negation", 1, "broken"),
        ("which mood has the text?", "negation", 0, "holds"),
    ],
)
def test_the_same_change_breaks_one_answer_and_not_another(question, operation, amount, state):
    assert label_holds(question, operation, amount).state == state


def test_every_limit_is_of_an_operation_and_a_question_of_its_modality():
    for (operation, question), limit in LIMITS.items():
        assert OPERATIONS[operation].modality == QUESTIONS[question]
        assert 0 < limit.doubt <= limit.broken
        assert limit.why


def test_what_is_not_known_is_a_sentence():
    with pytest.raises(ParameterError, match="nothing is known of 'magic'"):
        label_holds("who is it?", "magic", 1)
