"""sentiment.fuse: late fusion, the weighted product of the votes that are there."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_fuse(votes, weights):
    """One answer (C,) from votes {modality: (C,) probabilities} and weights {modality: w}; absent ones have no vote."""
    total = sum(weights[m] for m in votes)
    product = np.prod([votes[m] ** (weights[m] / total) for m in votes], axis=0)
    return product / product.sum()


def _mean(votes, weights):
    total = sum(weights[m] for m in votes)
    return sum(weights[m] / total * votes[m] for m in votes)


def _no_sum(votes, weights):
    total = sum(weights[m] for m in votes)
    return np.prod([votes[m] ** (weights[m] / total) for m in votes], axis=0)


def _absent_still_weigh(votes, weights):
    total = sum(weights.values())
    product = np.prod([votes[m] ** (weights[m] / total) for m in votes], axis=0)
    return product / product.sum()


def _weights_as_they_come(votes, weights):
    product = np.prod([votes[m] ** weights[m] for m in votes], axis=0)
    return product / product.sum()


def _weighted_sum(votes, weights):
    return sum(weights[m] * votes[m] for m in votes)


def _zero_times_infinity(votes, weights):
    total = sum(weights[m] for m in votes)
    product = np.exp(sum(weights[m] / total * np.log(votes[m]) for m in votes))
    return product / product.sum()


def _weights_as_factors(votes, weights):
    product = np.prod([weights[m] * votes[m] for m in votes if weights[m]], axis=0)
    return product / product.sum()


def _equal_weights(votes, weights):
    return my_fuse(votes, dict.fromkeys(votes, 1.0))


def _surest_alone(votes, weights):
    return max((votes[m] for m in votes), key=lambda p: p.max())


def _vote(rng, n_classes, sure=1.0):
    p = rng.dirichlet(np.full(n_classes, 1.0 / sure))
    return (p + 0.01) / (p + 0.01).sum()


def _case(rng, n_classes, weights, there=("text", "audio")):
    return {m: _vote(rng, n_classes, 2.0) for m in there}, dict(weights)


_EQUAL = {"text": 0.5, "audio": 0.5}
_THREE = {"text": 0.5, "audio": 0.3, "face": 0.2}

FUSE = Exercise(
    id="sentiment.fuse",
    title="Two votes become one",
    minutes=12,
    task="""Write `my_fuse(votes, weights)`: late fusion as a weighted product. `votes` holds the probabilities of
each modality that is there, `{"text": array (C,), "audio": array (C,)}`; a modality that is absent is an absent key.
`weights` has a number $w_m \\ge 0$ for *every* modality, also for those absent. Return probabilities (C,):

$$p(y) \\propto \\prod_{m\\ \\mathrm{there}} p_m(y)^{\\tilde w_m}, \\qquad
\\tilde w_m = \\frac{w_m}{\\sum_{m'\\ \\mathrm{there}} w_{m'}}.$$

