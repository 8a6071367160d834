"""Sample -> Features: numbers that a model can compare."""

from mmteach.features.audio import MFCC, LogMel, deltas, log_mel, mfcc
from mmteach.features.audio_frames import Framing
from mmteach.features.audio_pitch import Pitch, pitch
from mmteach.features.audio_spectrum import rms, spectral, zero_crossing_rate
from mmteach.features.cache import cached, set_cache_folder
from mmteach.features.extractor import EXTRACTORS, Extractor, Join, build_extractor
from mmteach.features.image import HOG, LBP, Eigenfaces, Pixels, hog, lbp, lbp_codes
from mmteach.features.pretrained import NETWORKS, Pretrained
from mmteach.features.vector import Landmarks, Scale, Vector, landmark_geometry, standardise_within_group

__all__ = [
    "EXTRACTORS",
    "HOG",
    "LBP",
    "MFCC",
    "NETWORKS",
    "Eigenfaces",
    "Extractor",
    "Framing",
    "Join",
    "Landmarks",
    "LogMel",
    "Pitch",
    "Pixels",
    "Pretrained",
    "Scale",
    "Vector",
    "build_extractor",
    "cached",
    "deltas",
    "hog",
    "landmark_geometry",
    "lbp",
    "lbp_codes",
    "log_mel",
    "mfcc",
    "pitch",
    "rms",
    "set_cache_folder",
    "spectral",
    "standardise_within_group",
    "zero_crossing_rate",
]
