"""The faces that come with mmteach: rendered people, each image with its landmarks."""

from pathlib import Path

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import embedded_folder
from mmteach.datasets.known import KnownSet
from mmteach.datasets.manifest import MANIFEST, read_manifest


def _open(folder: Path) -> Dataset:
    return read_manifest(folder / MANIFEST)


def _fits(folder: Path) -> bool:
    """One's own folder may be called faces too, and is not this one."""
    return folder.resolve() == (embedded_folder() / "faces").resolve()


SET = KnownSet(
    name="faces",
    about="synthetic people, rendered: image and landmarks, identity and expression",
    card="",  # CARD.md beside the images
    open=_open,
    fits=_fits,
    by_hand="the folder datasets/faces of mmteach's source",
    synthetic=True,
    note="synthetic people, rendered",
)
