"""Sample -> cleaned Sample: every picture, recording and text in the same shape, with its parameters written down."""

from mmteach.preprocess.image import (
    STEPS,
    Colour,
    Crop,
    Equalise,
    Grey,
    Resize,
    Rotate,
    Standardise,
    Step,
    Upright,
    apply_steps,
    before_and_after,
    fit_steps,
)

__all__ = [
    "STEPS",
    "Colour",
    "Crop",
    "Equalise",
    "Grey",
    "Resize",
    "Rotate",
    "Standardise",
    "Step",
    "Upright",
    "apply_steps",
    "before_and_after",
    "fit_steps",
]
