"""Chapter 2: other right answers, other ways to write each mistake."""

from mmteach.exercises.proofs.preprocess.crop_center import CROP_CENTER
from mmteach.exercises.proofs.preprocess.group_split import GROUP_SPLIT
from mmteach.exercises.proofs.preprocess.rms_level import RMS_LEVEL
from mmteach.exercises.proofs.preprocess.standardise import STANDARDISE

PROOFS = {
    "preprocess.crop_center": CROP_CENTER,
    "preprocess.rms_level": RMS_LEVEL,
    "preprocess.standardise": STANDARDISE,
    "preprocess.group_split": GROUP_SPLIT,
}
