"""Cover a stretch of time and a band of frequency in each spectrogram of a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.chapters.augment import spec_augment_watch as watch
from mmteach.exercises.definition import Check, Exercise, Mistake


def my_spec_augment(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    """(B, T, D) log-mel spectrograms -> copies with a stretch of frames and a band of each covered by its mean."""
    y = x.copy()
    for recording, covered in zip(x, y, strict=True):
        w = rng.integers(0, time_width + 1)
        s = rng.integers(0, recording.shape[0] - w + 1)
        covered[s : s + w] = recording.mean()
        w = rng.integers(0, frequency_width + 1)
        s = rng.integers(0, recording.shape[1] - w + 1)
        covered[:, s : s + w] = recording.mean()
    return y


def _places(length: int, width: int, rng: np.random.Generator) -> np.ndarray:
    w = int(rng.integers(0, width + 1))
    s = int(rng.integers(0, length - w + 1))
    return np.arange(s, s + w)


def _one_for_all(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    y, mean = x.copy(), x.mean(axis=(1, 2), keepdims=True)
    y[:, _places(x.shape[1], time_width, rng)] = mean
    y[:, :, _places(x.shape[2], frequency_width, rng)] = mean
    return y


def _each(
    x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator, places: Any, fill: Any
) -> Any:
    y = x.copy()
    for b in range(len(x)):
        rows, bands = places(x.shape[1], time_width, rng), places(x.shape[2], frequency_width, rng)
        y[b, rows] = fill(x, y[b, rows], b, rng)
        y[b][:, bands] = fill(x, y[b][:, bands], b, rng)
    return y


def _mean(x: np.ndarray, part: np.ndarray, b: int, rng: np.random.Generator) -> Any:
    return x[b].mean()


def _noise(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    return _each(x, time_width, frequency_width, rng, _places, lambda x, part, b, rng: rng.normal(size=part.shape))


def _zeros(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    return _each(x, time_width, frequency_width, rng, _places, lambda x, part, b, rng: 0.0)


def _mean_of_all(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    return _each(x, time_width, frequency_width, rng, _places, lambda x, part, b, rng: x.mean())


def _off_by_one(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    return _each(x, max(time_width - 1, 0), max(frequency_width - 1, 0), rng, _places, _mean)


def _never_nothing(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    def places(length: int, width: int, rng: np.random.Generator) -> np.ndarray:
        w = int(rng.integers(min(1, width), width + 1))
        s = int(rng.integers(0, length - w + 1))
        return np.arange(s, s + w)

    return _each(x, time_width, frequency_width, rng, places, _mean)


def _always_widest(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    def places(length: int, width: int, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, length - width + 1) + np.arange(width)

    return _each(x, time_width, frequency_width, rng, places, _mean)


def _axes_swapped(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    return _each(x, frequency_width, time_width, rng, _places, _mean)


def _wraps(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    def places(length: int, width: int, rng: np.random.Generator) -> np.ndarray:
        return (rng.integers(0, length) + np.arange(rng.integers(0, width + 1))) % length

    return _each(x, time_width, frequency_width, rng, places, _mean)


def _past_the_end(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    def places(length: int, width: int, rng: np.random.Generator) -> np.ndarray:
        s = int(rng.integers(0, length))
        return np.arange(s, min(s + int(rng.integers(0, width + 1)), length))

    return _each(x, time_width, frequency_width, rng, places, _mean)


def _own_dice(x: np.ndarray, time_width: int, frequency_width: int, rng: np.random.Generator) -> np.ndarray:
    return my_spec_augment(x, time_width, frequency_width, np.random.default_rng())


SPEC_AUGMENT = Exercise(
    id="augment.spec_augment",
    title="A spectrogram with holes",
    minutes=15,
    task="""Whoever has always heard all of a word may hang on to one sound of it. SpecAugment covers a stretch of
time and a band of frequency in each recording, other ones at each step. Write `my_spec_augment(x, time_width,
frequency_width, rng)`: `x`, `(B, T, D)`, holds log-mel spectrograms, T frames of D bands, in decibels. Return a *new*
array of the same shape in which, in each recording by itself,

- w frames from frame s on are covered in all bands: w is drawn evenly from 0, 1, ..., `time_width`, both ends among
  them, then s evenly from all places at which w frames fit in one piece, 0, ..., T - w;
- a band of rows is covered at all times, in the same way, with `frequency_width` and D.

