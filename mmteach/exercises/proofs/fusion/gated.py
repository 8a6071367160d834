"""fusion.gated, written otherwise."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from mmteach.exercises.chapters.fusion.gated import MyGated
from mmteach.exercises.proof import Proof


class _Lerp(MyGated):
    def forward(self, a, b):
        both = torch.hstack((a, b))
        return torch.lerp(self.from_b(b).tanh(), self.from_a(a).tanh(), self.gate(both).sigmoid())


class _SoftmaxOfTwo(MyGated):
    """A sigmoid is the softmax of a score and 0."""

    def forward(self, a, b):
        score = F.linear(torch.cat((a, b), -1), self.gate.weight, self.gate.bias)
        shares = torch.stack([score, torch.zeros_like(score)]).softmax(0)
        said = torch.stack([self.from_a(a), self.from_b(b)]).tanh()
        return (shares * said).sum(0)


class _ByHand(MyGated):
    def forward(self, a, b):
        rows = []
        for x, y in zip(a, b, strict=True):
            z = 1 / (1 + torch.exp(-(self.gate.weight @ torch.cat([x, y]) + self.gate.bias)))
            rows.append(z * self.from_a(x).tanh() + self.from_b(y).tanh() - z * self.from_b(y).tanh())
        return torch.stack(rows)


class _Residual(MyGated):
    def forward(self, a, b):
        h = self.from_b(b).tanh()
        h = h + self.from_a(a).tanh() * self.gate(torch.hstack([a, b])).sigmoid()
        return h


class _NegativeScore(MyGated):
    def forward(self, a, b):
        z = (-self.gate(torch.hstack([a, b]))).sigmoid()
        return torch.lerp(self.from_b(b).tanh(), self.from_a(a).tanh(), z)


class _RawScore(MyGated):
    def forward(self, a, b):
        x, y = self.from_a(a).tanh(), self.from_b(b).tanh()
        return y + self.gate(torch.hstack([a, b])) * (x - y)


class _Linear(MyGated):
    def forward(self, a, b):
        return torch.lerp(self.from_b(b), self.from_a(a), self.gate(torch.hstack([a, b])).sigmoid())


class _Exponentials(MyGated):
    def forward(self, a, b):
        z = self.gate(torch.hstack([a, b])).exp()
        z = z / z.sum(1, keepdim=True)
        return torch.lerp(self.from_b(b).tanh(), self.from_a(a).tanh(), z)


class _Scalar(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.voice, self.face = nn.Linear(dim_a, dim), nn.Linear(dim_b, dim)
        self.gate = nn.Linear(dim_a + dim_b, 1)

    def forward(self, a, b):
        z = self.gate(torch.hstack([a, b])).squeeze(1).sigmoid()
        x, y = self.voice(a).tanh(), self.face(b).tanh()
        return (y.T + z * (x - y).T).T


class _TwoSigmoid(MyGated):
    def forward(self, a, b):
        z = 2 * (2 * self.gate(torch.hstack([a, b]))).sigmoid() - 1
        x, y = self.from_a(a).tanh(), self.from_b(b).tanh()
        return y + z * (x - y)


GATED = Proof(
    right=(_Lerp, _SoftmaxOfTwo, _ByHand),
    variants={
        "the gate holds back one side only": _Residual,
        "z and 1 - z exchanged": _NegativeScore,
        "no sigmoid": _RawScore,
        "no tanh": _Linear,
        "softmax over the wrong axis": _Exponentials,
        "one gate for everything": _Scalar,
        "tanh as the gate": _TwoSigmoid,
    },
)
