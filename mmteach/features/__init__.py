"""Sample -> Features: numbers that a model can compare."""

from mmteach.features.audio import MFCC, LogMel, deltas, log_mel, mfcc
from mmteach.features.audio_frames import Framing
from mmteach.features.audio_level import LevelLogMel, level_frames
from mmteach.features.audio_picture import WordPicture
from mmteach.features.audio_pitch import Pitch, pitch
from mmteach.features.audio_spectrum import rms, spectral, zero_crossing_rate
from mmteach.features.audio_statistics import VoiceStatistics, voice_statistics
from mmteach.features.cache import cached, per_item, set_cache_folder
from mmteach.features.extractor import EXTRACTORS, Extractor, Join, build_extractor
from mmteach.features.image import HOG, LBP, Eigenfaces, Pixels, hog, lbp, lbp_codes
from mmteach.features.lexicon import mood_words, moods
from mmteach.features.pretrained import NETWORKS, Pretrained
from mmteach.features.text import NGrams, Tokens, inverse_document_frequency, tf_idf
from mmteach.features.text_tokens import ngrams, tokenise
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
    "LevelLogMel",
    "LogMel",
    "NGrams",
    "Pitch",
    "Pixels",
    "Pretrained",
    "Scale",
    "Tokens",
    "Vector",
    "VoiceStatistics",
    "WordPicture",
    "build_extractor",
    "cached",
    "deltas",
    "hog",
    "inverse_document_frequency",
    "landmark_geometry",
    "lbp",
    "lbp_codes",
    "level_frames",
    "log_mel",
    "mfcc",
    "mood_words",
    "moods",
    "ngrams",
    "per_item",
    "pitch",
    "rms",
    "set_cache_folder",
    "spectral",
    "standardise_within_group",
    "tf_idf",
    "tokenise",
    "voice_statistics",
    "zero_crossing_rate",
]
