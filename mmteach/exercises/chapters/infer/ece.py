"""infer.ece: of the answers given with 80 % confidence, are 80 % right?"""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_ece(confidence, right, n_bins=15):
    """Expected calibration error: confidence (N,) in (0, 1], right (N,) bool -> one number."""
    edges = np.linspace(0, 1, n_bins + 1)
    total = 0.0
    for b in range(n_bins):
        inside = (confidence > edges[b]) & (confidence <= edges[b + 1])
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            total += inside.mean() * gap
    return total


def _gaps(confidence, right, n_bins):
    """(weight, gap) of each bin, NaN where it is empty."""
    which = np.ceil(confidence * n_bins).astype(int) - 1
    parts = [which == b for b in range(n_bins)]
    return [(p.mean(), right[p].mean() - confidence[p].mean() if p.any() else np.nan) for p in parts]


def _empty_is_nan(confidence, right, n_bins=15):
    return sum(w * abs(gap) for w, gap in _gaps(confidence, right, n_bins))


def _lower_edge_inside(confidence, right, n_bins=15):
    which = np.minimum(np.floor(confidence * n_bins), n_bins - 1)
    return _by_bin(which, confidence, right)


def _by_bin(which, confidence, right):
    bins = [which == b for b in np.unique(which)]
    return sum(p.mean() * abs(right[p].mean() - confidence[p].mean()) for p in bins)


def _one_falls_out(confidence, right, n_bins=15):
    below = confidence < 1
    which = np.floor(confidence[below] * n_bins)
    return _by_bin(which, confidence[below], right[below]) * below.mean() if below.any() else 0.0


def _mean_over_filled(confidence, right, n_bins=15):
    return float(np.nanmean([abs(gap) for _, gap in _gaps(confidence, right, n_bins)]))


def _mean_over_all(confidence, right, n_bins=15):
    return float(np.nansum([abs(gap) for _, gap in _gaps(confidence, right, n_bins)]) / n_bins)


def _gaps_cancel(confidence, right, n_bins=15):
    return abs(float(np.nansum([w * gap for w, gap in _gaps(confidence, right, n_bins)])))


def _middle_of_the_bin(confidence, right, n_bins=15):
    which = np.ceil(confidence * n_bins) - 1
    return _by_bin(which, (which + 0.5) / n_bins, right)


def _case(rng, n, n_bins, lowest=0.0):
    """Confidences in the lower and upper part of (lowest, 1), none on an edge; some gaps up, some down."""
    confidence = lowest + (1 - lowest) * rng.uniform(0.01, 0.99, n)
    right = rng.random(n) < np.where(confidence > 0.5, confidence - 0.3, confidence + 0.3)
    return confidence, right, n_bins


def _filled(rng, n_bins):
    """Every bin has answers, two to five; in the first ones too few are sure, in the last ones too many."""
    which = np.repeat(np.arange(n_bins), rng.integers(2, 6, n_bins))
    confidence = (which + rng.uniform(0.1, 0.9, len(which))) / n_bins
    return confidence, which < n_bins / 2, n_bins


def _on_edges():
    return [
        (np.array([0.25, 0.3, 0.5, 0.6, 0.75]), np.array([True, False, True, False, False]), 4),
        (np.array([0.5, 0.7, 0.4, 0.5]), np.array([True, True, False, True]), 2),
    ]


