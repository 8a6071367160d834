"""Sample -> cleaned Sample: every picture, recording and text in the same shape, with its parameters written down."""

from mmteach.preprocess.audio import AUDIO_STEPS, Level, PadCrop, Resample, Trim, require_sound
from mmteach.preprocess.image import Colour, Crop, Equalise, Grey, Resize, Rotate, Standardise, Upright
from mmteach.preprocess.steps import STEPS, Step, apply_steps, before_and_after, fit_steps
from mmteach.preprocess.text import TEXT_STEPS, Clean, Lower, Normalise, require_text

__all__ = [
    "AUDIO_STEPS",
    "STEPS",
    "TEXT_STEPS",
    "Clean",
    "Colour",
    "Crop",
    "Equalise",
    "Grey",
    "Level",
    "Lower",
    "Normalise",
    "PadCrop",
    "Resample",
    "Resize",
    "Rotate",
    "Standardise",
    "Step",
    "Trim",
    "Upright",
    "apply_steps",
    "before_and_after",
    "fit_steps",
    "require_sound",
    "require_text",
]
