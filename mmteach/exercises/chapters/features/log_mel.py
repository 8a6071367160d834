"""From samples to decibels in mel bands."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.definition import Check, Exercise, Mistake


def my_log_mel(samples, window, filters, hop_length):
    """Log-mel (T, B) in dB of samples (n,): frames, Fourier transform, power, bands, decibels."""
    starts = range(0, len(samples) - len(window) + 1, hop_length)
    frames = np.stack([samples[start : start + len(window)] * window for start in starts])  # (T, L)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2  # (T, L // 2 + 1)
    return 10 * np.log10(np.maximum(power @ filters, 1e-10))


def _spectrum(samples, window, hop_length):
    """Magnitudes (T, L // 2 + 1) of windowed frames."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, len(window))[::hop_length]
    return np.abs(np.fft.rfft(frames * window, axis=1))


def _floored(x):
    return np.maximum(x, 1e-10)


def _amplitude(samples, window, filters, hop_length):
    return 10 * np.log10(_floored(_spectrum(samples, window, hop_length) @ filters))


def _amplitude_20(samples, window, filters, hop_length):
    return 20 * np.log10(np.maximum(_spectrum(samples, window, hop_length) @ filters, 1e-5))


def _power_20(samples, window, filters, hop_length):
    return 20 * np.log10(_floored(_spectrum(samples, window, hop_length) ** 2 @ filters))


def _natural(samples, window, filters, hop_length):
    return np.log(_floored(_spectrum(samples, window, hop_length) ** 2 @ filters))


def _ten_natural(samples, window, filters, hop_length):
    return 10 * np.log(_floored(_spectrum(samples, window, hop_length) ** 2 @ filters))


def _bel(samples, window, filters, hop_length):
    return np.log10(_floored(_spectrum(samples, window, hop_length) ** 2 @ filters))


def _no_floor(samples, window, filters, hop_length):
    return 10 * np.log10(_spectrum(samples, window, hop_length) ** 2 @ filters)


def _no_window(samples, window, filters, hop_length):
    return my_log_mel(samples, np.ones(len(window)), filters, hop_length)


def _decibels_too_early(samples, window, filters, hop_length):
    return 10 * np.log10(_floored(_spectrum(samples, window, hop_length) ** 2)) @ filters


def _last_frame_lost(samples, window, filters, hop_length):
    starts = range(0, len(samples) - len(window), hop_length)
    power = [np.abs(np.fft.rfft(samples[s : s + len(window)] * window)) ** 2 for s in starts]
    return 10 * np.log10(_floored(np.reshape(power, (-1, len(filters))) @ filters))


def _hop_ignored(samples, window, filters, hop_length):
    return my_log_mel(samples, window, filters, len(window))


def _bands(n_bins, n_bands):
    """Overlapping triangles over bins: (n_bins, n_bands)."""
    centres = np.linspace(0, n_bins - 1, n_bands + 2)[1:-1]
    width = (n_bins - 1) / (n_bands + 1)
    return np.maximum(0, 1 - np.abs(np.arange(n_bins)[:, None] - centres) / width)


def _tone(rng, n, hop_length, length, n_bands):
    """A tone in noise, a window, bands, a hop."""
    samples = np.sin(rng.uniform(0.2, 1.5) * np.arange(n)) * 0.5 + rng.normal(0, 0.1, n)
    return samples, np.hanning(length + 2)[1:-1], _bands(length // 2 + 1, n_bands), hop_length


def _with_silence(rng, n, hop_length, length, n_bands):
    samples, *others = _tone(rng, n, hop_length, length, n_bands)
    samples[: length + hop_length] = 0
    return samples, *others


def _silence(rng, n, hop_length, length, n_bands):
    return np.zeros(n), *_tone(rng, n, hop_length, length, n_bands)[1:]


LOG_MEL = Exercise(
    id="features.log_mel",
    title="A log-mel spectrogram",
    minutes=25,
    task=r"""Write `my_log_mel(samples, window, filters, hop_length)`: for each frame and each band, how much power
there is, in dB.

1. Frame $t$ is the $L$ samples from `t * hop_length` on, where $L$ is the length of `window`. Only whole frames count;
   the last one may end with the last sample. Nothing is added at the ends. There is at least one frame.
2. Each frame is multiplied by `window`, number by number.
3. `np.fft.rfft` gives its spectrum, $L // 2 + 1$ complex numbers $X_k$; the **power** is $|X_k|^2$.
4. `filters` is $(L // 2 + 1, B)$: column $b$ says with which weight each bin counts in band $b$. The powers are summed
   with these weights.
5. A sum below $10^{-10}$ counts as $10^{-10}$; then $10 \log_{10}$ of it are decibels. So silence is -100 dB.""",
    starter='''def my_log_mel(samples, window, filters, hop_length):
    """Log-mel spectrogram in dB.

    samples: (n,); window: (L,); filters: (L // 2 + 1, B); hop_length: samples from one frame to the next.
    Returns (T, B), where T is the number of whole frames.
    """
    frames = ...  # (T, L)
    power = ...  # (T, L // 2 + 1)
    return ...
''',
    hints=(
        "Five steps, five lines at most. Write down the shape after each: (n,), (T, L), (T, L // 2 + 1), (T, B), (T, "
        "B).",
        "Frames begin at `range(0, len(samples) - len(window) + 1, hop_length)`. With `np.stack` they become (T, L), "
        "and `np.fft.rfft(frames, axis=1)` transforms all of them.",
        "`np.abs(...) ** 2` is the power; `power @ filters` sums it into bands; `10 * np.log10(np.maximum(..., "
        "1e-10))` are decibels.",
    ),
    checks=(
        Check(
            "It gives the decibels of each band, frame by frame.",
            lambda rng: [
                _tone(rng, 60, 5, 16, 4),
                _tone(rng, 41, 7, 12, 3),
                _tone(rng, 50, 3, 9, 2),
                _tone(rng, 33, 6, 8, 5),
            ],
            points=3,
        ),
        Check(
            "The last frame may end with the last sample.",
            lambda rng: [_tone(rng, 16 + 4 * 5, 5, 16, 4), _tone(rng, 10, 4, 10, 3), _tone(rng, 12, 1, 8, 2)],
        ),
        Check(
            "Silence is -100 dB, in single frames as in whole recordings.",
            lambda rng: [
                _with_silence(rng, 70, 6, 16, 4),
                _with_silence(rng, 40, 4, 8, 3),
                _silence(rng, 30, 7, 12, 3),
            ],
        ),
        Check(
            "It holds for a second of sound.",
            lambda rng: [_tone(rng, 8000, 80, 200, 20), _with_silence(rng, 4000, 64, 256, 26)],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "amplitude instead of power",
            "You sum |X| in each band. Energies of different frequencies add up, and energy goes with the *square* of "
            "the size. Something is missing between the Fourier transform and the filters.",
            _amplitude,
        ),
        Mistake(
            "amplitude instead of power, with 20 log10",
            "20 log10 of a single amplitude is the same as 10 log10 of its square, true. But the filters sum several "
            "bins first, and the square of a sum is not the sum of the squares. Square first, then sum, then 10 "
            "log10.",
            _amplitude_20,
        ),
        Mistake(
            "20 instead of 10",
            "The factor 20 belongs to amplitudes: it does the squaring outside of the logarithm. You have squared "
            "already, so now it counts twice: twice as many decibels as there are.",
            _power_20,
        ),
        Mistake(
            "natural logarithm",
            "That is the natural logarithm of the power, about 2.3 times the logarithm to base 10, in no unit that a "
            "sound engineer knows. Many papers use it, so say which one you have; decibels are ten times the "
            "logarithm to base 10.",
            _natural,
        ),
        Mistake(
            "ten times the natural logarithm",
            "The factor ten is there, but `np.log` is the natural logarithm, whatever 'log' meant at school: silence "
            "came out as -230 dB. Which function of numpy has base 10?",
            _ten_natural,
        ),
        Mistake(
            "bel instead of decibel",
            "The logarithm has the right base, but that gives bel, ten times too coarse: silence came out as -10. A "
            "decibel is a tenth of a bel, so there are ten times as many.",
            _bel,
        ),
        Mistake(
            "no floor",
            "Where there is digital silence the power is 0, and its logarithm is minus infinity. One such number "
            "makes every mean infinite, and a network's loss nan. What does the task count a very small sum as?",
            _no_floor,
        ),
        Mistake(
            "no window",
            "Your frames are cut with sharp edges, and an edge is a click, which has all frequencies. The window "
            "fades each frame in and out, so that what is left belongs to the sound.",
            _no_window,
        ),
        Mistake(
            "decibels before the bands",
            "You take decibels of each bin and sum those. Adding logarithms multiplies the powers: one silent bin "
            "then pulls a loud band to the ground. Powers are summed, and the logarithm comes last.",
            _decibels_too_early,
        ),
        Mistake(
            "the last frame is lost",
            "A frame that ends exactly with the last sample is missing. `range` stops before its end: the last start "
            "that still has a whole frame behind it must be inside.",
            _last_frame_lost,
        ),
        Mistake(
            "frames without overlap",
            "Your frames stand one behind the other, `len(window)` samples apart; asked for was `hop_length`. Since "
            "the window fades out at both ends, what happens there would hardly be heard by any frame.",
            _hop_ignored,
        ),
    ),
    reference=my_log_mel,
    reading=("`show_source(log_mel)`: the library adds half a frame of silence at both ends, as librosa does.",),
)
