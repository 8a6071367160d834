"""Deal the rows of an epoch to processes that do not talk about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_shard(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    """Row numbers of process `rank` of `world` in an epoch, out of 0 to n - 1."""
    order = np.random.default_rng(epoch).permutation(n)
    return order[rank::world]


def _order(n: int, epoch: int) -> np.ndarray:
    return np.random.default_rng(epoch).permutation(n)


def _drops_the_rest(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    each = n // world
    return _order(n, epoch)[rank * each : (rank + 1) * each]


def _fills_up(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    order = _order(n, epoch)
    return np.concatenate([order, order[: -n % world]])[rank::world]


def _overlaps(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    start, end = (n * r // world for r in (rank, rank + 1))
    return _order(n, epoch)[start : end + 1]


def _all_of_it(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    return _order(n, epoch)


def _by_itself(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    return np.random.default_rng(1000 * epoch + rank).permutation(n)[rank::world]


def _exchanged(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    return _order(n, epoch)[world::rank]


def _always_the_same(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    return _order(n, 0)[rank::world]


def _last_takes_the_rest(n: int, rank: int, world: int, epoch: int) -> np.ndarray:
    each = n // world
    return _order(n, epoch)[rank * each : n if rank == world - 1 else (rank + 1) * each]


def _dealt(answer: Answer, n: int, world: int, epoch: int) -> Any:
    """What can be said of the shares of all processes, whichever way they were dealt."""
    shares = [answer(n, rank, world, epoch) for rank in range(world)]
    if any(share is None for share in shares):
        return None
    rows, sizes = np.concatenate([np.asarray(s).ravel() for s in shares]), [len(s) for s in shares]
    return {
        "rows that nobody has": bool(len(np.setdiff1d(np.arange(n), rows))),
        "rows that come twice": bool(len(np.unique(rows)) < len(rows)),
        "rows that do not exist": bool(len(np.setdiff1d(rows, np.arange(n)))),
        "everybody has all": world > 1 and min(sizes) == n,
        "shares differ by more than one row": max(sizes) - min(sizes) > 1,
    }


def _next_epoch(answer: Answer, n: int, world: int, epoch: int) -> Any:
    """Whether a process sees the same rows in the same order again, asked once more and in the next epoch."""
    first, again, later = (answer(n, 0, world, e) for e in (epoch, epoch, epoch + 1))
    if first is None or later is None:
        return None
    return {
        "asked again, the same": np.array_equal(first, again),
        "in the next epoch, others": not np.array_equal(first, later),
    }


SHARD = Exercise(
    id="scale.shard",
    title="Every sample once, none twice",
    minutes=15,
    task="""Several processes train one model. Each must know which samples of the epoch are its own, and they do not
talk about it: each calls the same function, with its own number. Write `my_shard(n, rank, world, epoch)`, which returns
the row numbers of process `rank`, 0 to `world - 1`, out of the rows 0 to `n - 1`:

- over all processes every row comes once in an epoch, none twice, and none is left out, also where `n` is no multiple
  of `world`; then some have one row more than others, and nobody two more;
- the rows are shuffled, in every epoch anew; whoever is asked twice for the same epoch answers the same.

`np.random.default_rng(seed).permutation(n)` gives the same order wherever it is called with the same seed.""",
    starter='''def my_shard(n, rank, world, epoch):
    """Row numbers of process `rank` of `world` in an epoch, out of 0 to n - 1."""
    order = ...  # (n,), the same in every process
    return ...
''',
    hints=(
        "Nobody can know what the others took. So all must have the *same* order in mind, and a rule who takes which "
        "places of it. On what may the seed depend, then, and on what not?",
        "The seed is the epoch. For the rule think of dealing cards to a table of `world` players.",
        "Every `world`-th card, beginning with your own number: a slice with a step, `order[start::step]`.",
    ),
    checks=(
        Check(
            "Every row comes once and none twice, and the shares are fair.",
            lambda rng: [(12, 3, 4), (20, 2, 0), (9, 1, 2), (16, 4, 7)],
            observe=_dealt,
            points=2,
        ),
        Check(
            "It does where n is no multiple of the number of processes.",
            lambda rng: [(int(rng.integers(3, 6)) * 4 + 3, 4, 1), (23, 5, 2), (31, 2, 5), (29, 6, 3)],
            observe=_dealt,
            points=2,
        ),
        Check(
            "Every epoch is shuffled anew, and anybody would shuffle it alike.",
            lambda rng: [(24, 2, 1), (37, 3, 6)],
            observe=_next_epoch,
        ),
        Check(
            "It holds for many processes, and for more of them than rows.",
            lambda rng: [(101, 16, 9), (3, 5, 2), (1, 4, 0)],
            observe=_dealt,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "the rest is dropped",
            "With 23 rows and 5 processes, `23 // 5` is 4 each, and three rows are seen by nobody. Torch's own sampler "
            "does that when asked with `drop_last=True`. Here each of the three must go to somebody.",
            _drops_the_rest,
        ),
        Mistake(
            "filled up with the first",
            "Everybody gets equally many, and the rows that fill up count twice. That is what torch's "
            "DistributedSampler does when not told otherwise; an accuracy measured so is not the accuracy. Let some "
            "have one row fewer.",
            _fills_up,
        ),
        Mistake(
            "blocks that overlap",
            "Where one block ends the next begins, and that row is in both. Python leaves the end of a slice out by "
            "itself: is one of your borders counted twice?",
            _overlaps,
        ),
        Mistake(
            "everybody takes everything",
            "Every process gets all rows. The gradients come out right, and nobody has saved anything: the same work, "
            "done `world` times. `rank` has to decide which rows are taken.",
            _all_of_it,
        ),
        Mistake(
            "each shuffles for itself",
            "Every process deals from a pack that it shuffled for itself: some cards come twice, others never, and no "
            "error says so. Only what all have in common may go into the seed.",
            _by_itself,
        ),
        Mistake(
            "rank and world exchanged",
            "Process 0 would take a step of 0. One of the two says *where* to begin, the other *how far* to the next: "
            "which is which?",
            _exchanged,
        ),
        Mistake(
            "every epoch the same",
            "The shares are right, and in each epoch the same, in the same order: a process sees the same samples for "
            "ever. Samplers of torch have this bug when nobody calls `set_epoch`. What changes from epoch to epoch?",
            _always_the_same,
        ),
        Mistake(
            "the last takes all the rest",
            "Nothing is lost, but the last process has more to do than the others, and everybody waits for it in every "
            "epoch. Deal the rest out, one row each.",
            _last_takes_the_rest,
        ),
    ),
    reference=my_shard,
    reading=("mmteach.train.shards.shard", "The source of torch.utils.data.distributed.DistributedSampler."),
)
