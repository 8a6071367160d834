"""sentiment.conflict: words say one thing, the voice another; who wins?"""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_conflict(text, voice, answer):
    """How many conflicts, and who wins them: text and voice (N, C), answer (N,) -> a dictionary of four."""
    said, heard = text.argmax(axis=1), voice.argmax(axis=1)
    conflict = said != heard
    surer = np.where(text.max(axis=1) > voice.max(axis=1), said, heard)
    shares = [np.mean((side == answer)[conflict]) if conflict.any() else 0.0 for side in (said, heard, surer)]
    return {"n": conflict.sum(), "text": shares[0], "voice": shares[1], "surer": shares[2]}


def _parts(text, voice):
    said, heard = text.argmax(axis=1), voice.argmax(axis=1)
    return said, heard, np.where(text.max(axis=1) > voice.max(axis=1), said, heard)


def _told(conflict, text, voice, answer, n=None):
    """Shares among the utterances marked; a mistake begins with which these are."""
    sides = [np.mean((side == answer)[conflict]) if conflict.any() else 0.0 for side in _parts(text, voice)]
    return {"n": conflict.sum() if n is None else n} | dict(zip(("text", "voice", "surer"), sides, strict=True))


def _of_all(text, voice, answer):
    said, heard, _ = _parts(text, voice)
    found, conflict = my_conflict(text, voice, answer), said != heard
    return {k: v if k == "n" else v * np.mean(conflict) for k, v in found.items()}


def _agreements_too(text, voice, answer):
    said, heard, _ = _parts(text, voice)
    return _told(np.ones(len(answer), bool), text, voice, answer, np.sum(said != heard))


def _differs_in_a_number(text, voice, answer):
    return _told((text != voice).any(axis=1), text, voice, answer)


def _either_or(text, voice, answer):
    found = my_conflict(text, voice, answer)
    return found | {"voice": 1 - found["text"] if found["n"] else 0.0}


def _louder_wins(text, voice, answer):
    said, heard, _ = _parts(text, voice)
    conflict = said != heard
    share = np.mean((text.max(axis=1) > voice.max(axis=1))[conflict]) if conflict.any() else 0.0
    return {
        "n": conflict.sum(),
        "text": share,
        "voice": 1 - share if conflict.any() else 0.0,
        "surer": float(conflict.any()),
    }


def _zero_by_zero(text, voice, answer):
    said, heard, surer = _parts(text, voice)
    conflict = said != heard
    shares = [np.mean((side == answer)[conflict]) for side in (said, heard, surer)]
    return {"n": conflict.sum(), "text": shares[0], "voice": shares[1], "surer": shares[2]}


def _key(*names) -> Any:
    """Observe some of the four numbers."""

    def look(answer, *inputs):
        found = answer(*inputs)
        return {k: found[k] for k in names} if isinstance(found, dict) else found

    return look


def _case(rng, n, n_classes=3):
    """About half agree; the answer follows the text, the voice, or neither."""
    text, voice = rng.dirichlet(np.full(n_classes, 0.7), n), rng.dirichlet(np.full(n_classes, 0.5), n)
    agree = rng.random(n) < 0.3
    voice = np.where(agree[:, None], 0.2 + 0.8 * text, voice)
    voice /= voice.sum(axis=1, keepdims=True)
    said, heard = text.argmax(axis=1), voice.argmax(axis=1)
    drawn = rng.integers(0, n_classes, n)
    return text, voice, np.choose(rng.integers(0, 4, n), [said, heard, heard, drawn])


def _compromise():
    """Neither wins: both find the middle second best, and so the product finds it best."""
    text = np.array([[0.50, 0.45, 0.05], [0.9, 0.05, 0.05], [0.1, 0.2, 0.7]])
    voice = np.array([[0.05, 0.45, 0.50], [0.2, 0.4, 0.4001], [0.6, 0.3, 0.1]])
    product = text * voice
    return text, voice, product.argmax(axis=1)


def _no_conflict(n_classes=3):
    text = np.eye(n_classes) * 0.6 + 0.1
    return text, text * 0.5 + 0.2, np.arange(n_classes)[::-1].copy()


