"""augment.mixup, written otherwise."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.proof import Proof


def _lerp(values, order, lam):
    other = np.take(values, order, axis=0)
    return other + lam * (values - other)


def _drawn_in_the_other_order(x, y, alpha, rng):
    order = np.argsort(rng.random(len(y)))
    lam = float(rng.beta(alpha, alpha))
    return {m: _lerp(x[m], order, lam) for m in x}, _lerp(y, order, lam)


def _as_a_matrix(x, y, alpha, rng):
    n = y.shape[0]
    a, b = rng.gamma(alpha), rng.gamma(alpha)
    lam = a / (a + b) if a + b else 0.5
    mixing = lam * np.eye(n) + (1 - lam) * np.eye(n)[rng.permutation(n)]
    return {m: np.tensordot(mixing, v, axes=1) for m, v in x.items()}, mixing @ y


def _row_by_row(x, y, alpha, rng):
    lam, order = rng.beta(alpha, alpha), rng.permutation(len(y)).tolist()
    new = {m: np.stack([lam * v[i] + (1 - lam) * v[j] for i, j in enumerate(order)]) for m, v in x.items()}
    return new, np.stack([lam * y[i] + (1 - lam) * y[j] for i, j in enumerate(order)])


def _hard_label(x, y, alpha, rng):
    order, lam = rng.permutation(len(y)), rng.beta(alpha, alpha)
    return {m: _lerp(x[m], order, lam) for m in x}, np.array(y)


def _many_shares(x, y, alpha, rng):
    order, out = rng.permutation(len(y)), {}
    for m in x:
        out[m] = _lerp(x[m], order, rng.beta(alpha, alpha))
    return out, _lerp(y, order, rng.beta(alpha, alpha))


def _many_orders(x, y, alpha, rng):
    lam, out = rng.beta(alpha, alpha), {}
    for m in x:
        out[m] = _lerp(x[m], np.argsort(rng.random(len(y))), lam)
    return out, _lerp(y, np.argsort(rng.random(len(y))), lam)


def _label_shuffled(x, y, alpha, rng):
    new, _ = _drawn_in_the_other_order(x, y, alpha, rng)
    lam = None
    for m in x:
        b = len(y)
        recipe = new[m].reshape(b, -1) @ np.linalg.pinv(x[m].reshape(b, -1))
        own = np.diag(recipe)
        lam = own[own < 1 - 1e-9][:1]
    return new, _lerp(y, rng.permutation(len(y)), float(lam[0]) if len(lam) else 1.0)


def _beyond(x, y, alpha, rng):
    order, lam = rng.permutation(len(y)), 1 + rng.beta(alpha, alpha)
    return {m: _lerp(x[m], order, lam) for m in x}, _lerp(y, order, lam)


def _twice(x, y, alpha, rng):
    order, lam = rng.permutation(len(y)), rng.beta(alpha, alpha)
    return {m: lam * x[m] + lam * x[m][order] for m in x}, lam * y + lam * y[order]


def _uniform(x, y, alpha, rng):
    order, lam = rng.permutation(len(y)), rng.uniform()
    return {m: _lerp(x[m], order, lam) for m in x}, _lerp(y, order, lam)


def _mean_of_two(x, y, alpha, rng):
    order = rng.permutation(len(y))
    return {m: (x[m] + x[m][order]) / 2 for m in x}, (y + y[order]) / 2


def _global(x, y, alpha, rng):
    return _drawn_in_the_other_order(x, y, alpha, np.random.default_rng(np.random.SeedSequence()))


MIXUP = Proof(
    right=(_drawn_in_the_other_order, _as_a_matrix, _row_by_row),
    variants={
        "the label is not mixed": _hard_label,
        "another share for each modality": _many_shares,
        "other partners for each modality": _many_orders,
        "other partners for the label": _label_shuffled,
        "a share outside 0 to 1": _beyond,
        "shares that do not add up": _twice,
        "alpha is not used": _uniform,
        "always half and half": _mean_of_two,
        "dice of its own": _global,
    },
)