So whoever is alone is left as it is. A probability may be exactly 0: such a "never" is obeyed, unless its weight is 0,
too ($0^0 = 1$, as numpy has it). Any number of modalities may come, and one of those there has a weight above 0.""",
    starter='''def my_fuse(votes, weights):
    """One answer (C,) from votes {modality: (C,) probabilities} and weights {modality: w}; absent ones have no vote."""
    return ...
''',
    hints=(
        "A weight of a factor is an exponent: p squared counts twice, the square root of p half.",
        "Who is there stands in `votes`, not in `weights`. Over which of them do the exponents sum to 1?",
        "A product of probabilities does not sum to 1 by itself; what turns it into probabilities?",
        "`np.prod([votes[m] ** (weights[m] / total) for m in votes], axis=0)`, divided by its sum.",
    ),
    checks=(
        Check(
            "Two votes of equal weight become their product, and sum to 1.",
            lambda rng: [_case(rng, 3, _EQUAL), _case(rng, 2, _EQUAL), _case(rng, 5, _EQUAL)],
            points=2,
        ),
        Check(
            "A larger weight counts for more, and only its share matters.",
            lambda rng: [
                _case(rng, 3, {"text": 0.8, "audio": 0.2}),
                _case(rng, 4, {"text": 1.0, "audio": 3.0}),
                _case(rng, 3, _THREE, ("text", "audio", "face")),
            ],
            points=2,
        ),
        Check(
            "An absent modality takes no part.",
            lambda rng: [
                _case(rng, 3, _EQUAL, ["text"]),
                _case(rng, 3, {"text": 0.8, "audio": 0.2}, ["audio"]),
                _case(rng, 4, _THREE, ["face", "text"]),
            ],
            points=2,
        ),
        Check(
            "A never is obeyed, unless it has no weight.",
            lambda rng: [
                ({"text": np.array([0.0, 0.3, 0.7]), "audio": np.array([0.9, 0.05, 0.05])}, dict(_EQUAL)),
                ({"text": np.array([0.0, 1.0]), "audio": np.array([0.6, 0.4])}, {"text": 0.0, "audio": 1.0}),
            ],
        ),
        Check(
            "It holds for many modalities, some of them absent.",
            lambda rng: [
                _case(rng, 8, {m: float(rng.uniform(0.1, 2)) for m in "abcdefg"}, list("acdg")),
                _case(rng, 2, {"a": 5.0, "b": 0.01}, ["b"]),
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "a mean instead of a product",
            "That is the weighted mean of the probabilities. In a mean a vote of 0.001 hardly differs from one of "
            "0.1; in a product it is a hundred times stronger, so whoever is sure that it is *not* so is heard. Here "
            "weights are exponents.",
            _mean,
        ),
        Mistake(
            "does not sum to 1",
            "The order of the classes is right, but these are no probabilities: a product of numbers below 1 gets "
            "smaller with every vote. The sign ∝ in the formula says what is left to do.",
            _no_sum,
        ),
        Mistake(
            "an absent modality still weighs",
            "With all modalities there it is right. But an absent one keeps its share of the weights, and that comes "
            "to the same as letting it vote 1/C for every class: the answer gets less sure than that of whoever is "
            "there. The shares are to sum to 1 over those that are there.",
            _absent_still_weigh,
        ),
        Mistake(
            "a sum of weighted votes",
            "It adds up the votes, each times its weight as it comes. With an absent modality the sum falls below 1, "
            "as if that one had voted zeros; absent is not zero. And the formula multiplies, with weights as "
            "exponents.",
            _weighted_sum,
        ),
        Mistake(
            "weights as they come",
            "The exponents are the weights as they come. Those of the modalities that are there are to sum to 1: with "
            "1 and 3 the same votes would make a far surer answer than with 0.25 and 0.75, and where one is absent, a "
            "less sure one.",
            _weights_as_they_come,
        ),
        Mistake(
            "0 times log 0",
            "Logarithms serve well here, with one trap: the log of a never is -inf, and 0 times -inf is NaN. Somebody "
            "without weight has spoilt the answer; as a power, 0 to the 0 is 1 and harms nobody.",
            _zero_times_infinity,
        ),
        Mistake(
            "weights as factors",
            "Each vote is multiplied by its weight: such a constant is the same for all classes and cancels when the "
            "sum is brought to 1. In a product, a weight works only as an exponent.",
            _weights_as_factors,
        ),
        Mistake(
            "the weights play no part",
            "Every vote counts the same here. The weights say whom to believe more; each belongs to its own vote.",
            _equal_weights,
        ),
        Mistake(
            "only the surest speaks",
            "The surest vote is taken alone. But being sure is not being right, and the others know something, too: "
            "two who are fairly sure of the same should make each other surer.",
            _surest_alone,
        ),
    ),
    reference=my_fuse,
    reading=(
        "Kittler, Hatef, Duin, Matas 1998. On combining classifiers. IEEE TPAMI 20(3), section 3.",
        "show_source(mmteach.models.LateFusion)",
    ),
)
