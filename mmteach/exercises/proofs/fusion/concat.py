"""fusion.concat, written otherwise."""

from __future__ import annotations

import numpy as np
import torch

from mmteach.exercises.proof import Proof


def _loops(parts, present):
    rows = []
    for i in range(len(next(iter(parts.values())))):
        row = []
        for name in sorted(parts):
            row += parts[name][i].tolist() if present[name][i] else [0.0] * parts[name].shape[1]
        rows.append(row + [float(present[name][i]) for name in sorted(parts)])
    return torch.tensor(rows)


def _numpy(parts, present):
    order = sorted(present.keys())
    blocks = [np.where(present[m].numpy()[:, None], parts[m].numpy(), np.float32(0)) for m in order]
    return torch.from_numpy(np.hstack(blocks + [present[m].numpy().astype("float32")[:, None] for m in order]))


def _items(parts, present):
    out, ends = [], []
    for name, x in parts.items():
        clean = x.clone()
        clean[~present[name]] = 0
        out.append(clean)
        ends.append(present[name] * 1.0)
    return torch.hstack([*out, torch.stack(ends).T])


def _left_overs(parts, present):
    result = torch.cat([present[m].unsqueeze(1) * torch.ones(1) for m in sorted(parts)], 1)
    for m in sorted(parts, reverse=True):
        result = torch.cat((parts[m], result), 1)
    return result


def _product(parts, present):
    out, ends = [], []
    for name in sorted(present):
        out.append((parts[name].T * present[name]).T)
        ends.append(present[name].to(torch.float32))
    return torch.column_stack(out + ends)


def _embeddings_alone(parts, present):
    return torch.hstack([torch.where(present[m].unsqueeze(1), parts[m], torch.zeros(1)) for m in sorted(parts)])


def _missing_flags(parts, present):
    right = torch.hstack([torch.where(present[m].unsqueeze(1), parts[m], torch.zeros(1)) for m in sorted(parts)])
    return torch.hstack([right, 1 - torch.stack([present[m] for m in sorted(parts)]).T.float()])


def _pairs(parts, present):
    out = torch.empty(len(next(iter(parts.values()))), 0)
    for m in sorted(parts):
        out = torch.hstack([out, torch.where(present[m].unsqueeze(1), parts[m], torch.zeros(1))])
        out = torch.hstack([out, present[m].unsqueeze(1).float()])
    return out


CONCAT = Proof(
    right=(_loops, _numpy),
    variants={
        "in the order given": _items,
        "what is absent is read": _left_overs,
        "multiplied by zero": _product,
        "no flags": _embeddings_alone,
        "flags upside down": _missing_flags,
        "flags between the embeddings": _pairs,
    },
)
