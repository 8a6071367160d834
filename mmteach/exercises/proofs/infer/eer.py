"""infer.eer, written otherwise."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.proof import Proof


def _by_hand(scores, same):
    n_same, n_different = int(same.sum()), int((~same).sum())
    far, frr = [], []
    for t in [*sorted(set(scores.tolist())), float("inf")]:
        far.append(sum(s >= t and not k for s, k in zip(scores, same, strict=True)) / n_different)
        frr.append(sum(s < t and k for s, k in zip(scores, same, strict=True)) / n_same)
    k = next(i for i in range(len(far)) if frr[i] >= far[i])
    before, after = far[k - 1] - frr[k - 1], frr[k] - far[k]
    w = before / (before + after)
    return np.array(far), np.array(frr), (1 - w) * far[k - 1] + w * far[k]


def _broadcast(scores, same):
    t = np.append(np.unique(scores), np.inf)[:, None]
    accepted = scores[None, :] >= t
    far = (accepted & ~same).sum(axis=1) / (~same).sum()
    frr = (~accepted & same).sum(axis=1) / same.sum()
    return far, frr, float(np.interp(0.0, frr - far, far))


def _sorted(scores, same):
    t = np.append(np.unique(scores), np.inf)
    far = 1 - np.searchsorted(np.sort(scores[~same]), t) / np.sum(~same)
    frr = np.searchsorted(np.sort(scores[same]), t) / np.sum(same)
    k = np.argmax(frr - far >= 0)
    slope_far, slope_frr = far[k] - far[k - 1], frr[k] - frr[k - 1]
    way = (far[k - 1] - frr[k - 1]) / (slope_frr - slope_far)
    return [*far], [*frr], far[k - 1] + way * slope_far


def _wrong_names(scores, same):
    frr, far, eer = _broadcast(scores, same)
    return far, frr, eer


def _right_decisions(scores, same):
    t = np.append(np.unique(scores), np.inf)
    far = np.array([(scores[same] >= x).mean() for x in t])
    frr = np.array([(scores[~same] < x).mean() for x in t])
    k = np.argmax(frr >= far)
    w = (far[k - 1] - frr[k - 1]) / (far[k - 1] - frr[k - 1] + frr[k] - far[k])
    return far, frr, far[k - 1] * (1 - w) + far[k] * w


def _low_gets_in(scores, same):
    t = np.append(np.unique(scores), np.inf)
    far = [float((scores[~same] <= x).mean()) for x in t]
    frr = [1 - float((scores[same] <= x).mean()) for x in t]
    k = int(np.argmin(np.abs(np.array(far) - frr)))
    return far, frr, far[k]


def _one_whole(scores, same):
    t = np.append(np.unique(scores), np.inf)[:, None]
    accepted, n = scores >= t, len(scores)
    far, frr = (accepted & ~same).sum(axis=1) / n, (~accepted & same).sum(axis=1) / n
    return far, frr, np.interp(0, frr - far, far)


def _strictly_above(scores, same):
    far, frr, eer = _broadcast(scores, same)
    return np.append(far[1:], 0.0), np.append(frr[1:], 1.0), eer


def _half_way(scores, same):
    far, frr, _ = _by_hand(scores, same)
    gaps = [abs(a - b) for a, b in zip(far, frr, strict=True)]
    k = gaps.index(min(gaps))
    return far, frr, np.mean([far[k], frr[k]])


def _behind(scores, same):
    far, frr, _ = _by_hand(scores, same)
    return far, frr, next(b for a, b in zip(far, frr, strict=True) if b >= a)


EER = Proof(
    right=(_by_hand, _broadcast, _sorted),
    variants={
        "FAR and FRR swapped": _wrong_names,
        "the wrong pairs": _right_decisions,
        "sign of the score": _low_gets_in,
        "shares of all pairs": _one_whole,
        "a score at the threshold is rejected": _strictly_above,
        "no interpolation: the mean of the two": _half_way,
        "no interpolation: the first threshold behind the crossing": _behind,
    },
)
