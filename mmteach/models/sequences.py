"""Encoders of what has time: recordings as frames, texts as tokens. (B, T, D) and a mask (B, T) -> (B, E).

Padding must never be heard: each encoder gives a clip the same embedding, however long its neighbours in the batch
are, and a sequence of no steps gives a finite one.

Three of them are two halves: `steps(x, mask)` gives what each step has become, (B, T', S) and a mask (B, T'), with
S = `step_dim`; `pool_steps` makes one embedding of it. A fusion that lets steps of several modalities look at each
other takes the first half as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.errors import ParameterError


def everywhere(x: Tensor, mask: Tensor | None) -> Tensor:
    """Return the mask, or one that is True at all steps of x (B, T, ...)."""
    return torch.ones(x.shape[:2], dtype=torch.bool, device=x.device) if mask is None else mask


def _require(shape: Sequence[int], width: int, dropout: float, scale: float = 1.0) -> None:
    """Look at what a saved description may hold."""
    if shape[-1] != width:
        raise ParameterError(f"steps have {shape[-1]} numbers; this encoder takes {width}: choose another encoder")
    if not (isinstance(dropout, int | float) and 0 <= dropout < 1):
        raise ParameterError(f"dropout is {dropout!r}; it is a share: give a number from 0 to below 1")
    if not (isinstance(scale, int | float) and 0 < scale < math.inf):
        raise ParameterError(f"scale is {scale!r}; it must be a number above 0")


class AttentionPool(nn.Module):
    """Let every step say how much it counts: a = softmax(v . tanh(W h)) over the real steps, then sum a h.

    Parameters
    ----------
    dim : E.

    References
    ----------
    Bahdanau, Cho, Bengio 2015, ICLR, section A.1.2; as pooling: Yang et al. 2016, NAACL, equations 8-10.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(dim, dim), nn.Tanh(), nn.Linear(dim, 1, bias=False))

    def weights(self, h: Tensor, mask: Tensor) -> Tensor:
        """(B, T, E), (B, T) -> (B, T): sums to 1 over the real steps; all 0 where there are none."""
        score = self.score(h)[..., 0].masked_fill(~mask, -torch.inf)
        some = mask.any(dim=1, keepdim=True)
        return torch.softmax(score.where(some, 0.0), dim=1) * some * mask

    def forward(self, h: Tensor, mask: Tensor) -> Tensor:
        """(B, T, E) -> (B, E)."""
        return (self.weights(h, mask)[..., None] * h).sum(dim=1)


class ClipCNNEncoder(nn.Module):
    """Log-mel frames -> embedding: convolutions over time, each halving it, then mean and maximum over what is left.

    Parameters
    ----------
    shape : (-1, D), D mel bands.
    dim : E.
    channels : of the blocks, first to last.
    dropout : before the linear layer.
    """

    def __init__(
        self, shape: Sequence[int], dim: int = 128, channels: Sequence[int] = (96, 96, 128), dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.dim, self.step_dim = dim, channels[-1]
        widths = [shape[-1], *channels]
        self.convolutions = nn.ModuleList(nn.Conv1d(i, o, 5, padding=2) for i, o in zip(widths, channels, strict=False))
        # Normalised over the channels of one step: statistics over a batch would count its padding.
        self.norms = nn.ModuleList(nn.LayerNorm(o) for o in channels)
        self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * channels[-1], dim))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, D) -> (B, E)."""
        return self.pool_steps(*self.steps(x, mask))

    def steps(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(B, T, D) -> (B, T', S), (B, T'), T' = T / 2 for each block."""
        mask = everywhere(x, mask)
        h = x * mask[..., None]
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            h = F.relu(norm(convolution(h.transpose(1, 2)).transpose(1, 2))) * mask[..., None]  # (B, T, K)
            h = F.max_pool1d(h.transpose(1, 2), 2, ceil_mode=True).transpose(1, 2)  # (B, T / 2, K)
            mask = F.max_pool1d(mask[:, None].float(), 2, ceil_mode=True)[:, 0] > 0
        return h * mask[..., None], mask

    def pool_steps(self, h: Tensor, mask: Tensor) -> Tensor:
        """(B, T', S) -> (B, E); ReLU left nothing below 0, so the maximum ignores the zeros of padding too."""
        n = mask.sum(dim=1, keepdim=True).clamp(min=1)
        return self.project(torch.cat([h.sum(dim=1) / n, h.amax(dim=1)], dim=1))


