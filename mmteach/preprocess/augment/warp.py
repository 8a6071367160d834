"""Bend a spectrogram: another rate of speaking, another size of head."""

from __future__ import annotations

import numpy as np

from mmteach.errors import ParameterError


def warp(x: np.ndarray, speed: float, scale: float) -> np.ndarray:
    """Make a log-mel spectrogram faster, and move what sounds up or down.

    A larger head has lower resonances. On a mel scale, which is nearly logarithmic above 1 kHz, that is roughly a
    stretch of the bands.

    Parameters
    ----------
    x : np.ndarray [shape=(T, D), float32]
    speed : 0.5 to 2; above 1 is faster and leaves fewer frames.
    scale : 0.5 to 2; above 1 moves everything to higher bands.

    Returns
    -------
    np.ndarray [shape=(max(1, round(T / speed)), D), float32], linear between frames and bands.

    References
    ----------
    Jaitly, Hinton 2013, ICML workshop on audio: vocal tract length perturbation.
    """
    for name, value in (("speed", speed), ("scale", scale)):
        if not 0.5 <= value <= 2:
            raise ParameterError(f"{name} is {value:g}; it must lie between 0.5 and 2, and 1 changes nothing")
    frames = np.linspace(0, len(x) - 1, max(1, round(len(x) / speed)))
    bands = np.minimum(np.arange(x.shape[1]) / scale, x.shape[1] - 1)
    return _between(_between(x, frames).T, bands).T


def _between(x: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rows at places that lie between two of them: (N, D), (M,) -> (M, D)."""
    low = np.minimum(places.astype(int), len(x) - 1)
    high = np.minimum(low + 1, len(x) - 1)
    share = (places - low).astype(np.float32)[:, None]
    return x[low] * (1 - share) + x[high] * share
