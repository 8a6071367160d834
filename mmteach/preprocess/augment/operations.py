"""Every operation with one dial from 0 to 1, and RandAugment, which draws N of them and turns all to M."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from mmteach.errors import ParameterError
from mmteach.preprocess.augment import audio, image, text
from mmteach.types import Media, Modality


class Operation(NamedTuple):
    """One way to change a medium.

    Parameters
    ----------
    modality : what it changes.
    most : the amount at magnitude 1, in `unit`; at magnitude 0 the amount is 0, and nothing changes.
    unit : "" where it is all or nothing.
    signed : whether the amount may as well be negative; RandAugment draws the sign.
    apply : (medium, amount, generator) -> medium.
    about : what it does, in a few words.
    """

    modality: Modality
    most: float
    unit: str
    signed: bool
    apply: Callable[[Any, float, torch.Generator], Any]
    about: str


def _noise(waveform: Any, share: float, generator: torch.Generator) -> Any:
    """Noise with `share` times the amplitude of the recording: 0.1 is an SNR of 20 dB."""
    return audio.add_noise(waveform, -20 * math.log10(share) if share else math.inf, generator)


OPERATIONS: dict[str, Operation] = {
    "flip": Operation("image", 1, "", False, lambda x, a, g: image.flip(x) if a else x, "swap left and right"),
    "rotate": Operation("image", 180, "°", True, lambda x, a, g: image.rotate(x, a), "turn about the centre"),
    "brightness": Operation("image", 0.8, "share", True, lambda x, a, g: image.brightness(x, 1 + a), "lighter, darker"),
    "contrast": Operation("image", 0.8, "share", True, lambda x, a, g: image.contrast(x, 1 + a), "stronger, weaker"),
    "erase": Operation("image", 0.5, "of the area", False, image.erase, "cover a rectangle with grey"),
    "flip_mouth": Operation(
        "image", 1, "", False, lambda x, a, g: image.flip_mouth(x) if a else x, "mouth upside down"
    ),
    "noise": Operation("audio", 1, "of the voice", False, _noise, "white noise"),
    "gain": Operation("audio", 20, "dB", True, lambda x, a, g: audio.gain(x, a), "louder, softer"),
    "pitch": Operation("audio", 12, "semitones", True, lambda x, a, g: audio.pitch_shift(x, a), "higher, lower"),
    "speed": Operation("audio", 0.5, "share", True, lambda x, a, g: audio.speed(x, 1 + a), "faster, slower"),
    "room": Operation("audio", 1, "s", False, audio.reverberate, "the echo of a made-up room"),
    "drop": Operation("text", 0.6, "of the words", False, text.drop_words, "leave out words, but no negation"),
    "swap": Operation("text", 1, "of the words", False, text.swap_words, "exchange words"),
    "negation": Operation(
        "text", 1, "", False, lambda x, a, g: text.drop_negations(x) if a else x, "leave out negations"
    ),
}
"""name -> Operation; at magnitude 1 each is far too strong for most questions."""


@dataclass(frozen=True)
class RandAugment:
    """Draw N operations and apply each with magnitude M: two numbers to choose instead of a dozen.

    Parameters
    ----------
    operations : names in OPERATIONS, all of one modality. Which are safe depends on the question; so there is no
        default.
    n : how many are applied, one after the other, each drawn anew; 0 changes nothing.
    magnitude : M in [0, 1], the same for all; 0 changes nothing.

    References
    ----------
    Cubuk et al. 2020, NeurIPS.
    """

    operations: Sequence[str]
    n: int = 2
    magnitude: float = 0.2

    def __post_init__(self) -> None:
        object.__setattr__(self, "operations", tuple(self.operations))  # a list, where it comes from a file
        unknown = [name for name in self.operations if name not in OPERATIONS]
        kinds = sorted({OPERATIONS[name].modality for name in self.operations if name in OPERATIONS})
        if unknown or len(kinds) != 1:
            raise ParameterError(
                f"operations are {self.operations}, of {' and '.join(kinds) or 'nothing'}; give one or more of one "
                f"modality: {', '.join(f'{name} ({o.modality})' for name, o in OPERATIONS.items())}"
            )
        if not 0 <= self.n <= 20 or self.n != int(self.n) or not 0 <= self.magnitude <= 1:
            raise ParameterError(f"n is {self.n}, magnitude {self.magnitude}; n must be 0 to 20, magnitude 0 to 1")

    def __call__(self, medium: Media, generator: torch.Generator) -> Media:
        """Return a changed copy."""
        for which in torch.randint(len(self.operations), (self.n,), generator=generator).tolist():
            operation = OPERATIONS[self.operations[which]]
            away = operation.signed and bool(torch.rand((), generator=generator) < 0.5)
            amount = self.magnitude * operation.most * (-1 if away else 1)
            medium = operation.apply(medium, amount, generator) if amount else medium
        return medium

    def view(self, medium: Media, k: int, generator: torch.Generator) -> Media:
        """Return a random view of a medium; k, its number, does not matter."""
        return self(medium, generator)