class GRUEncoder(nn.Module):
    """Frames -> embedding: a recurrent network read in both directions, then attention pooling.

    Parameters
    ----------
    shape : (-1, D).
    dim : E.
    hidden : units in each direction.
    stride : so many neighbouring frames are averaged first; a step is then as long as a syllable's part, not 10 ms.
    dropout : share of inputs and outputs that is silenced in training.

    References
    ----------
    Cho et al. 2014, EMNLP, section 2.3.
    """

    def __init__(
        self, shape: Sequence[int], dim: int = 128, hidden: int = 64, stride: int = 4, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.dim, self.step_dim, self.stride = dim, 2 * hidden, stride
        self.gru = nn.GRU(shape[-1], hidden, batch_first=True, bidirectional=True)
        self.pool = AttentionPool(2 * hidden)
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(2 * hidden, dim)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, D) -> (B, E)."""
        return self.pool_steps(*self.steps(x, mask))

    def steps(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(B, T, D) -> (B, T', S), (B, T'), T' = T / stride."""
        x, mask = mean_of_neighbours(x, everywhere(x, mask), self.stride)
        lengths = mask.sum(dim=1).clamp(min=1).cpu()  # a packed sequence may not be empty; the pool drops it again
        packed = nn.utils.rnn.pack_padded_sequence(self.dropout(x), lengths, batch_first=True, enforce_sorted=False)
        h, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=x.shape[1])
        return h, mask

    def pool_steps(self, h: Tensor, mask: Tensor) -> Tensor:
        """(B, T', S) -> (B, E)."""
        return self.project(self.dropout(self.pool(h, mask)))


def mean_of_neighbours(x: Tensor, mask: Tensor, n: int) -> tuple[Tensor, Tensor]:
    """Average every n steps, real ones only: (B, T, D), (B, T) -> (B, T / n, D), (B, T / n)."""
    spare = -x.shape[1] % n
    x, real = F.pad(x * mask[..., None], (0, 0, 0, spare)), F.pad(mask, (0, spare))
    count = real.unflatten(1, (-1, n)).sum(dim=2)  # (B, T / n)
    return x.unflatten(1, (-1, n)).sum(dim=2) / count.clamp(min=1)[..., None], count > 0


class BagEncoder(nn.Module):
    """A bag of weighted n-grams -> embedding: the sum of their vectors, each times its weight.

    It is a linear model of tf-idf that never holds the zeros. Order is lost but for what the n-grams keep. All
    vectors begin at zero, so that an n-gram never seen in training says nothing.

    Parameters
    ----------
    shape : (-1, 2): index and weight of each n-gram.
    n_tokens : size of the vocabulary.
    dim : E.
    dropout : share of n-grams that is silenced in training.
    scale : all weights are multiplied by it. A text's tf-idf weights have length 1 together, so each is small, and
        small steps would need many epochs to make much of it.

    References
    ----------
    Joulin et al. 2017, EACL (fastText), equation 1.
    """

    def __init__(
        self, shape: Sequence[int], n_tokens: int, dim: int = 8, dropout: float = 0.0, scale: float = 10.0
    ) -> None:
        super().__init__()
        _require(shape, 2, dropout, scale)
        self.dim, self.dropout, self.scale = dim, dropout, scale
        self.table = nn.Embedding(n_tokens, dim)
        nn.init.zeros_(self.table.weight)
        # Most n-grams occur once or twice: were they to move as far as the others, they would be learnt by heart.
        self.table.weight.adam_eps = 1e-2  # type: ignore[attr-defined]
        self.bias = nn.Parameter(torch.zeros(dim))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, 2) -> (B, E)."""
        weight = self.scale * x[..., 1] * everywhere(x, mask)
        if self.training:
            weight = F.dropout(weight, self.dropout)
        bag = F.embedding_bag(x[..., 0].long(), self.table.weight, mode="sum", per_sample_weights=weight)
        return bag + self.bias


class WordEncoder(nn.Module):
    """Token indices -> embedding: a learnt vector for each token, then attention pooling.

    Parameters
    ----------
    shape : (-1, 1): index of each token, in the order of the text.
    n_tokens : size of the vocabulary; index 0 is every unknown token.
    dim : E.
    dropout : share of tokens that become unknown in training, so that unknown ones have a meaning later.
    """

    def __init__(self, shape: Sequence[int], n_tokens: int, dim: int = 64, dropout: float = 0.3) -> None:
        super().__init__()
        _require(shape, 1, dropout)
        self.dim, self.step_dim, self.dropout = dim, dim, dropout
        self.table = nn.Embedding(n_tokens, dim)
        self.pool = AttentionPool(dim)
        self.project = nn.Linear(dim, dim)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, 1) -> (B, E)."""
        return self.pool_steps(*self.steps(x, mask))

    def steps(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(B, T, 1) -> (B, T, S), (B, T)."""
        index = x[..., 0].long()
        if self.training and self.dropout:
            index = index * (torch.rand_like(x[..., 0]) >= self.dropout)
        return self.table(index), everywhere(x, mask)

    def pool_steps(self, h: Tensor, mask: Tensor) -> Tensor:
        """(B, T, S) -> (B, E)."""
        return self.project(self.pool(h, mask))
