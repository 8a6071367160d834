"""Bring a recording to a given loudness."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_rms_level(samples, rms_db):
    """Samples (n,), multiplied by one number: their RMS is rms_db, or less where the peak would pass 1."""
    peak = np.abs(samples).max()
    if peak == 0:
        return samples.copy()
    rms = np.sqrt(np.mean(samples**2))
    gain = min(10 ** (rms_db / 20) / rms, 1 / peak)
    return samples * gain


def _gained(samples, wanted):
    """Multiply, but never past 1; silence stays silence: for mistakes that are about the gain alone."""
    peak = np.abs(samples).max()
    return samples * min(wanted(samples), 1 / peak) if peak > 0 else samples.copy()


def _rms(samples):
    return np.sqrt(np.mean(samples**2))


def _peak(samples, rms_db):
    return _gained(samples, lambda x: 10 ** (rms_db / 20) / np.abs(x).max())


def _divides_by_zero(samples, rms_db):
    return samples * np.minimum(10 ** (rms_db / 20) / _rms(samples), 1 / np.abs(samples).max())


def _clips(samples, rms_db):
    peak = np.abs(samples).max()
    return np.clip(samples * (10 ** (rms_db / 20) / _rms(samples)), -1, 1) if peak > 0 else samples.copy()


def _leaves_the_range(samples, rms_db):
    return samples * (10 ** (rms_db / 20) / _rms(samples)) if np.any(samples) else samples.copy()


def _db_of_power(samples, rms_db):
    return _gained(samples, lambda x: 10 ** (rms_db / 10) / _rms(x))


def _no_root(samples, rms_db):
    return _gained(samples, lambda x: 10 ** (rms_db / 20) / np.mean(x**2))


def _by_not_to(samples, rms_db):
    return _gained(samples, lambda x: 10 ** (rms_db / 20))


def _mean_of_sizes(samples, rms_db):
    return _gained(samples, lambda x: 10 ** (rms_db / 20) / np.mean(np.abs(x)))


def _of_silence(answer, samples, rms_db):
    """What comes of silence; a division by zero is nan in numpy and an error in Python: here both count as nan."""
    try:
        return answer(samples, rms_db)
    except ZeroDivisionError:
        return np.full(len(samples), np.nan)


def _voice(rng, n, rms):
    """Noise of a given RMS with a swell: its peak is about three times as high."""
    x = rng.normal(size=n) * np.hanning(n + 2)[1:-1]
    return x * rms / np.sqrt(np.mean(x**2))


def _click(n, peak=0.5, rest=0.001):
    """Almost silent, with one loud sample: no gain brings that to -10 dB without passing 1."""
    x = np.where(np.arange(n) % 2, rest, -rest)
    x[n // 2] = peak
    return x


RMS_LEVEL = Exercise(
    id="preprocess.rms_level",
    title="Make recordings equally loud",
    minutes=15,
    task=r"""Write `my_rms_level(samples, rms_db)`: all samples multiplied by **one** number, so that their root mean
square

$$\text{RMS} = \sqrt{\tfrac{1}{n} \textstyle\sum_i x_i^2}$$

is `rms_db` decibels, where an RMS of $r$ has $20 \log_{10} r$ dB. So -20 dB is an RMS of 0.1, and 0 dB is 1.

- No sample may pass 1 or -1. Where the wanted RMS would need that, the number is smaller: the loudest sample then has
  the size 1 exactly, and the recording stays softer than wanted.
- Silence, samples that are all 0, stays silence.""",
    starter='''def my_rms_level(samples, rms_db):
    """Multiply all samples by one number.

    samples: (n,) between -1 and 1, at least one; rms_db: the RMS to reach, 0 dB or less. Returns (n,).
    """
    peak = ...
    rms = ...
    gain = ...
    return ...
''',
    hints=(
        "Three numbers are needed: the RMS that is there, the RMS that is wanted, and the largest size of a sample.",
        "20 log10(r) = rms_db, so the wanted r is 10 to the power of rms_db / 20. Wanted divided by what is there is "
        "the number to multiply by, unless it is larger than 1 / peak.",
        "`gain = min(10 ** (rms_db / 20) / rms, 1 / peak)`. Both divisions fail in silence: look at that first.",
    ),
    checks=(
        Check(
            "Its RMS is as loud as asked.",
            lambda rng: [
                (_voice(rng, 50, 0.02), -26),
                (_voice(rng, 31, 0.2), -30.0),
                (_voice(rng, 40, 0.05), -20),
                (_voice(rng, 64, 0.1), -60),
                (np.array([0.3, -0.1]), -15),
            ],
            points=2,
        ),
        Check(
            "No sample passes 1; where one would, all are multiplied by less.",
            lambda rng: [
                (_click(40), -10),
                (-_click(25, 0.2), -12),
                (np.array([0.5, 0.25, 0.0, -0.25]), -3),
                (_click(9, 1.0), 0),
            ],
            points=2,
        ),
        Check(
            "Silence stays silence.",
            lambda rng: [(np.zeros(8), -26), (np.zeros(1), -3), (np.zeros(5, np.float32), 0)],
            observe=_of_silence,
        ),
        Check(
            "It holds for longer recordings, at every level.",
            lambda rng: [(_voice(rng, 2000, 10 ** rng.uniform(-4, -0.5)), rng.uniform(-70, 0)) for _ in range(8)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "peak instead of RMS",
            "You level the loudest *sample*. One click of the tongue decides then how loud the whole sentence is. "
            "Loudness is closer to the energy of all samples: square, mean, root.",
            _peak,
        ),
        Mistake(
            "divides by zero on silence",
            "The RMS of silence is 0, and its peak too. Dividing by them gives nan or an error, and one nan in a "
            "batch makes every weight of a network nan. What should come back when nothing was said?",
            _divides_by_zero,
        ),
        Mistake(
            "clips",
            "Samples beyond 1 are cut flat. That is no longer one number for all samples: the tops are gone, it "
            "crackles, and the RMS is not what was asked either. Which single number brings the highest top to 1 "
            "exactly?",
            _clips,
        ),
        Mistake(
            "leaves the range",
            "Some samples are beyond 1 or -1 now. A file or a loudspeaker would cut them flat. How large may the "
            "factor be, at most, if the loudest sample is `peak`?",
            _leaves_the_range,
        ),
        Mistake(
            "decibels of power",
            "10 dB are a factor of 10 in *power*, but RMS is a pressure, and power goes with its square: for pressure "
            "it is 20. Your -20 dB came out as an RMS of 0.01 instead of 0.1.",
            _db_of_power,
        ),
        Mistake(
            "forgets the root",
            "Your factor divides by the *mean square*. Speak twice as loud: the mean square grows by 4, and the "
            "result gets softer than before. R, the root, is the last step of R-M-S.",
            _no_root,
        ),
        Mistake(
            "changes by rms_db instead of to rms_db",
            "Every recording is multiplied by the same number, however loud it was: what was louder stays louder. "
            "Levelling means that the factor depends on how loud the recording is.",
            _by_not_to,
        ),
        Mistake(
            "mean size instead of RMS",
            "The mean of |x| treats all samples alike; the root of the mean *square* gives loud ones more weight. The "
            "two agree only where all samples have the same size.",
            _mean_of_sizes,
        ),
    ),
    reference=my_rms_level,
    reading=("`show_source(Level)`: the library's own.",),
)
