"""Run a trained model: probabilities and embeddings, without learning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from mmteach.batch import minibatches
from mmteach.infer.explain import modality_shapley
from mmteach.types import Batch, Modality, Prediction


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Turn scores into probabilities: exp(z / T) over its sum, in each row.

    Parameters
    ----------
    logits : np.ndarray [shape=(N, C)]
    temperature : T > 0; above 1 makes the answer less sure, and never another one.

    Returns
    -------
    np.ndarray [shape=(N, C), float64, rows sum to 1]

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    z = np.asarray(logits, dtype=np.float64) / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))  # the largest becomes exp(0): nothing overflows
    return e / e.sum(axis=1, keepdims=True)


@torch.inference_mode()
def run(model: nn.Module, batch: Batch, size: int = 256) -> dict[str, np.ndarray]:
    """Run the whole batch in parts.

    Returns
    -------
    {"logits": (N, C), "fused": (N, F), and for each modality m "embedding.m": (N, E) and "unimodal.m": (N, C)}
    """
    model.eval()
    rows: dict[str, list[np.ndarray]] = {}
    for part in minibatches(batch, size):
        out = model(part)
        named = {"logits": out.logits, "fused": out.fused}
        named |= {f"embedding.{m}": e for m, e in out.embeddings.items()}
        named |= {f"unimodal.{m}": z for m, z in out.unimodal.items()}
        for name, value in named.items():
            rows.setdefault(name, []).append(value.numpy())
    return {name: np.concatenate(parts) for name, parts in rows.items()}


def embed(model: nn.Module, batch: Batch) -> np.ndarray:
    """Return the joint embedding at unit length, (N, F): what verification compares."""
    fused = run(model, batch)["fused"]
    return fused / np.maximum(np.linalg.norm(fused, axis=1, keepdims=True), 1e-12)


def predict(
    model: nn.Module, batch: Batch, classes: Sequence[str], temperature: float = 1.0, contributions: bool = True
) -> list[Prediction]:
    """Predict every sample of a batch.

    Parameters
    ----------
    contributions : also share the probability of the answer out among the modalities (Shapley values): together
        they make up the difference to the answer of a model that is given nothing, a uniform guess.
    """
    probs = softmax(run(model, batch)["logits"], temperature)
    best = probs.argmax(axis=1)
    shares: dict[Modality, np.ndarray] = {}
    if contributions:
        shares = modality_shapley(lambda part: softmax(run(model, part)["logits"], temperature), batch, best)
    return [
        Prediction(id_, classes[k], p, {m: float(v[i]) for m, v in shares.items()})
        for i, (id_, k, p) in enumerate(zip(batch.ids, best, probs, strict=True))
    ]