What is covered becomes the *mean of that recording*, as it was in `x`. `time_width` is at most T, `frequency_width` at
most D. All random numbers come from the generator `rng`; `rng.integers(low, high)` draws `low, ..., high - 1`.""",
    starter='''def my_spec_augment(x, time_width, frequency_width, rng):
    """(B, T, D) log-mel spectrograms -> copies with a stretch of frames and a band of each covered by its mean."""
    y = ...
    for recording, covered in zip(x, y):  # both (T, D)
        w = ...
        s = ...
        covered[...] = ...
    return y
''',
    hints=(
        "`x.copy()` is a new array, and `covered` in the loop is a view of its rows: what you write there is in `y`.",
        "`rng.integers(0, time_width + 1)` draws a width from 0 to `time_width`, both among them. First the width, "
        "then the start: the last start at which w frames fit is T - w.",
        "`covered[s : s + w] = recording.mean()` covers frames; `covered[:, s : s + w]` covers bands.",
    ),
    checks=(
        Check(
            "Whole stretches and bands are covered, in one piece, of every width up to the largest, equally often.",
            lambda rng: [
                (watch.log_mel(rng, 800, 4, 3), 3, 2, 1),
                (watch.log_mel(rng, 800, 3, 4), 2, 3, 2),
                (watch.log_mel(rng, 300, 7, 5), 1, 1, 3),
            ],
            observe=watch.told,
            points=3,
        ),
        Check(
            "A width of 0 covers nothing.",
            lambda rng: [(watch.log_mel(rng, 3, 4, 5), 0, 0, 1), (watch.log_mel(rng, 1, 1, 1), 0, 0, 2)],
            observe=watch.whole,
        ),
        Check(
            "The same generator gives the same holes, another one others.",
            lambda rng: [(watch.log_mel(rng, 12, 9, 8), 4, 3, 5), (watch.log_mel(rng, 9, 6, 12), 5, 5, 9)],
            observe=watch.repeated,
        ),
        Check(
            "It holds for longer recordings.",
            lambda rng: [(watch.log_mel(rng, 900, 9, 8), 4, 3, 11)],
            observe=watch.told,
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "one mask for the whole batch",
            "All recordings of the batch have their holes in the same place. The next step may ask for just what is "
            "missing in all of them now. Draw for each recording.",
            _one_for_all,
        ),
        Mistake(
            "holes filled with noise",
            "The holes are where they should be, but random numbers stand in them: a new sound, which the model will "
            "try to explain. Nothing in particular should stand there, the recording's mean.",
            _noise,
        ),
        Mistake(
            "holes filled with zeros",
            "In decibels 0 is not silence but very loud, and nothing near it was ever recorded. What says nothing here "
            "is the recording's mean.",
            _zeros,
        ),
        Mistake(
            "the mean of the batch",
            "Filled with the mean over all recordings: in a soft one that is a loud stretch, and what a hole looks "
            "like depends on its neighbours in the batch. Take the mean of each recording.",
            _mean_of_all,
        ),
        Mistake(
            "never the full width",
            "The widest hole is one short. `rng.integers(low, high)` leaves out `high` itself.",
            _off_by_one,
        ),
        Mistake(
            "always a hole",
            "Every recording has a hole, and a width of 0 never occurs: the model no longer sees what it will be "
            "tested on, whole recordings. Draw from 0 on.",
            _never_nothing,
        ),
        Mistake(
            "always the full width",
            "All holes have the largest width. It is a limit: the width itself is drawn anew each time, from 0 on.",
            _always_widest,
        ),
        Mistake(
            "time and frequency swapped",
            "The widths are exchanged: `time_width` counts frames, the second axis of `x`, and `frequency_width` "
            "bands, the third.",
            _axes_swapped,
        ),
        Mistake(
            "a hole that wraps round",
            "A hole that begins near the end goes on at the beginning: one stretch has become two, at places which "
            "have nothing to do with each other. Draw the start so that the whole hole fits.",
            _wraps,
        ),
        Mistake(
            "a hole cut off at the end",
            "Nearly. Starts are drawn up to the last frame, and what would lie beyond the end is cut off: near the end "
            "holes are narrower, and wide ones are too rare. Draw the width first, then a start at which it fits.",
            _past_the_end,
        ),
        Mistake(
            "dice of its own",
            "The holes are right, but `rng` is not used: nobody can repeat the run.",
            _own_dice,
        ),
    ),
    reference=my_spec_augment,
    reading=("mmteach.preprocess.augment.SpecAugment", "Park et al. 2019, Interspeech: SpecAugment."),
)
