from pickle import UnpicklingError
from urllib.error import URLError

import numpy as np
import pytest
import torch
from torchvision import models
from torchvision.models._api import WeightsEnum

from mmteach.errors import DownloadError, ParameterError
from mmteach.features import Pretrained, pretrained


@pytest.fixture(autouse=True)
def weights_come_from(monkeypatch):
    """Choose what torchvision finds where it looks for weights; no test asks the network."""

    def choose(answer):
        def get_state_dict(self, **options):
            assert options["weights_only"]
            assert options["check_hash"]
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(WeightsEnum, "get_state_dict", get_state_dict)
        pretrained._network.cache_clear()

    choose(URLError("offline"))
    yield choose
    pretrained._network.cache_clear()


def random_weights(name):
    torch.manual_seed(0)
    return models.get_model(name, weights=None).state_dict()


def test_an_unknown_network_is_refused():
    with pytest.raises(ParameterError, match="'resnet19'; known are resnet18"):
        Pretrained("resnet19")


@pytest.mark.parametrize(
    "trouble",
    [URLError("offline"), RuntimeError("invalid hash value"), PermissionError(), UnpicklingError(), EOFError()],
)
def test_without_weights_one_sentence_says_which_file_to_put_where(images, weights_come_from, trouble, monkeypatch):
    monkeypatch.setattr("torch.hub.get_dir", lambda: "/hub")
    weights_come_from(trouble)
    with pytest.raises(
        DownloadError, match=r"put resnet18-\w+.pth, .* into /hub/checkpoints, or choose 'lbp'"
    ) as caught:
        Pretrained("resnet18")(images())
    assert type(trouble).__name__ in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_of_another_network_get_the_same_sentence(images, weights_come_from):
    weights_come_from({"fc.weight": torch.zeros(3, 3)})
    with pytest.raises(DownloadError, match=r"put resnet18-"):
        Pretrained("resnet18")(images())


def test_failure_is_not_remembered(images, weights_come_from):
    with pytest.raises(DownloadError):
        Pretrained("resnet18")(images(1))
    weights_come_from(random_weights("resnet18"))
    assert Pretrained("resnet18")(images(1)).shape == (1, 512)


def test_resnet18_gives_the_layer_before_its_classifier(images, weights_come_from):
    weights_come_from(random_weights("resnet18"))
    grey, colour = images(2, 40, 30), images(2, 40, 40, channels=3)
    x = Pretrained("resnet18")(grey)
    assert x.shape == (2, 512)
    assert x.dtype == np.float32
    whole = models.resnet18(weights=None).eval()
    whole.load_state_dict(random_weights("resnet18"))
    by_them = models.ResNet18_Weights.DEFAULT.transforms(crop_size=224, resize_size=224)
    pictures = torch.stack([torch.from_numpy(image.pixels).permute(2, 0, 1) for image in colour])
    with torch.inference_mode():
        wanted = whole(by_them(pictures)).numpy()
        logits = whole.fc(torch.from_numpy(Pretrained("resnet18")(colour))).numpy()
    np.testing.assert_allclose(logits, wanted, atol=1e-2)  # they round the resized pixels elsewhere


def test_mobilenet_loses_its_last_layer_alone(images, weights_come_from):
    weights_come_from(random_weights("mobilenet_v3_small"))
    assert Pretrained("mobilenet_v3_small")(images(1)).shape == (1, 1024)


@pytest.mark.parametrize(("name", "width"), [("resnet50", 2048), ("efficientnet_b0", 1280), ("vgg16", 4096)])
def test_every_network_can_lose_its_classifier(name, width):
    with torch.device("meta"):
        network = models.get_model(name, weights=None)
        pretrained._drop_classifier(network)
        assert network.eval()(torch.zeros(1, 3, 224, 224)).shape == (1, width)


def test_the_network_does_not_learn(images, weights_come_from):
    weights_come_from(random_weights("resnet18"))
    before = pretrained._network("resnet18").state_dict()["bn1.running_mean"].clone()
    Pretrained("resnet18")(images(2))
    assert torch.equal(pretrained._network("resnet18").state_dict()["bn1.running_mean"], before)