CONFLICT = Exercise(
    id="sentiment.conflict",
    title="In a conflict, who wins?",
    minutes=15,
    task="""Write `my_conflict(text, voice, answer)`. `text` and `voice` are probabilities (N, C), what each modality
says by itself of N utterances; `answer` (N,) holds a class index for each, for example that of the fused model. Two
modalities are **in conflict** where their likeliest classes differ. Return a dictionary:

- `"n"`: how many utterances are in conflict;
- `"text"`, `"voice"`: in which share *of the conflicts* the answer is the likeliest class of the text, of the voice;
- `"surer"`: in which share of the conflicts it is that of the surer of the two, whose largest probability is higher.

Without a conflict the three shares are 0. (The first two need not sum to 1: an answer may be a third one. Nobody is
equally sure.)""",
    starter='''def my_conflict(text, voice, answer):
    """How many conflicts, and who wins them: text and voice (N, C), answer (N,) -> a dictionary of four."""
    said, heard = text.argmax(axis=1), voice.argmax(axis=1)
    conflict = ...
    return {"n": ..., "text": ..., "voice": ..., "surer": ...}
''',
    hints=(
        "`said` and `heard` are the likeliest classes. Where they differ is an array of bool, (N,); its sum is a "
        "count.",
        "`(said == answer)[conflict]` looks at conflicts alone; its mean is a share. What is the mean of nothing?",
        "`np.where(text.max(axis=1) > voice.max(axis=1), said, heard)` is what the surer of the two says.",
        "Three means, each `np.mean((side == answer)[conflict])`, for said, heard and surer; 0 where `conflict.any()` "
        "is False.",
    ),
    checks=(
        Check(
            "It counts the conflicts: where the likeliest classes differ.",
            lambda rng: [_case(rng, 12), _case(rng, 20, 4), _no_conflict()],
            observe=_key("n"),
        ),
        Check(
            "It tells in which share of the conflicts the text wins, and in which the voice.",
            lambda rng: [_case(rng, 14), _case(rng, 25, 4), _case(rng, 10, 2), _compromise()],
            points=2,
            observe=_key("text", "voice"),
        ),
        Check(
            "It tells in which share of the conflicts the surer one wins.",
            lambda rng: [_case(rng, 14), _case(rng, 25, 4), _compromise()],
            points=2,
            observe=_key("surer"),
        ),
        Check(
            "Without a conflict all shares are 0.",
            lambda rng: [_no_conflict(), _no_conflict(2)],
            observe=_key("text", "voice", "surer"),
        ),
        Check(
            "It holds for many utterances and classes.",
            lambda rng: [_case(rng, 400, 8), _case(rng, 60, 2)],
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "shares of all utterances",
            "The wins are divided by all utterances. The rarer conflicts are, the smaller these numbers, for both "
            "sides: that tells how many conflicts there are, not who wins them. Divide by their number.",
            _of_all,
        ),
        Mistake(
            "agreements counted, too",
            "Where words and voice agree, both seem to win, so both look strong. Only where they contradict each "
            "other can it be seen whom the answer follows.",
            _agreements_too,
        ),
        Mistake(
            "different numbers are no conflict",
            "0.8 and 0.7 for the same mood is no conflict: they say the same, and are not equally sure of it. Compare "
            "what they say, the likeliest class, and not how sure they are.",
            _differs_in_a_number,
        ),
        Mistake(
            "a third answer is forgotten",
            "What is not the text's is counted as the voice's. But when both find *neutral* second best, a product "
            "may choose it: neither has won then. Look at each side by itself.",
            _either_or,
        ),
        Mistake(
            "the surer one is taken for the winner",
            "It tells who was surer, whatever the answer was. Whether the surer one wins is the question: "
            "look at `answer` to see who was followed.",
            _louder_wins,
        ),
        Mistake(
            "0 / 0 without a conflict",
            "Without any conflict there is nothing to take a mean of, and NaN comes out. Ask first whether there is "
            "one.",
            _zero_by_zero,
        ),
    ),
    reference=my_conflict,
    reading=(
        "Baltrušaitis, Ahuja, Morency 2019. Multimodal machine learning: a survey and taxonomy. IEEE TPAMI 41(2).",
    ),
)
