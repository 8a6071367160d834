"""The spoken reviews that come with mmteach: sentences of our own, read by synthetic voices."""

from pathlib import Path

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import embedded_folder
from mmteach.datasets.known import KnownSet
from mmteach.datasets.manifest import MANIFEST, read_manifest


def _open(folder: Path) -> Dataset:
    return read_manifest(folder / MANIFEST)


def _fits(folder: Path) -> bool:
    """One's own folder may be called spoken_reviews too, and is not this one."""
    return folder.resolve() == (embedded_folder() / "spoken_reviews").resolve()


SET = KnownSet(
    name="spoken_reviews",
    about="synthetic voices: text and speech in English and Mandarin, three moods",
    card="",  # CARD.md beside the sounds
    open=_open,
    fits=_fits,
    by_hand="the folder datasets/spoken_reviews of mmteach's source",
    synthetic=True,
    note="synthetic voices, made with espeak-ng",
)
