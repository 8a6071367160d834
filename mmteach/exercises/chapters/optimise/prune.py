"""Set the weights to zero that matter least."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_prune(layers, share):
    """List of arrays -> new list: of all weights together the round(share * n) smallest by |w| are zero."""
    flat = np.concatenate([w.ravel() for w in layers])
    flat[np.argsort(np.abs(flat), kind="stable")[: round(share * len(flat))]] = 0
    ends = np.cumsum([w.size for w in layers])[:-1]
    return [part.reshape(w.shape) for part, w in zip(np.split(flat, ends), layers, strict=True)]


def _first(layers, order, k):
    """Zero the first k weights in an order of all."""
    flat = np.concatenate([w.ravel() for w in layers])
    flat[order[:k]] = 0
    ends = np.cumsum([w.size for w in layers])[:-1]
    return [part.reshape(w.shape) for part, w in zip(np.split(flat, ends), layers, strict=True)]


def _sizes(layers):
    return np.abs(np.concatenate([w.ravel() for w in layers]))


def _order(layers):
    return np.argsort(_sizes(layers), kind="stable")


def _by_value(layers, share):
    flat = np.concatenate([w.ravel() for w in layers])
    return _first(layers, np.argsort(flat, kind="stable"), round(share * len(flat)))


def _in_each_layer(layers, share):
    return [my_prune([w], share)[0] for w in layers]


def _in_each_row(layers, share):
    return [np.stack([my_prune([row], share)[0] for row in w]) for w in layers]


def _keeps_the_share(layers, share):
    n = sum(w.size for w in layers)
    return _first(layers, _order(layers), n - round(share * n))


def _the_largest(layers, share):
    n = sum(w.size for w in layers)
    return _first(layers, _order(layers)[::-1], round(share * n))


def _up_to_a_threshold(layers, share):
    sizes = np.sort(_sizes(layers))
    k = round(share * len(sizes))
    return [np.where(np.abs(w) <= sizes[k - 1], 0, w) if k else w.copy() for w in layers]


def _below_a_threshold(layers, share):
    sizes = np.sort(_sizes(layers))
    k = round(share * len(sizes))
    return [np.where(np.abs(w) < sizes[k], 0, w) for w in layers]


def _one_too_few(layers, share):
    return _first(layers, _order(layers), max(0, round(share * len(_order(layers))) - 1))


def _one_too_many(layers, share):
    return _first(layers, _order(layers), round(share * len(_order(layers))) + 1)


def _rounded_down(layers, share):
    return _first(layers, _order(layers), int(share * len(_order(layers))))


def _share_of_the_largest(layers, share):
    threshold = share * _sizes(layers).max()
    return [np.where(np.abs(w) < threshold, 0, w) for w in layers]


def _absolute_values(layers, share):
    return [np.abs(w) for w in my_prune(layers, share)]


def _zeros(answer: Answer, layers: list[np.ndarray], share: float) -> Any:
    """How many zeros there are altogether."""
    return int(sum((np.asarray(w) == 0).sum() for w in answer(layers, share)))


def _layers(rng: np.random.Generator, share: float, *shapes: tuple[int, int]) -> tuple[list[np.ndarray], float]:
    """Layers of weights, each larger than the one before."""
    return [(1 + 2 * i) * rng.normal(size=shape) for i, shape in enumerate(shapes)], share


def _tied(rng: np.random.Generator, share: float, *shapes: tuple[int, int]) -> tuple[list[np.ndarray], float]:
    """Weights of three sizes and both signs."""
    return [rng.choice([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], shape) for shape in shapes], share


PRUNE = Exercise(
    id="optimise.prune",
    title="Leave out what matters least",
    minutes=15,
    task="""Many weights are so small that the model hardly notices when they are zero. Write `my_prune(layers, share)`:
`layers` is a list of arrays, the weight matrices of a model, with n weights altogether. Return a *new* list of new
arrays of the same shapes, in which exactly `round(share * n)` weights are zero:

- those with the smallest magnitude $|w|$, whatever their sign;
- of *all* layers together: a layer of small weights may lose more of them than a layer of large ones;
- where magnitudes are equal and not all of them go, the earlier go first: earlier layers before later ones, within a
  layer row by row.

