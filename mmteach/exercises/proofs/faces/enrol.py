"""faces.enrol, written otherwise."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _loop(embeddings):
    total = np.zeros(embeddings.shape[1])
    for photo in embeddings:
        length = np.sqrt(np.sum(photo * photo))
        if length > 0:
            total += photo / length
    return total / np.sqrt(total @ total)


def _leaves_out(embeddings):
    found = embeddings[np.any(embeddings != 0, axis=1)]
    directions = (found.T / np.linalg.norm(found, axis=1)).T
    return np.sum(directions, axis=0) / np.linalg.norm(np.sum(directions, axis=0))


def _by_torch(embeddings):
    return F.normalize(F.normalize(torch.tensor(embeddings), dim=1).mean(dim=0), dim=0)


def _sum_then_unit(embeddings):
    total = sum(embeddings)
    return total / np.sqrt((total**2).sum())


def _sum_over_n(embeddings):
    return np.ones(len(embeddings)) @ embeddings / len(embeddings)


def _one(embeddings):
    photo = next(h for h in embeddings if h.any())
    return F.normalize(torch.tensor(photo), dim=0).numpy()


def _directions_only(embeddings):
    return F.normalize(torch.tensor(embeddings), dim=-1).mean(0)


def _dim_0(embeddings):
    return F.normalize(F.normalize(torch.tensor(embeddings), dim=0).sum(dim=0), dim=0)


def _nan(embeddings):
    directions = [h / np.sqrt(h @ h) for h in embeddings]
    return np.mean(directions, axis=0) / np.linalg.norm(np.mean(directions, axis=0))


def _one_number_a_photo(embeddings):
    rows = F.normalize(torch.tensor(embeddings), dim=1).sum(dim=1)
    return rows / rows.norm()


ENROL = Proof(
    right=(_loop, _leaves_out, _by_torch),
    variants={
        "mean before normalising": _sum_then_unit,
        "the plain mean": _sum_over_n,
        "one photo only": _one,
        "the mean is shorter than 1": _directions_only,
        "columns instead of photos": _dim_0,
        "0 / 0 where no face was found": _nan,
        "mean over the wrong axis": _one_number_a_photo,
    },
)
