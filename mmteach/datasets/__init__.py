"""A folder on disk -> samples: named sets, one's own data, pictures, splits by group."""

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.media import read_audio
from mmteach.datasets.pictures import read_image
from mmteach.datasets.protocols import Plan, plan
from mmteach.datasets.registry import embedded_folder, load
from mmteach.datasets.splits import Fold, folds, require_disjoint, split

__all__ = [
    "Dataset",
    "Fold",
    "Plan",
    "Row",
    "embedded_folder",
    "folds",
    "load",
    "plan",
    "read_audio",
    "read_image",
    "require_disjoint",
    "split",
]
