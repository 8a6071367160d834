import pytest
import torch
from torch import nn

from mmteach.models import ModelSpec, MultimodalModel, build_model
from mmteach.types import Batch, Output


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Tiny models gain nothing from several cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Line(nn.Module):
    """The smallest model: logits are a linear map of one vector, and nothing else is random."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor([[0.5, -0.2], [0.1, 0.3]]))
            self.linear.bias.copy_(torch.tensor([0.0, 0.1]))

    def forward(self, batch: Batch) -> Output:
        x = batch.x["vector"]
        return Output(self.linear(x), {}, {}, x)


@pytest.fixture
def line() -> Line:
    """A model of which everything can be worked out by hand."""
    return Line()


@pytest.fixture
def make_batch():
    """Make n samples of two classes; `sign` -1 gives them the opposite labels."""

    def make(n: int = 12, sign: int = 1, seed: int = 0) -> Batch:
        generator = torch.Generator().manual_seed(seed)
        x = {m: torch.randn(n, 2, generator=generator) for m in ("other", "vector")}
        y = (sign * (x["vector"].sum(dim=1) + x["other"][:, 0]) > 0).long()
        y[:2] = torch.tensor([0, 1])  # both classes, whatever the seed
        present = {m: torch.ones(n, dtype=torch.bool) for m in x}
        return Batch(tuple(map(str, range(n))), x, {}, present, y)

    return make


@pytest.fixture
def make_model():
    """Make a small model of two vectors, the same each time."""

    def make(fusion: str = "concat", head: str = "linear", **options: float) -> MultimodalModel:
        torch.manual_seed(7)
        encoders = {m: {"name": "mlp", "dim": 4, "hidden": 5, **options} for m in ("other", "vector")}
        return build_model(ModelSpec({"other": (2,), "vector": (2,)}, 2, encoders, {"name": fusion}, {"name": head}))

    return make