All other weights stay as they are. `share` lies between 0 and 1, and may be 0. No weight is zero beforehand.""",
    starter='''def my_prune(layers, share):
    """List of arrays -> new list: of all weights together the round(share * n) smallest by |w| are zero."""
    flat = np.concatenate([w.ravel() for w in layers])  # (n,), a copy
    ...  # the smallest become 0
    ends = np.cumsum([w.size for w in layers])[:-1]
    return [... for part, w in zip(np.split(flat, ends), layers)]
''',
    hints=(
        "Sort once over all weights: then the layers compete, and the first `round(share * n)` in that order go.",
        '`np.argsort(x, kind="stable")` gives the positions from the smallest to the largest, equal ones in the order '
        "in which they stand.",
        "`flat[positions] = 0` sets many at once. Afterwards each part of `flat` gets its layer's shape back: "
        "`part.reshape(w.shape)`.",
    ),
    checks=(
        Check(
            "The smallest magnitudes of all layers together become zero.",
            lambda rng: [
                ([np.array([[-3.0, 0.5], [2.0, -0.1]])], 0.5),
                _layers(rng, 0.5, (3, 4), (2, 4)),
                _layers(rng, 0.3, (2, 5), (5, 4), (1, 10)),
            ],
            points=2,
        ),
        Check(
            "Exactly the share that is asked for is zero.",
            lambda rng: [
                _layers(rng, 0.25, (4, 5)), _layers(rng, 0.9, (3, 3), (3, 7)), _layers(rng, 0.39, (1, 10), (2, 5)),
                _tied(rng, 0.35, (4, 5)),
            ],
            2, _zeros,
        ),
        Check(
            "Of equal magnitudes the earlier go.",
            lambda rng: [_tied(rng, 0.3, (2, 5), (2, 5)), _tied(rng, 0.6, (5, 3), (1, 5)), ([np.ones((3, 3))], 4 / 9)],
        ),
        Check("With share 0 all stay as they are.", lambda rng: [_layers(rng, 0.0, (2, 3), (1, 4))]),
        Check(
            "It holds for many layers.",
            lambda rng: [
                _layers(rng, 0.8, (20, 10), (7, 3), (1, 1), (5, 6)), _tied(rng, 0.77, (30, 10)),
                _layers(rng, 1.0, (2, 2)),
            ],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "by value, not by magnitude",
            "The most negative weights go first, and they may be the strongest of all: -3 says as much as 3. Sort by "
            "|w|.",
            _by_value,
        ),
        Mistake(
            "in each layer",
            "Every layer loses the same share. Together means that the weights of all layers compete: where they are "
            "small, more of them go.",
            _in_each_layer,
        ),
        Mistake(
            "in each row",
            "Every row loses the same share. The rows, and the layers, are to compete with each other.",
            _in_each_row,
        ),
        Mistake(
            "the share is kept, not removed",
            "As many stay as should go. With a share of 0.9 nine in ten are to become zero.",
            _keeps_the_share,
        ),
        Mistake(
            "the largest go",
            "The order is the wrong way round: the strongest weights have gone, and the model with them.",
            _the_largest,
        ),
        Mistake(
            "all up to a threshold",
            "Right, until magnitudes are equal: then everything as small as the threshold goes, and that may be more "
            "than was asked for. Take so many *positions*, not all below a value.",
            _up_to_a_threshold,
        ),
        Mistake(
            "all below a threshold",
            "Right, until magnitudes are equal: then nothing as large as the threshold goes, and too many stay. Take "
            "so many *positions*, not all below a value.",
            _below_a_threshold,
        ),
        Mistake(
            "one weight too few",
            "One weight too few is zero. `order[:k]` are k positions already, numbers 0 to k - 1.",
            _one_too_few,
        ),
        Mistake(
            "one weight too many",
            "One weight too many is zero. With a share of 0 not a single one may go.",
            _one_too_many,
        ),
        Mistake(
            "rounded down",
            "`int` cuts the decimals off: 7.8 becomes 7, and one weight too few is zero. The task says `round`.",
            _rounded_down,
        ),
        Mistake(
            "a share of the largest magnitude",
            "What is smaller than `share` times the largest weight goes. How many that are depends on how the weights "
            "are spread; asked for is a share of their *number*.",
            _share_of_the_largest,
        ),
        Mistake(
            "magnitudes come back",
            "What stays has lost its sign: the magnitudes were to say who goes, the weights themselves are to stay.",
            _absolute_values,
        ),
    ),
    reference=my_prune,
    reading=("mmteach.infer.prune", "Han, Pool, Tran, Dally 2015, NeurIPS, section 3."),
)  # fmt: skip
