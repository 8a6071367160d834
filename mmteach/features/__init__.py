"""Sample -> Features: numbers that a model can compare."""

from mmteach.features.cache import cached, set_cache_folder
from mmteach.features.extractor import EXTRACTORS, Extractor, Join, build_extractor
from mmteach.features.image import HOG, LBP, Eigenfaces, Pixels, hog, lbp, lbp_codes
from mmteach.features.pretrained import NETWORKS, Pretrained
from mmteach.features.vector import Landmarks, Scale, Vector, landmark_geometry, standardise_within_group

__all__ = [
    "EXTRACTORS",
    "HOG",
    "LBP",
    "NETWORKS",
    "Eigenfaces",
    "Extractor",
    "Join",
    "Landmarks",
    "Pixels",
    "Pretrained",
    "Scale",
    "Vector",
    "build_extractor",
    "cached",
    "hog",
    "landmark_geometry",
    "lbp",
    "lbp_codes",
    "set_cache_folder",
    "standardise_within_group",
]
