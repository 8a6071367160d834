import pytest
import torch

from mmteach.models import ModelSpec
from mmteach.types import Batch

SHAPES = {"image": (1, 8, 8), "vector": (5,)}
CNN = {"name": "cnn", "dim": 6, "channels": [3, 4]}
MLP = {"name": "mlp", "dim": 6, "hidden": 7}


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Tiny models gain nothing from several cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def make_spec():
    """Describe a small model of a picture and a vector with 3 classes."""

    def make(fusion="concat", head="linear", encoders=("cnn", "mlp"), **fusion_options) -> ModelSpec:
        torch.manual_seed(0)  # of the weights that are about to be drawn
        by_name = {"cnn": CNN, "mlp": MLP}
        return ModelSpec(
            dict(SHAPES),
            3,
            {m: dict(by_name[e]) for m, e in zip(SHAPES, encoders, strict=True)},
            {"name": fusion, **fusion_options},
            {"name": head},
        )

    return make


@pytest.fixture
def make_batch():
    """Make a random batch; `absent` names the rows that lack a modality."""

    def make(n: int = 6, seed: int = 0, **absent: list[int]) -> Batch:
        generator = torch.Generator().manual_seed(seed)
        x = {m: torch.randn(n, *shape, generator=generator) for m, shape in SHAPES.items()}
        present = {m: torch.ones(n, dtype=torch.bool) for m in SHAPES}
        for m, rows in absent.items():
            present[m][rows] = False
            x[m][rows] = 0
        return Batch(tuple(map(str, range(n))), x, {}, present, torch.arange(n) % 3)

    return make
