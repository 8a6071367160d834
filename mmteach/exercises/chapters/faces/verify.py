"""faces.verify: the same person or not, by a threshold that other people chose."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_verify(val, test, max_far):
    """FAR and FRR of the test pairs at a threshold from the validation pairs; each part is (a, b, same)."""
    a, b, same = val
    test_a, test_b, test_same = test
    scores, test_scores = (
        (x * y).sum(axis=1) / (np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1))
        for x, y in ((a, b), (test_a, test_b))
    )
    threshold = min(t for t in [*scores, np.inf] if np.mean(scores[~same] >= t) <= max_far)
    accepted = test_scores >= threshold
    return np.mean(accepted[~test_same]), np.mean(~accepted[test_same])


def _cosines(a, b):
    return (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))


def _lowest(scores, same, max_far):
    return min(t for t in [*scores, np.inf] if np.mean(scores[~same] >= t) <= max_far)


def _rates(scores, same, threshold):
    accepted = scores >= threshold
    return np.mean(accepted[~same]), np.mean(~accepted[same])


def _by(likeness):
    """A right answer but for how it compares two embeddings."""

    def answer(val, test, max_far):
        threshold = _lowest(likeness(*val[:2]), val[2], max_far)
        return _rates(likeness(*test[:2]), test[2], threshold)

    return answer


def _distance(a, b):
    return 1 - _cosines(a, b)


def _dot(a, b):
    return (a * b).sum(axis=1)


def _peeks(val, test, max_far):
    scores = _cosines(*test[:2])
    return _rates(scores, test[2], _lowest(scores, test[2], max_far))


def _nobody_gets_in(val, test, max_far):
    return _rates(_cosines(*test[:2]), test[2], np.inf)


def _share_of_all(val, test, max_far):
    scores, same = _cosines(*val[:2]), val[2]
    threshold = min(t for t in [*scores, np.inf] if np.mean((scores >= t) & ~same) <= max_far)
    return _rates(_cosines(*test[:2]), test[2], threshold)


def _other_order(val, test, max_far):
    return my_verify(val, test, max_far)[::-1]


def _pairs(rng, n_same, n_different, uneven=False, shift=0.0):
    """Embeddings (P, 6): same pairs point about the same way; `shift` makes all pairs of a part more alike."""
    n = n_same + n_different
    a, noise = rng.normal(0, 1, (n, 6)) + shift, rng.normal(0, 1, (n, 6)) + shift
    same = rng.permutation(n) < n_same
    b = np.where(same[:, None], a + 0.9 * noise, noise)
    lengths = rng.uniform(0.2, 5, (2, n, 1)) if uneven else np.ones((2, n, 1))
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) * k for x, k in zip((a, b), lengths, strict=True))
    return a, b, same


def _case(rng, max_far, uneven=False, shift=0.6):
    """Test people resemble each other more than validation people: a threshold from them would be another one."""
    return _pairs(rng, 12, 16, uneven), _pairs(rng, 15, 25, uneven, shift), max_far


def _on_the_edge():
    """Cosines that are exact, and equal to the threshold in validation and test."""
    x, up, diagonal = (1.0, 0.0), (0.0, 2.0), (3.0, 4.0)
    val = [(x, (2.0, 0.0)), (x, diagonal), (x, diagonal), (up, x)], [True, True, False, False]
    test = [(x, diagonal), (up, diagonal), (diagonal, x), (x, up)], [True, True, False, False]
    parts = [tuple(np.array(side) for side in zip(*pairs, strict=True)) for pairs, _ in (val, test)]
    val_part, test_part = ((*part, np.array(same)) for part, same in zip(parts, (val[1], test[1]), strict=True))
    return [(val_part, test_part, 0.5), (val_part, test_part, 0.0)]


def _hopeless():
    """The likest of all validation pairs is of two people, so with no error allowed nobody may get in."""
    a, b, same = np.eye(3), np.array([[2.0, 0, 0], [1, 1, 0], [0, 3, 4]]), np.array([False, True, True])
    return [((a, b, same), (a, b, same), 0.0), ((a, b, same), (a, b, ~same), 0.5)]


VERIFY = Exercise(
    id="faces.verify",
    title="The same person, or not?",
    minutes=20,
    task="""Write `my_verify(val, test, max_far)`: how often a door is wrong on new people, at a threshold that
