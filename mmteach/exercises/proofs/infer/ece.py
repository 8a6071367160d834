"""infer.ece, written otherwise."""

from __future__ import annotations

import math

import numpy as np

from mmteach.exercises.proof import Proof


def _histogram(confidence, right, n_bins=15):
    which = np.ceil(confidence * n_bins).astype(int) - 1
    said = np.bincount(which, confidence, n_bins)
    held = np.bincount(which, right, n_bins)
    return np.abs(held - said).sum() / len(right)  # the counts cancel


def _dictionary(confidence, right, n_bins=15):
    bins = {}
    for c, r in zip(confidence, right, strict=True):
        bins.setdefault(math.ceil(c * n_bins), []).append((c, r))
    return sum(len(b) / len(right) * abs(sum(r for _, r in b) - sum(c for c, _ in b)) / len(b) for b in bins.values())


def _digitize(confidence, right, n_bins=15):
    which = np.digitize(confidence, np.linspace(0, 1, n_bins + 1), right=True)
    value = 0
    for b in set(which.tolist()):
        chosen = which == b
        value += chosen.sum() * np.abs(np.mean(right[chosen] - confidence[chosen]))
    return value / which.size


def _nan_bins(confidence, right, n_bins=15):
    edges = np.linspace(0, 1, n_bins + 1)
    parts = [(confidence > edges[i]) & (confidence <= edges[i + 1]) for i in range(n_bins)]
    gaps = np.array([abs(np.mean(right[p]) - np.mean(confidence[p])) for p in parts])
    return np.sum(gaps * np.array([p.sum() for p in parts])) / len(right)


def _from_below(confidence, right, n_bins=15):
    total = 0
    for b in range(n_bins):
        top = confidence <= 1 if b == n_bins - 1 else confidence < (b + 1) / n_bins
        inside = (confidence >= b / n_bins) & top
        total += abs(np.sum(right[inside]) - np.sum(confidence[inside]))
    return total / len(confidence)


def _half_open(confidence, right, n_bins=15):
    edges = np.linspace(0, 1, n_bins + 1)
    total = 0.0
    for b in range(n_bins):
        inside = (confidence >= edges[b]) & (confidence < edges[b + 1])
        if np.any(inside):
            total += inside.sum() / len(right) * abs(right[inside].mean() - confidence[inside].mean())
    return total


def _each_alike(confidence, right, n_bins=15):
    which = np.ceil(confidence * n_bins)
    return np.mean([abs((right[which == b] - confidence[which == b]).mean()) for b in np.unique(which)])


def _over_bins(confidence, right, n_bins=15):
    which = np.ceil(confidence * n_bins)
    return sum(abs((right[which == b] - confidence[which == b]).mean()) for b in np.unique(which)) / n_bins


def _overall(confidence, right, n_bins=15):
    return abs(np.mean(right) - np.mean(confidence))


def _centres(confidence, right, n_bins=15):
    which = np.ceil(confidence * n_bins).astype(int) - 1
    centre = np.linspace(0.5 / n_bins, 1 - 0.5 / n_bins, n_bins)
    held, n = np.bincount(which, right, n_bins), np.bincount(which, minlength=n_bins)
    return np.abs(held - n * centre).sum() / n.sum()


ECE = Proof(
    right=(_histogram, _dictionary, _digitize),
    variants={
        "empty bins": _nan_bins,
        "bin edges": _from_below,
        "a confidence of 1 falls out": _half_open,
        "weighted by count: mean of the filled bins": _each_alike,
        "weighted by count: divided by the number of bins": _over_bins,
        "gaps cancel": _overall,
        "the middle of the bin for its confidence": _centres,
    },
)
