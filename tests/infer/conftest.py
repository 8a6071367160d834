import pytest
import torch
from torch import nn

from mmteach.types import Batch, Output


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Tiny models gain nothing from several cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Sum(nn.Module):
    """Logits are weights times x, summed over the modalities present; every answer can be worked out by hand."""

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.names = sorted(weights)
        self.weights = nn.ParameterList([weights[m] for m in self.names])  # each (C, D)

    def forward(self, batch: Batch) -> Output:
        own = {}
        for m, w in zip(self.names, self.weights, strict=True):
            own[m] = (batch.x[m].flatten(1) @ w.T) * batch.present[m][:, None]
        logits = torch.stack(list(own.values())).sum(dim=0)
        return Output(logits, {m: batch.x[m].flatten(1) for m in self.names}, own, 3 * logits)


@pytest.fixture
def make_model():
    """Make a model that adds up its modalities, from the weights (C, D) of each."""

    def make(**weights: torch.Tensor) -> Sum:
        return Sum(weights)

    return make


@pytest.fixture
def make_batch():
    """Make a batch from the array (B, ...) of each modality; `absent` names rows that lack one."""

    def make(absent: dict[str, list[int]] | None = None, **x: torch.Tensor) -> Batch:
        n = len(next(iter(x.values())))
        present = {m: torch.ones(n, dtype=torch.bool) for m in x}
        for m, rows in (absent or {}).items():
            present[m][rows] = False
        return Batch(tuple(map(str, range(n))), dict(x), {}, present)

    return make