ECE = Exercise(
    id="infer.ece",
    title="Expected calibration error",
    minutes=15,
    task="""Write `my_ece(confidence, right, n_bins)`. `confidence` (N,) holds the model's confidence in each answer,
above 0 and at most 1; `right` (N,) of bool whether the answer was right. Sort the answers into `n_bins` bins of equal
width from 0 to 1; a bin reaches from above its lower edge up to and including its upper one, (low, high]. With the
accuracy and the mean confidence of the answers in a bin $B$,

$$\\mathrm{ECE} = \\sum_B \\frac{|B|}{N}\\,\\big|\\,\\mathrm{acc}(B) - \\mathrm{conf}(B)\\,\\big| .$$

A bin without answers adds nothing.""",
    starter='''def my_ece(confidence, right, n_bins=15):
    """Expected calibration error: confidence (N,) in (0, 1], right (N,) bool -> one number."""
    edges = np.linspace(0, 1, n_bins + 1)
    total = 0.0
    for b in range(n_bins):
        inside = ...  # the answers in the bin from edges[b] to edges[b + 1]
        total += ...
    return total
''',
    hints=(
        "Which answers are in the bin? Two conditions joined by `&`, each in brackets; one of the two edges belongs "
        "to it.",
        "The mean of no numbers is NaN, and NaN plus anything is NaN. Ask `inside.any()` first.",
        "The mean of a bool array is a share: `right[inside].mean()` is the accuracy, `inside.mean()` the weight |B| "
        "/ N.",
        "In a bin that is not empty add inside.mean() * abs(accuracy - mean confidence).",
    ),
    checks=(
        Check(
            "It is the gap of each bin, weighted by how many answers are in it.",
            lambda rng: [_filled(rng, 2), _filled(rng, 5), _filled(rng, 10)],
            points=2,
        ),
        Check(
            "An empty bin adds nothing.",
            lambda rng: [_case(rng, 6, 15), _case(rng, 12, 10, 0.5), (np.array([0.8]), np.array([True]), 4)],
            points=2,
        ),
        Check("A confidence on an edge belongs to the bin below it.", lambda rng: _on_edges()),
        Check(
            "A confidence of 1 counts, too.",
            lambda rng: [
                (np.array([1.0, 1.0, 0.9, 0.1]), np.array([True, False, False, True]), 2),
                (np.array([1.0, 0.6]), np.array([False, True]), 8),
            ],
        ),
        Check(
            "It holds for many answers and many bins, and where a model is right as often as it says.",
            lambda rng: [
                _case(rng, 500, 40),
                _case(rng, 200, 1),
                (np.full(10, 0.8), np.arange(10) < 8, 15),
                (np.array([0.125, 0.375, 1.0, 0.5]), np.array([False, True, True, True]), 8),
            ],
            points=2,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "empty bins",
            "NaN comes out as soon as one bin is empty: the mean of no numbers is NaN, and even 0 times NaN is NaN. "
            "With few answers most bins are empty, so leave them out before taking a mean.",
            _empty_is_nan,
        ),
        Mistake(
            "bin edges",
            "A confidence that lies on an edge lands in the bin above it; here a bin is (low, high], its upper edge "
            "belongs to it. It hardly matters for random numbers, but a model likes to say 1, and that must not need "
            "a bin of its own.",
            _lower_edge_inside,
        ),
        Mistake(
            "a confidence of 1 falls out",
            "With bins [low, high) nobody takes in a confidence of exactly 1: the surest answers are missing from the "
            "sum, and those are the ones to worry about. Which edge should belong to the bin?",
            _one_falls_out,
        ),
        Mistake(
            "weighted by count: mean of the filled bins",
            "Every filled bin counts the same, one with a single answer as much as one with hundreds. The noise of "
            "nearly empty bins then drowns the rest. The weight of a bin is its share of the answers.",
            _mean_over_filled,
        ),
        Mistake(
            "weighted by count: divided by the number of bins",
            "The gaps are divided by the number of bins, empty ones included: the more bins, the better calibrated "
            "anything looks. The weight of a bin is its share of the answers.",
            _mean_over_all,
        ),
        Mistake(
            "gaps cancel",
            "Where the model boasts and where it doubts cancel each other, and bins no longer matter: this is only "
            "the overall accuracy against the overall confidence. Each gap is to be taken without its sign, before "
            "adding.",
            _gaps_cancel,
        ),
        Mistake(
            "the middle of the bin for its confidence",
            "The accuracy is compared with the middle of the bin. The answers in it may all lie near an edge; what "
            "they said, on average, is the mean of their confidences.",
            _middle_of_the_bin,
        ),
    ),
    reference=my_ece,
    reading=(
        "Guo, Pleiss, Sun, Weinberger 2017. On calibration of modern neural networks. ICML, equation 3.",
        "show_source(mmteach.infer.reliability)",
    ),
)