*other* people chose. `val` and `test` are pairs of photos, each as three arrays `(a, b, same)`: embeddings `a` (P, E)
and `b` (P, E) of any length, and `same` (P,) of bool. A pair is accepted where the **cosine** of its embeddings,
$a\\cdot b / (|a||b|)$, is at or above the threshold.

The threshold is the lowest among the cosines of the `val` pairs at which at most the share `max_far` of the different
`val` pairs is accepted; if there is none, it is `np.inf`. Return two numbers, both **of the `test` pairs** at that
threshold: FAR (share of different pairs accepted) and FRR (share of same pairs rejected).""",
    starter='''def my_verify(val, test, max_far):
    """FAR and FRR of the test pairs at a threshold from the validation pairs; each part is (a, b, same)."""
    a, b, same = val
    test_a, test_b, test_same = test
    threshold = ...
    far, frr = ..., ...
    return far, frr
''',
    hints=(
        "The cosine is needed twice, for both parts. `(a * b).sum(axis=1)` is the dot product of each pair.",
        "For one threshold t: `np.mean(scores[~same] >= t)` is the share of different pairs that it accepts.",
        "Every score of a val pair is a candidate, and np.inf as a last resort. Of those that accept few enough "
        "different pairs, which one turns away the fewest of the right people?",
        "`min(t for t in [*scores, np.inf] if np.mean(scores[~same] >= t) <= max_far)`; then compare the test scores "
        "with it.",
    ),
    checks=(
        Check(
            "On embeddings of unit length, the errors are those of the test pairs at the threshold of the others.",
            lambda rng: [_case(rng, 0.25), _case(rng, 0.1), _case(rng, 0.5, shift=0.0)],
            points=2,
        ),
        Check(
            "How long an embedding is plays no part.",
            lambda rng: [_case(rng, 0.25, uneven=True), _case(rng, 0.125, uneven=True)],
            points=2,
        ),
        Check("A cosine equal to the threshold is accepted, in both parts.", lambda rng: _on_the_edge()),
        Check("Where every threshold lets in too many, nobody gets in.", lambda rng: _hopeless()),
        Check(
            "It holds for many pairs, few of them the same.",
            lambda rng: [(_pairs(rng, 20, 200, True), _pairs(rng, 30, 150, True, shift), 0.05) for shift in (0.3, 0.0)],
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "distance instead of similarity",
            "What is unlike gets in. A distance is small for the same person, a cosine is large; whoever computes a "
            "distance has to accept *below* the threshold. Here it is the cosine, and at or above.",
            _by(_distance),
        ),
        Mistake(
            "not normalised",
            "That is the dot product: embeddings that happen to be long look alike to everybody, and a pale photo to "
            "nobody. Only the direction tells who it is; divide by both lengths.",
            _by(_dot),
        ),
        Mistake(
            "threshold from the test people",
            "The threshold was chosen on the very pairs that are then judged, so it fits their luck, and FAR comes "
            "out as promised, of course. At the door nobody knows beforehand who is the same; choose it on `val`.",
            _peeks,
        ),
        Mistake(
            "the strictest threshold",
            "Nobody gets in: FAR is 0 and FRR is 1. Of all thresholds that let in few enough strangers, this is the "
            "highest. Which of them turns away the fewest of the right people?",
            _nobody_gets_in,
        ),
        Mistake(
            "FAR as a share of all pairs",
            "When the threshold was chosen, accepted strangers were divided by *all* pairs. The more same pairs there "
            "are, the more strangers would be let in. FAR is a share of the different pairs alone.",
            _share_of_all,
        ),
        Mistake(
            "FAR and FRR in the wrong order",
            "Both numbers are right, and exchanged. First the share of different pairs that got in, then that of same "
            "pairs that stayed outside: who mixes them up promises a safe door and builds an open one.",
            _other_order,
        ),
    ),
    reference=my_verify,
    reading=(
        "Schroff, Kalenichenko, Philbin 2015. FaceNet. CVPR, section 4.",
        "show_source(mmteach.infer.choose_threshold): the library's threshold lies half way to the next score below.",
    ),
)
