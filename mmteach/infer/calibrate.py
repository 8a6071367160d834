"""Calibration: of the answers given with 80 % confidence, are 80 % right?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mmteach.infer.predict import softmax


class Reliability(NamedTuple):
    """A reliability diagram, and the one number it comes down to.

    edges : (n_bins + 1,); confidence, accuracy : (n_bins,) means in each bin, NaN where it is empty; n : (n_bins,).
    ece : expected calibration error, the gap between the two, weighted by count.
    """

    edges: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    n: np.ndarray
    ece: float


def reliability(probs: np.ndarray, y: np.ndarray, n_bins: int = 15) -> Reliability:
    """Compare confidence with accuracy in bins of equal width, (low, high].

    Parameters
    ----------
    probs : np.ndarray [shape=(N, C)]
    y : np.ndarray [shape=(N,), class index]

    References
    ----------
    Guo et al. 2017, ICML, equation 3.
    """
    confidence, right = probs.max(axis=1), probs.argmax(axis=1) == y
    edges = np.linspace(0, 1, n_bins + 1)
    which = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, n_bins - 1)
    count = np.bincount(which, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        mean_confidence = np.bincount(which, confidence, n_bins) / count
        mean_right = np.bincount(which, right, n_bins) / count
    gap = np.nan_to_num(np.abs(mean_right - mean_confidence))
    return Reliability(edges, mean_confidence, mean_right, count, float((gap * count).sum() / len(y)))


def fit_temperature(logits: np.ndarray, y: np.ndarray) -> float:
    """The temperature with which validation logits give the least negative log-likelihood.

    References
    ----------
    Guo et al. 2017, ICML, section 4.2.
    """
    from scipy.optimize import minimize_scalar

    def nll(log_t: float) -> float:
        p = softmax(logits, float(np.exp(log_t)))
        return float(-np.log(np.maximum(p[np.arange(len(y)), y], 1e-12)).mean())

    # Beyond these ends the answer is all but uniform, or all but certain, whatever the temperature.
    return float(np.exp(minimize_scalar(nll, bounds=(np.log(0.05), np.log(20.0)), method="bounded").x))
