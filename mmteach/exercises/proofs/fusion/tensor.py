"""fusion.tensor, written otherwise."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


def _einsum(a, b):
    x, y = F.pad(a, (1, 0), value=1.0), F.pad(b, (1, 0), value=1.0)
    return torch.einsum("bi,bj->bij", x, y).reshape(len(a), -1)


def _kron(a, b):
    rows = [np.kron(np.append(1.0, x), np.append(1.0, y)) for x, y in zip(a.numpy(), b.numpy(), strict=True)]
    return torch.tensor(np.array(rows), dtype=torch.float32)


def _bmm(a, b):
    one = a.new_ones(a.size(0), 1)
    x, y = torch.hstack([one, a]), torch.hstack([one, b])
    return torch.bmm(x.unsqueeze(2), y.unsqueeze(1)).view(a.size(0), -1)


def _bare(a, b):
    return torch.einsum("bi,bj->bij", a, b).reshape(len(a), -1)


def _one_left(a, b):
    return torch.hstack([b, torch.einsum("bi,bj->bij", a, b).reshape(len(a), -1)])


def _appended(a, b):
    x, y = F.pad(a, (0, 1), value=1.0), F.pad(b, (0, 1), value=1.0)
    return torch.einsum("bi,bj->bij", x, y).reshape(len(a), -1)


def _everybody(a, b):
    x, y = F.pad(a, (1, 0), value=1.0), F.pad(b, (1, 0), value=1.0)
    table = torch.tensordot(x, y, dims=0)  # (B, 1 + A, B, 1 + D)
    return table.permute(0, 2, 1, 3).reshape(len(a) ** 2, -1)


def _hadamard(a, b):
    x, y = F.pad(a, (1, 0), value=1.0), F.pad(b, (1, 0), value=1.0)
    return torch.einsum("bi,bi->bi", x, y)


def _joined(a, b):
    return F.pad(torch.hstack([a, b]), (1, 0), value=1.0)


def _turned(a, b):
    x, y = F.pad(a, (1, 0), value=1.0), F.pad(b, (1, 0), value=1.0)
    return torch.einsum("bi,bj->bji", x, y).reshape(len(a), -1)


def _einsum_alone(a, b):
    return torch.einsum("bi,bj->bij", F.pad(a, (1, 0), value=1.0), F.pad(b, (1, 0), value=1.0))


TENSOR = Proof(
    right=(_einsum, _kron, _bmm),
    variants={
        "no constant 1": _bare,
        "a 1 on one side only": _one_left,
        "the 1 behind": _appended,
        "samples are mixed": _everybody,
        "number by number": _hadamard,
        "side by side": _joined,
        "a table for each sample": _einsum_alone,
        "b before a": _turned,
    },
)
