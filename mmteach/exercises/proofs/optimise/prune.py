"""optimise.prune, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _places(layers):
    """(magnitude, layer, row, column) of every weight."""
    return [(abs(v), i, r, c) for i, w in enumerate(layers) for (r, c), v in np.ndenumerate(w)]


def _without(layers, places):
    out = [w.copy() for w in layers]
    for _, i, r, c in places:
        out[i][r, c] = 0
    return out


def _loops(layers, share):
    places = sorted(_places(layers))
    return _without(layers, places[: round(share * len(places))])


def _torch(layers, share):
    flat = torch.cat([torch.from_numpy(w).flatten() for w in layers])
    k = round(share * len(flat))
    mask = torch.ones_like(flat)
    mask[flat.abs().sort(stable=True).indices[:k]] = 0
    parts = (flat * mask).split([w.size for w in layers])
    return [p.view(*w.shape) for p, w in zip(parts, layers, strict=True)]


def _one_after_the_other(layers, share):
    out, left = [w.copy() for w in layers], round(share * sum(w.size for w in layers))
    for _ in range(left):
        best = min((np.where(w == 0, np.inf, np.abs(w)).min(), i) for i, w in enumerate(out))[1]
        at = np.where(out[best] == 0, np.inf, np.abs(out[best])).argmin()
        out[best].flat[at] = 0
    return out


def _signed(layers, share):
    places = sorted((layers[i][r, c], i, r, c) for _, i, r, c in _places(layers))
    return _without(layers, places[: round(share * len(places))])


def _every_layer(layers, share):
    return [_loops([w], share)[0] for w in layers]


def _every_row(layers, share):
    out = [w.copy() for w in layers]
    for w in out:
        for row in w:
            row[np.abs(row).argsort(kind="stable")[: round(share * len(row))]] = 0
    return out


def _kept(layers, share):
    places = sorted(_places(layers))
    return _without(layers, places[: len(places) - round(share * len(places))])


def _reverse(layers, share):
    places = sorted(_places(layers), reverse=True)
    return _without(layers, places[: round(share * len(places))])


def _up_to(layers, share):
    places = sorted(_places(layers))
    k = round(share * len(places))
    return _without(layers, [p for p in places if k and p[0] <= places[k - 1][0]])


def _below(layers, share):
    places = sorted(_places(layers))
    k = round(share * len(places))
    return _without(layers, [p for p in places if p[0] < places[k][0]])


def _less(layers, share):
    places = sorted(_places(layers))
    return _without(layers, places[: max(round(share * len(places)), 1) - 1])


def _more(layers, share):
    places = sorted(_places(layers))
    return _without(layers, places[: 1 + round(share * len(places))])


def _whole(layers, share):
    places = sorted(_places(layers))
    return _without(layers, places[: int(np.floor(share * len(places)))])


def _relative(layers, share):
    places = sorted(_places(layers))
    return _without(layers, [p for p in places if p[0] < share * places[-1][0]])


def _sizes_only(layers, share):
    return _loops([np.abs(w) for w in layers], share)


PRUNE = Proof(
    right=(_loops, _torch, _one_after_the_other),
    variants={
        "by value, not by magnitude": _signed,
        "in each layer": _every_layer,
        "in each row": _every_row,
        "the share is kept, not removed": _kept,
        "the largest go": _reverse,
        "all up to a threshold": _up_to,
        "all below a threshold": _below,
        "one weight too few": _less,
        "one weight too many": _more,
        "rounded down": _whole,
        "a share of the largest magnitude": _relative,
        "magnitudes come back": _sizes_only,
    },
)
