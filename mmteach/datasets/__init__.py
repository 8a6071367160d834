"""A folder on disk -> samples: named sets, one's own data, pictures, splits by group."""

from mmteach.datasets.catalogue import card, get, names_with_state
from mmteach.datasets.check import Report, check
from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.duplicates import drop_duplicates
from mmteach.datasets.folders import embedded_folder
from mmteach.datasets.known.lfw import lfw_pairs
from mmteach.datasets.media import read_media
from mmteach.datasets.pairing import pair
from mmteach.datasets.pairs import Pair, read_pairs
from mmteach.datasets.pictures import read_image
from mmteach.datasets.protocols import Plan, plan
from mmteach.datasets.recordings import read_audio
from mmteach.datasets.registry import load
from mmteach.datasets.splits import Fold, folds, require_disjoint, split

__all__ = [
    "Dataset",
    "Fold",
    "Pair",
    "Plan",
    "Report",
    "Row",
    "card",
    "check",
    "drop_duplicates",
    "embedded_folder",
    "folds",
    "get",
    "lfw_pairs",
    "load",
    "names_with_state",
    "pair",
    "plan",
    "read_audio",
    "read_image",
    "read_media",
    "read_pairs",
    "require_disjoint",
    "split",
]
