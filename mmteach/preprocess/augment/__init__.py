"""Change training samples so that the label stays and the numbers do not, or, to learn from it, so that it does not.

Everything random is drawn from a torch generator that is passed in: the same generator gives the same view again.
"""

from mmteach.preprocess.augment.audio import (
    Speed,
    add_noise,
    gain,
    pitch_shift,
    reverberate,
    room_response,
    speed,
    time_stretch,
)
from mmteach.preprocess.augment.image import brightness, contrast, erase, flip, flip_mouth, rotate
from mmteach.preprocess.augment.operations import OPERATIONS, Operation, RandAugment
from mmteach.preprocess.augment.spectrogram import SpecAugment, mask_frequency, mask_time
from mmteach.preprocess.augment.text import drop_negations, drop_words, is_negation, swap_words
from mmteach.preprocess.augment.views import RandomView, fixed_views, random_view
from mmteach.preprocess.augment.warp import warp

AUGMENTS = {"RandomView": RandomView, "Speed": Speed, "SpecAugment": SpecAugment, "RandAugment": RandAugment}

__all__ = [
    "AUGMENTS",
    "OPERATIONS",
    "Operation",
    "RandAugment",
    "RandomView",
    "SpecAugment",
    "Speed",
    "add_noise",
    "brightness",
    "contrast",
    "drop_negations",
    "drop_words",
    "erase",
    "fixed_views",
    "flip",
    "flip_mouth",
    "gain",
    "is_negation",
    "mask_frequency",
    "mask_time",
    "pitch_shift",
    "random_view",
    "reverberate",
    "room_response",
    "rotate",
    "speed",
    "swap_words",
    "time_stretch",
    "warp",
]
