"""infer.eer: false acceptance, false rejection, and where they cross."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_eer(scores, same):
    """FAR (T,) and FRR (T,) at every threshold, and the error where they cross; scores (P,), same (P,) bool."""
    thresholds = np.append(np.unique(scores), np.inf)
    far = np.array([np.mean(scores[~same] >= t) for t in thresholds])
    frr = np.array([np.mean(scores[same] < t) for t in thresholds])
    eer = np.interp(0, frr - far, frr)  # frr - far rises from -1 to 1
    return far, frr, eer


def _thresholds(scores):
    return np.append(np.unique(scores), np.inf)


def _exchanged(scores, same):
    far, frr, eer = my_eer(scores, same)
    return frr, far, eer


def _wrong_pairs(scores, same):
    return my_eer(scores, ~same)


def _as_distance(scores, same):
    far = np.array([np.mean(scores[~same] <= t) for t in _thresholds(scores)])
    frr = np.array([np.mean(scores[same] > t) for t in _thresholds(scores)])
    return far, frr, np.interp(0, far - frr, frr)


def _of_all_pairs(scores, same):
    far, frr, _ = my_eer(scores, same)
    far, frr = far * np.mean(~same), frr * np.mean(same)
    return far, frr, np.interp(0, frr - far, frr)


def _edge_outside(scores, same):
    far = np.array([np.mean(scores[~same] > t) for t in _thresholds(scores)])
    frr = np.array([np.mean(scores[same] <= t) for t in _thresholds(scores)])
    return far, frr, my_eer(scores, same)[2]


def _nearest_mean(scores, same):
    far, frr, _ = my_eer(scores, same)
    k = np.argmin(np.abs(far - frr))
    return far, frr, (far[k] + frr[k]) / 2


def _first_crossing(scores, same):
    far, frr, _ = my_eer(scores, same)
    return far, frr, frr[np.argmax(frr >= far)]


def _far(answer, scores, same) -> Any:
    return answer(scores, same)[0]


def _frr(answer, scores, same) -> Any:
    return answer(scores, same)[1]


def _crossing(answer, scores, same) -> Any:
    """The EER, if the curves that it is read off end where they should: what a wrong curve gives says nothing."""
    far, frr, eer = answer(scores, same)
    if far is ... or frr is ...:
        return ...
    reaches = len(far) > 0 and np.allclose([far[-1], frr[-1]], [0, 1])
    return eer if reaches else "at the highest threshold FAR is not 0 or FRR is not 1"


def _pairs(rng, n_same, n_different, decimals=6):
    """Scores of same pairs are higher, by and large; few decimals make ties."""
    scores = np.concatenate([rng.normal(0.6, 0.25, n_same), rng.normal(0.3, 0.25, n_different)])
    order = rng.permutation(len(scores))
    return np.round(scores, decimals)[order], (np.arange(len(scores)) < n_same)[order]


def _few(rng):
    """A few pairs each, whose curves cross between two thresholds."""
    return [
        (np.array([0.9, 0.3, 0.5, 0.1, 0.7]), np.array([True, True, False, False, False])),
        (np.array([0.8, 0.2, 0.6, 0.4, 0.5, 0.3, 0.7]), np.array([True, True, True, False, False, False, False])),
        _pairs(rng, 5, 8),
    ]


EER = Exercise(
    id="infer.eer",
    title="The equal error rate",
    minutes=20,
    task="""Write `my_eer(scores, same)`. `scores` (P,) says how alike the two of each pair are, higher is more alike;
`same` (P,) of bool whether they are one person. A pair is accepted where its score is **at or above** the threshold.
Take as thresholds every score that occurs, once each, from low to high, and at the end one above all (`np.inf`).
Return three things:

- `far`, an array: at each threshold the share *of the different pairs* that is accepted;
- `frr`, an array: at each threshold the share *of the same pairs* that is rejected;
- `eer`, a number: the error where the two are equal. They mostly cross between two thresholds; take both as straight
  lines in between.""",
    starter='''def my_eer(scores, same):
    """FAR (T,) and FRR (T,) at every threshold, and the error where they cross; scores (P,), same (P,) bool."""
    thresholds = np.append(np.unique(scores), np.inf)
    far = ...
    frr = ...
    eer = ...
    return far, frr, eer
''',
    hints=(
        "`scores[same]` are the scores of the same pairs, `scores[~same]` those of the others. Which of the two can be "
        "accepted by mistake?",
        "The mean of a condition is the share for which it holds: `np.mean(scores[~same] >= t)`. One for each "
        "threshold.",
        "frr - far begins at -1 and rises to 1. Where is it 0, and what is frr there? `np.interp` answers such "
        "questions.",
        "`np.interp(0, frr - far, frr)`.",
    ),
    checks=(
        Check(
            "FAR is the share of the different pairs at or above each threshold.",
            lambda rng: [*_few(rng), _pairs(rng, 6, 14, 1)],
            points=2,
            observe=_far,
        ),
        Check(
            "FRR is the share of the same pairs below each threshold.",
            lambda rng: [*_few(rng), _pairs(rng, 14, 6, 1)],
            points=2,
            observe=_frr,
        ),
        Check(
            "The EER is where the two lines cross, between thresholds too.",
            lambda rng: [*_few(rng), _pairs(rng, 4, 15), _pairs(rng, 9, 9, 1)],
            points=2,
            observe=_crossing,
        ),
        Check(
            "It holds for many pairs, few of them the same, and where nobody is confused.",
            lambda rng: [
                _pairs(rng, 30, 500, 2),
                (np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True])),
            ],
            observe=lambda answer, scores, same: answer(scores, same),
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "FAR and FRR swapped",
            "The two are exchanged. False *acceptance* happens to different pairs that get in, and falls as the "
            "threshold rises; false *rejection* to same pairs that stay outside, and rises. The EER is the same "
            "either way, so only the door would have told you.",
            _exchanged,
        ),
        Mistake(
            "the wrong pairs",
            "It counts same pairs that are accepted and different ones that are rejected: those are the *right* "
            "decisions. An acceptance is false only where the two are different people.",
            _wrong_pairs,
        ),
        Mistake(
            "sign of the score",
            "Low scores are accepted, as if the score were a distance. Here higher means more alike, so what is at or "
            "above the threshold gets in, and a higher threshold lets fewer in.",
            _as_distance,
        ),
        Mistake(
            "shares of all pairs",
            "The errors are divided by the number of all pairs. Different pairs are many times more than same ones, "
            "so FRR would nearly vanish, however bad. Each error has its own whole: the pairs to which it can happen.",
            _of_all_pairs,
        ),
        Mistake(
            "a score at the threshold is rejected",
            "A pair whose score equals the threshold is turned away here; it should get in. So the curve misses its "
            "first point, where everybody is accepted.",
            _edge_outside,
        ),
        Mistake(
            "no interpolation: the mean of the two",
            "The curves are right. At the threshold where they come nearest they still differ, and the mean of the "
            "two is not the value at which they cross: that lies between two thresholds, on straight lines. With few "
            "pairs this is a visible difference.",
            _nearest_mean,
        ),
        Mistake(
            "no interpolation: the first threshold behind the crossing",
            "The curves are right. But at the first threshold at which FRR has caught up, it is mostly past FAR "
            "already, so this error is too high. Between that threshold and the one before, where are the two lines "
            "equal?",
            _first_crossing,
        ),
    ),
    reference=my_eer,
    reading=("ISO/IEC 19795-1. Biometric performance testing and reporting.", "show_source(mmteach.infer.eer)"),
)
