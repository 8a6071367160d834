"""augment.spec_augment, written otherwise."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.proof import Proof


def _vectorised(x, time_width, frequency_width, rng):
    covered = np.zeros(x.shape, bool)
    for axis, width in ((1, time_width), (2, frequency_width)):
        n = x.shape[axis]
        w = rng.integers(width + 1, size=len(x))
        s = np.floor(rng.random(len(x)) * (n - w + 1))
        at = np.arange(n)
        hit = (at >= s[:, None]) & (at < (s + w)[:, None])
        covered |= hit[:, :, None] if axis == 1 else hit[:, None, :]
    return np.where(covered, x.mean(axis=(1, 2), keepdims=True), x)


def _listed(x, time_width, frequency_width, rng):
    made = []
    for one in x:
        new = np.array(one)
        for way, width in ((new.T, frequency_width), (new, time_width)):
            w = int(rng.choice(width + 1))
            start = int(rng.choice(len(way) - w + 1))
            for i in range(start, start + w):
                way[i] = one.mean()
        made.append(new)
    return np.stack(made)


def _masks(x, time_width, frequency_width, rng, last=None, low=0, fill=None):
    out = np.array(x)
    for b in range(x.shape[0]):
        level = x[b].mean() if fill is None else fill
        for axis, width in ((0, time_width), (1, frequency_width)):
            n = x.shape[axis + 1]
            w = rng.integers(min(low, width), width, endpoint=True)
            s = rng.integers(0, n - w if last is None else n - last, endpoint=True)
            hit = (np.arange(n) >= s) & (np.arange(n) < s + w)
            out[b] = np.where(hit[:, None] if axis == 0 else hit[None, :], level, out[b])
    return out


def _same_for_all(x, time_width, frequency_width, rng):
    one = _masks(np.arange(x[0].size).reshape(1, *x[0].shape) + 0.25, time_width, frequency_width, rng, fill=-1.0)[0]
    return np.where(one < 0, x.mean(axis=(1, 2))[:, None, None], x)


def _static(x, time_width, frequency_width, rng):
    holes = np.isnan(_masks(x, time_width, frequency_width, rng, fill=np.nan))
    return np.where(holes, rng.uniform(-80, 0, x.shape), x)


def _silenced(x, time_width, frequency_width, rng):
    return x * ~np.isnan(_masks(x, time_width, frequency_width, rng, fill=np.nan))


def _grand_mean(x, time_width, frequency_width, rng):
    return _masks(x, time_width, frequency_width, rng, fill=x.mean())


def _exclusive(x, time_width, frequency_width, rng):
    y = x.copy()
    for one, new in zip(x, y, strict=True):
        w = rng.integers(time_width) if time_width else 0
        s = rng.integers(one.shape[0] - w + 1)
        new[s : s + w] = one.mean()
        w = rng.integers(frequency_width) if frequency_width else 0
        s = rng.integers(one.shape[1] - w + 1)
        new[:, s : s + w] = one.mean()
    return y


def _from_one(x, time_width, frequency_width, rng):
    return _masks(x, time_width, frequency_width, rng, low=1)


def _full(x, time_width, frequency_width, rng):
    return _masks(x, time_width, frequency_width, rng, low=10**6)


def _turned(x, time_width, frequency_width, rng):
    return _masks(x.transpose(0, 2, 1), time_width, frequency_width, rng).transpose(0, 2, 1)


def _rolled(x, time_width, frequency_width, rng):
    y = x.copy()
    for one, new in zip(x, y, strict=True):
        shift = rng.integers(len(one)), rng.integers(one.shape[1])
        front = np.zeros(one.shape, bool)
        front[: rng.integers(time_width + 1)] = True
        front = np.roll(front, shift[0], axis=0)
        side = np.zeros(one.shape, bool)
        side[:, : rng.integers(frequency_width + 1)] = True
        new[front | np.roll(side, shift[1], axis=1)] = one.mean()
    return y


def _sliced_off(x, time_width, frequency_width, rng):
    return _masks(x, time_width, frequency_width, rng, last=1)


def _global(x, time_width, frequency_width, rng):
    return _masks(x, time_width, frequency_width, np.random.default_rng(np.random.SeedSequence()))


SPEC_AUGMENT = Proof(
    right=(_vectorised, _listed, _masks),
    variants={
        "one mask for the whole batch": _same_for_all,
        "holes filled with noise": _static,
        "holes filled with zeros": _silenced,
        "the mean of the batch": _grand_mean,
        "never the full width": _exclusive,
        "always a hole": _from_one,
        "always the full width": _full,
        "time and frequency swapped": _turned,
        "a hole that wraps round": _rolled,
        "a hole cut off at the end": _sliced_off,
        "dice of its own": _global,
    },
)
