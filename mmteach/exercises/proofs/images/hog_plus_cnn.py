"""images.hog_plus_cnn, written otherwise."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from mmteach.exercises.proof import Proof


class _Frozen(nn.Module):
    """Statistics as parameters that ask for no gradient; the head's two blocks of columns one after the other."""

    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__()
        self.cnn, self.cut = cnn, n_embedding
        spread, centre = torch.std_mean(hog_train, dim=0)
        spread[spread == 0] = 1
        self.spread = nn.Parameter(spread, requires_grad=False)
        self.centre = nn.Parameter(centre, requires_grad=False)
        self.head = nn.Linear(n_embedding + len(centre), n_classes)

    def forward(self, pictures, hog):
        of_network, of_hog = self.head.weight[:, : self.cut], self.head.weight[:, self.cut :]
        return self.cnn(pictures) @ of_network.T + (hog - self.centre) / self.spread @ of_hog.T + self.head.bias


class _Loops(nn.Module):
    """Feature by feature; the statistics in one buffer."""

    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__()
        rows = []
        for column in hog_train.T:
            middle = sum(column) / len(column)
            deviation = (sum((v - middle) ** 2 for v in column) / (len(column) - 1)) ** 0.5
            rows.append([float(middle), float(deviation) if column.min() < column.max() else 1.0])
        self.cnn = cnn
        self.register_buffer("usual", torch.tensor(rows))
        self.top = nn.Linear(n_embedding + len(rows), n_classes)

    def standard(self, hog):
        return torch.stack([(hog[:, d] - m) / s for d, (m, s) in enumerate(self.usual)], dim=1)

    def forward(self, pictures, hog):
        return self.top(torch.hstack((self.cnn(pictures), self.standard(hog))))


class _Raw(_Loops):
    def standard(self, hog):
        return hog * 1


class _NormalisedByBatch(_Loops):
    def standard(self, hog):
        spread, centre = torch.std_mean(hog, 0)
        return hog.sub(centre).div(spread)


class _NormalisedByRow(_Loops):
    def standard(self, hog):
        return torch.stack([(row - sum(row) / len(row)) / row.std() for row in hog])


class _OneNumber(_Loops):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        flat = hog_train.flatten()
        self.usual[:, 0], self.usual[:, 1] = flat.mean(), flat.var() ** 0.5


class _Zero(_Loops):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.usual[:, 1] = hog_train.var(dim=0).sqrt()


class _Clamped(_Loops):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.usual[:, 1] = hog_train.std(dim=0).clamp(min=1e-6)


class _NoGrad(_Loops):
    def forward(self, pictures, hog):
        with torch.no_grad():
            seen = self.cnn(pictures)
        return self.top(torch.hstack((seen, self.standard(hog))))


class _Passing(_Loops):
    """A buffer, but one that is not saved."""

    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.register_buffer("usual", self.usual, persistent=False)


class _Moving(_Frozen):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        for statistic in (self.spread, self.centre):
            statistic.requires_grad_()


class _Turned(_Loops):
    def forward(self, pictures, hog):
        return F.linear(torch.hstack((self.standard(hog), self.cnn(pictures))), self.top.weight, self.top.bias)


class _Sum(_Loops):
    def __init__(self, cnn, n_embedding, hog_train, n_classes):
        super().__init__(cnn, n_embedding, hog_train, n_classes)
        self.top = nn.Linear(n_embedding, n_classes)

    def forward(self, pictures, hog):
        return self.top(torch.add(self.standard(hog), self.cnn(pictures)))


class _Unheard(_Sum):
    def forward(self, pictures, hog):
        return self.top(self.cnn(pictures))


HOG_PLUS_CNN = Proof(
    right=(_Frozen, _Loops),
    variants={
        "not standardised": _Raw,
        "statistics of the batch": _NormalisedByBatch,
        "each picture by its own": _NormalisedByRow,
        "one mean for all features": _OneNumber,
        "divides by zero": _Zero,
        "divides by nearly zero": _Clamped,
        "the network is cut off": _NoGrad,
        "statistics are not saved": _Passing,
        "statistics are learnt": _Moving,
        "HOG first": _Turned,
        "added instead of side by side": _Sum,
        "the features are left out": _Unheard,
    },
)
