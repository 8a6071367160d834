"""Every operation with its dial, and RandAugment."""

import numpy as np
import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import OPERATIONS, RandAugment
from mmteach.types import Image, Waveform

MEDIA = {
    "image": Image(np.random.default_rng(0).integers(0, 256, (40, 30), dtype=np.uint8)),
    "audio": Waveform(np.random.default_rng(0).uniform(-0.2, 0.2, 8000).astype(np.float32), 16_000),
    "text": "It was not bad at all, we would come again",
}


def seeded(number=0):
    return torch.Generator().manual_seed(number)


def numbers(medium):
    return getattr(medium, "pixels", getattr(medium, "samples", medium))


@pytest.mark.parametrize("name", OPERATIONS)
def test_amount_0_is_the_identity_and_the_most_is_not(name):
    operation = OPERATIONS[name]
    medium = MEDIA[operation.modality]
    assert np.array_equal(numbers(operation.apply(medium, 0, seeded())), numbers(medium))
    for amount in (operation.most, -operation.most if operation.signed else operation.most):
        made = operation.apply(medium, amount, seeded())
        assert type(made) is type(medium)
        assert not np.array_equal(numbers(made), numbers(medium))


@pytest.mark.parametrize("modality", MEDIA)
def test_no_operations_or_no_magnitude_is_the_identity(modality):
    names = [name for name, o in OPERATIONS.items() if o.modality == modality]
    for n, magnitude in ((0, 0.9), (3, 0)):
        assert RandAugment(names, n, magnitude)(MEDIA[modality], seeded()) is MEDIA[modality]


def test_n_operations_of_magnitude_m_are_drawn(monkeypatch):
    calls = []

    def recorded(name):
        return OPERATIONS[name]._replace(apply=lambda x, amount, g: calls.append((name, amount)) or x)

    for name in ("rotate", "erase", "contrast"):
        monkeypatch.setitem(OPERATIONS, name, recorded(name))
    augment, generator = RandAugment(("rotate", "erase", "contrast"), n=3, magnitude=0.5), seeded()
    for _ in range(200):
        augment(MEDIA["image"], generator)
    assert len(calls) == 600
    assert set(calls) == {("rotate", 90), ("rotate", -90), ("erase", 0.25), ("contrast", 0.4), ("contrast", -0.4)}
    assert 140 < sum(name == "erase" for name, _ in calls) < 260


def test_the_generator_decides():
    augment = RandAugment(("noise", "gain", "room"), 2, 0.3)
    first, again, other = (numbers(augment.view(MEDIA["audio"], 0, seeded(s))) for s in (0, 0, 5))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"operations": ()}, "of nothing; give one or more"),
        ({"operations": ("flip", "noise")}, "of audio and image; give one or more of one modality"),
        ({"operations": ("magic",)}, "magic"),
        ({"operations": ("flip",), "n": -1}, "n is -1"),
        ({"operations": ("flip",), "magnitude": 2}, "magnitude 2; n must be 0 to 20, magnitude 0 to 1"),
    ],
)
def test_what_cannot_be_is_a_sentence(wrong, said):
    with pytest.raises(ParameterError, match=said):
        RandAugment(**wrong)
