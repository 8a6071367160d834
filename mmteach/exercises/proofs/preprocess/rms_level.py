"""Proofs of `preprocess.rms_level`."""

from __future__ import annotations

import math

import numpy as np

from mmteach.exercises.proof import Proof


def _too_high_afterwards(x, db):
    if not x.any():
        return 0 * x
    y = x / np.linalg.norm(x) * np.sqrt(len(x)) * 10 ** (db / 20)
    return y / max(1, np.abs(y).max())


def _in_decibels(x, db):
    peak = max(abs(v) for v in x)
    if peak < 1e-12:
        return np.zeros(len(x))
    level = 10 * math.log10(sum(float(v) ** 2 for v in x) / len(x))
    room = -20 * math.log10(peak)
    return np.array([v * 10 ** (min(db - level, room) / 20) for v in x])


def _limit(x, factor):
    return x * min(factor, 1 / max(abs(x.min()), abs(x.max())))


def _loudest_sample(x, db):
    if not x.any():
        return x * 1
    y = x / max(x.max(), -x.min())
    return y * 10 ** (db / 20)


def _no_look_at_silence(x, db):
    rms = math.sqrt(sum(v * v for v in x.tolist()) / len(x))
    return x * min(10 ** (db / 20) / rms, 1 / max(abs(v) for v in x.tolist()))


def _cut_flat(x, db):
    if not x.any():
        return x * 1
    y = x * 10 ** (db / 20) / np.linalg.norm(x) * len(x) ** 0.5
    return np.maximum(np.minimum(y, 1), -1)


def _beyond_one(x, db):
    norm = np.linalg.norm(x)
    return x / (norm if norm else 1) * math.sqrt(len(x)) * 10 ** (db / 20)


def _ten(x, db):
    return _limit(x, math.sqrt(len(x)) / np.linalg.norm(x) * math.pow(10, db / 10)) if x.any() else x * 1


def _mean_square(x, db):
    return _limit(x, len(x) / np.sum(x * x) * math.pow(10, db / 20)) if x.any() else x * 1


def _same_gain_for_all(x, db):
    return _limit(x, math.exp(math.log(10) * db / 20)) if x.any() else x * 1


def _mean_absolute(x, db):
    return _limit(x, 10 ** (db / 20) * len(x) / sum(abs(v) for v in x)) if x.any() else x * 1


RMS_LEVEL = Proof(
    right=(_too_high_afterwards, _in_decibels),
    variants={
        "peak instead of RMS": _loudest_sample,
        "divides by zero on silence": _no_look_at_silence,
        "clips": _cut_flat,
        "leaves the range": _beyond_one,
        "decibels of power": _ten,
        "forgets the root": _mean_square,
        "changes by rms_db instead of to rms_db": _same_gain_for_all,
        "mean size instead of RMS": _mean_absolute,
    },
)
