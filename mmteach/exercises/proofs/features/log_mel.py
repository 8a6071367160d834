"""Proofs of `features.log_mel`."""

from __future__ import annotations

import math

import numpy as np

from mmteach.exercises.proof import Proof


def _frame_by_frame(x, window, filters, hop):
    rows, start = [], 0
    while start + len(window) <= len(x):
        spectrum = np.fft.rfft(window * x[start : start + len(window)])
        powers = spectrum.real**2 + spectrum.imag**2
        rows.append([10 * math.log10(max(1e-10, float(powers @ band))) for band in filters.T])
        start += hop
    return rows


def _by_torch(x, window, filters, hop):
    import torch

    frames = torch.from_numpy(x).unfold(0, len(window), hop)
    spectrum = torch.fft.rfft(frames * torch.from_numpy(window))
    bands = (spectrum * spectrum.conj()).real @ torch.from_numpy(filters)
    return 10 * torch.log10(bands.clamp(min=1e-10))


def _complex(x, window, hop):
    starts = np.arange(0, len(x) - len(window) + 1, hop)
    frames = x[starts[:, None] + np.arange(len(window))]
    waves = np.exp(-2j * np.pi * np.outer(np.arange(len(window)), np.arange(len(window) // 2 + 1)) / len(window))
    return (frames * window) @ waves


def _sizes(x, window, filters, hop):
    return 10 * np.log10(np.clip(np.hypot(*_parts(x, window, hop)) @ filters, 1e-10, None))


def _parts(x, window, hop):
    spectrum = _complex(x, window, hop)
    return spectrum.real, spectrum.imag


def _bands(x, window, filters, hop):
    real, imaginary = _parts(x, window, hop)
    return np.clip((real**2 + imaginary**2) @ filters, 1e-10, None)


def _sizes_20(x, window, filters, hop):
    bands = np.hypot(*_parts(x, window, hop)) @ filters
    return 20 * np.log10(np.clip(bands, 1e-5, None))


def _squared_twice(x, window, filters, hop):
    return 10 * np.log10(_bands(x, window, filters, hop) ** 2)


def _base_e(x, window, filters, hop):
    return [[math.log(power) for power in row] for row in _bands(x, window, filters, hop)]


def _base_e_times_ten(x, window, filters, hop):
    return 10 * np.log(_bands(x, window, filters, hop))


def _without_ten(x, window, filters, hop):
    return np.log(_bands(x, window, filters, hop)) / np.log(10)


def _minus_infinity(x, window, filters, hop):
    spectrum = np.stack([np.fft.rfft(x[s : s + len(window)] * window) for s in _starts(x, window, hop)])
    return 10 * np.log10((spectrum.real**2 + spectrum.imag**2) @ filters)


def _starts(x, window, hop):
    return [s for s in range(0, len(x), hop) if s + len(window) <= len(x)]


def _sharp_edges(x, window, filters, hop):
    frames = np.stack([x[s : s + len(window)] for s in _starts(x, window, hop)])
    return 10 * np.log10(np.maximum(abs(np.fft.rfft(frames)) ** 2 @ filters, 1e-10))


def _log_first(x, window, filters, hop):
    frames = np.stack([x[s : s + len(window)] * window for s in _starts(x, window, hop)])
    decibels = 20 * np.log10(np.maximum(abs(np.fft.rfft(frames)), 1e-5))
    return np.einsum("tk,kb->tb", decibels, filters)


def _one_too_few(x, window, filters, hop):
    n = max(0, -(-(len(x) - len(window)) // hop))
    rows = [_bands(x[t * hop : t * hop + len(window)], window, filters, hop)[0] for t in range(n)]
    return 10 * np.log10(np.array(rows).reshape(n, filters.shape[1]))


def _side_by_side(x, window, filters, hop):
    n = len(x) // len(window)
    frames = x[: n * len(window)].reshape(n, len(window)) * window
    return 10 * np.log10(np.maximum(abs(np.fft.rfft(frames)) ** 2 @ filters, 1e-10))


LOG_MEL = Proof(
    right=(_frame_by_frame, _by_torch),
    variants={
        "amplitude instead of power": _sizes,
        "amplitude instead of power, with 20 log10": _sizes_20,
        "20 instead of 10": _squared_twice,
        "natural logarithm": _base_e,
        "ten times the natural logarithm": _base_e_times_ten,
        "bel instead of decibel": _without_ten,
        "no floor": _minus_infinity,
        "no window": _sharp_edges,
        "decibels before the bands": _log_first,
        "the last frame is lost": _one_too_few,
        "frames without overlap": _side_by_side,
    },
)
