"""Whether a label survives an operation: that depends on the question, and on how far it goes."""

from __future__ import annotations

import math
from typing import NamedTuple

from mmteach.errors import ParameterError
from mmteach.preprocess.augment.operations import OPERATIONS
from mmteach.types import Modality

QUESTIONS: dict[str, Modality] = {
    "who is it?": "image",
    "which expression?": "image",
    "which digit?": "image",
    "which mood has the voice?": "audio",
    "which words are said?": "audio",
    "which mood has the text?": "text",
}
"""question -> the modality that it is asked of."""


class Verdict(NamedTuple):
    """Whether the label may be kept: state is "holds", "doubt" or "broken"."""

    state: str
    why: str


class Limit(NamedTuple):
    """From which amount on a label is in doubt, and from which it is broken."""

    doubt: float
    broken: float
    why: str


_GONE = "what carries the answer may be under it"
_DARK = "hardly anything is left to be seen"
_FAINT = "what cannot be heard cannot be asked for"
LIMITS: dict[tuple[str, str], Limit] = {
    ("flip", "which digit?"): Limit(1, 1, "a mirrored 2 is no 2; only 0, 1 and 8 do not mind"),
    ("rotate", "which digit?"): Limit(25, 60, "half a turn makes a 9 of a 6, and a quarter a dash of a 1"),
    ("rotate", "who is it?"): Limit(45, math.inf, "it is the same person, but nobody holds the head like that"),
    ("rotate", "which expression?"): Limit(45, math.inf, "the smile stays one, but nobody holds the head like that"),
    ("erase", "which digit?"): Limit(0.1, 0.4, f"a covered 8 is a 6 or a 3: {_GONE}"),
    ("erase", "which expression?"): Limit(0.1, 0.4, f"without its mouth a face says little: {_GONE}"),
    ("erase", "who is it?"): Limit(0.25, math.inf, _GONE),
    ("flip_mouth", "which expression?"): Limit(1, 1, "a smile has become the opposite of one"),
    ("flip_mouth", "which digit?"): Limit(1, 1, "a part of the digit stands on its head"),
    ("pitch", "which mood has the voice?"): Limit(
        0.9, 1.8, "from one mood to the next the voices of spoken_reviews rise by 3.6 semitones"
    ),
    ("pitch", "which words are said?"): Limit(6, math.inf, "nobody speaks so high or so low"),
    ("gain", "which mood has the voice?"): Limit(
        1.5, 3, "from one mood to the next the voices of spoken_reviews grow louder by 6 dB"
    ),
    ("speed", "which mood has the voice?"): Limit(
        0.06, 0.13, "from one mood to the next the voices of spoken_reviews speak 1.28 times as fast"
    ),
    ("speed", "which words are said?"): Limit(0.3, math.inf, "nobody speaks so fast or so slowly"),
    ("drop", "which mood has the text?"): Limit(0.1, 0.4, "the word that carries the mood may be among those left out"),
    ("swap", "which mood has the text?"): Limit(0.4, math.inf, "'not good but cheap' becomes 'not cheap but good'"),
    ("negation", "which mood has the text?"): Limit(
        1, 1, "'not bad' becomes 'bad'; only a few phrases, such as 'never so good', keep their mood"
    ),
    **{(o, q): Limit(0.6, math.inf, _DARK) for o in ("brightness", "contrast") for q in list(QUESTIONS)[:3]},
    **{(o, q): Limit(0.5, math.inf, _FAINT) for o in ("noise", "room") for q in list(QUESTIONS)[3:5]},
}
"""(operation, question) -> Limit; what is not listed leaves the label alone. Half a step of mood breaks a mood."""


def label_holds(question: str, operation: str, amount: float) -> Verdict:
    """Say whether a sample may keep its label after an operation of this amount, in the operation's unit.

    >>> label_holds("which digit?", "rotate", 180).state, label_holds("who is it?", "flip", 1).state
    ('broken', 'holds')
    """
    if question not in QUESTIONS or operation not in OPERATIONS:
        raise ParameterError(
            f"nothing is known of {operation!r} and {question!r}; operations are {', '.join(OPERATIONS)}, questions "
            f"{', '.join(QUESTIONS)}"
        )
    limit = LIMITS.get((operation, question))
    if not amount or limit is None:
        return Verdict("holds", "this changes nothing that the question asks for")
    if abs(amount) >= limit.broken:
        return Verdict("broken", limit.why)
    return Verdict("doubt" if abs(amount) >= limit.doubt else "holds", limit.why)
