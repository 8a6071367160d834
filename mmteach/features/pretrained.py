"""Embeddings from a network that others have trained on millions of photos."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pickle import UnpicklingError
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from mmteach.errors import DownloadError, ParameterError
from mmteach.features.cache import cached
from mmteach.features.extractor import Stateless, register
from mmteach.features.image import stack
from mmteach.types import Image

if TYPE_CHECKING:
    from torch import nn

NETWORKS = ("resnet18", "resnet50", "mobilenet_v3_small", "efficientnet_b0", "vgg16")  # torchvision, ImageNet-1k
_MEAN, _STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # what torchvision's weights were trained with


@functools.lru_cache(maxsize=1)  # one network in memory: vgg16 alone takes half a gigabyte
def _network(name: str) -> nn.Module:
    import torch
    from torchvision import models

    weights = models.get_model_weights(name).DEFAULT
    try:  # weights_only: tensors and nothing else come out of the file
        state = weights.get_state_dict(progress=True, check_hash=True, weights_only=True)
        network = models.get_model(name, weights=None)
        network.load_state_dict(state)
    except (OSError, RuntimeError, EOFError, UnpicklingError) as error:  # no network, refused, or not these weights
        file = weights.url.rsplit("/", 1)[1]
        raise DownloadError(
            f"the weights of {name} are not on this machine and could not be fetched or read ({type(error).__name__}): "
            f"put {file}, from a machine that is online, into {torch.hub.get_dir()}/checkpoints, "
            "or choose 'lbp', 'hog', 'eigenfaces' or 'pixels', which need no download"
        ) from error
    _drop_classifier(network)
    return network.eval()


def _drop_classifier(network: nn.Module) -> None:
    """Replace the last linear layer by nothing, so that what comes out is the layer before it."""
    from torch import nn

    if hasattr(network, "fc"):
        network.fc = nn.Identity()
    else:
        network.classifier[-1] = nn.Identity()  # type: ignore[operator, assignment]


@cached
def embed(pictures: np.ndarray, network: str, batch_size: int = 32) -> np.ndarray:
    """(N, H, W) or (N, H, W, 3) uint8 -> (N, D) float32 from the layer before the classifier."""
    import torch
    from torchvision.transforms.v2 import functional as v2

    model, rows = _network(network), []
    for start in range(0, len(pictures), batch_size):
        part = torch.from_numpy(pictures[start : start + batch_size])
        x = part[:, None].expand(-1, 3, -1, -1) if part.ndim == 3 else part.permute(0, 3, 1, 2)  # (b, 3, H, W)
        x = v2.normalize(v2.resize(x, [224, 224], antialias=True).float() / 255, _MEAN, _STD)
        with torch.inference_mode():
            rows.append(model(x).numpy())
    return np.concatenate(rows)


@register
class Pretrained(Stateless):
    """Embedding by a torchvision network trained on ImageNet.

    Parameters
    ----------
    network : one of `NETWORKS`; its weights come from torch's local cache or are downloaded once.
    """

    name: ClassVar[str] = "pretrained"

    def __init__(self, network: str = "resnet18") -> None:
        if network not in NETWORKS:
            raise ParameterError(f"no network is called {network!r}; known are {', '.join(NETWORKS)}")
        self.network = network

    def __call__(self, media: Sequence[Image]) -> np.ndarray:
        """N pictures (uint8, not standardised) -> (N, D)."""
        return embed(stack(media), network=self.network)
