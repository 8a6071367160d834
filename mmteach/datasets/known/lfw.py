"""Labeled Faces in the Wild: people in the news, and the published pairs for verification."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import scikit_learn_folder
from mmteach.datasets.known import KnownSet, RemoteFile
from mmteach.datasets.layouts import class_folders, media_files, rows_of
from mmteach.datasets.pairs import Pair
from mmteach.errors import DataError, ParameterError

CARD = """\
# LFW: Labeled Faces in the Wild

13,233 colour photos, 250 x 250 pixels, of 5,749 people in the news; 1,680 of them have two or more. `funneled`
means aligned by the publisher. The files are those that scikit-learn's `fetch_lfw_people` downloads (about 230 MB),
and scikit-learn's own copy is used where it is there already.

- Layout: `lfw_funneled/NAME/NAME_0001.jpg`. Label and group: the person. The face is in the middle: crop first.
- `load("lfw", min_images=20)` keeps the people who have that many; `lfw_pairs()` are the published pairs.
- Terms: for research; the people were photographed by the press and were not asked.
- Cannot teach: fairness. Few women, children, old or dark-skinned people; the publisher itself warns that no
  commercial system should be judged by it.
- Reference: G. B. Huang, M. Ramesh, T. Berg and E. Learned-Miller, "Labeled Faces in the Wild", University of
  Massachusetts, Amherst, Technical Report 07-49, 2007.
"""

PAIR_FILES = {
    "10_folds": RemoteFile(
        filename="pairs.txt",
        url="https://ndownloader.figshare.com/files/5976006",
        sha256="ea42330c62c92989f9d7c03237ed5d591365e89b3e649747777b70e692dc1592",
    ),
    "train": RemoteFile(
        filename="pairsDevTrain.txt",
        url="https://ndownloader.figshare.com/files/5976012",
        sha256="1d454dada7dfeca0e7eab6f65dc4e97a6312d44cf142207be28d688be92aabfa",
    ),
    "test": RemoteFile(
        filename="pairsDevTest.txt",
        url="https://ndownloader.figshare.com/files/5976009",
        sha256="7cb06600ea8b2814ac26e946201cdb304296262aad67d046a16a7ec85d0ff87c",
    ),
}
PHOTOS = RemoteFile(
    filename="lfw-funneled.tgz",
    url="https://ndownloader.figshare.com/files/5976015",
    sha256="b47c8422c8cded889dc5a13418c4bc2abbda121092b3533a83306f90d900100a",
    unpacks_to="lfw_funneled",
)


def open_people(folder: Path, min_images: int = 1, funneled: bool = True) -> Dataset:
    """Read the photos of everyone who has at least `min_images` of them.

    Raises
    ------
    DataError : the variant is not there, or nobody has that many.
    """
    name = "lfw_funneled" if funneled else "lfw"
    if not (folder / name).is_dir():
        raise DataError(f"{folder} has no folder {name}: put it there, or load the other variant (funneled)")
    people = [media_files(person) for person in class_folders(folder / name)]
    files = [file for photos in people if len(photos) >= min_images for file in photos]
    if not files:
        raise DataError(f"nobody in {folder / name} has {min_images} photos: lower min_images")
    rows = [
        replace(row, id=file.stem, label=file.parent.name.replace("_", " "), group=file.parent.name.replace("_", " "))
        for row, file in zip(rows_of(files, folder / name), files, strict=True)
    ]
    return Dataset(rows, "lfw")


def lfw_pairs(part: str = "10_folds") -> list[Pair]:
    """The published pairs, by the ids of `load("lfw")`.

    Parameters
    ----------
    part : "10_folds", 6,000 pairs in folds "1" to "10"; "train" or "test", the development pairs.

    Raises
    ------
    DataError : LFW or its list of pairs is not here, or the list is damaged.
    """
    from mmteach.datasets.registry import find

    if part not in PAIR_FILES:
        raise ParameterError(f"part is {part!r}; it can be {', '.join(PAIR_FILES)}")
    path = find("lfw") / PAIR_FILES[part].filename
    if not path.is_file():
        raise DataError(f"{path} is missing: download it from {PAIR_FILES[part].url}")
    return list(_pairs(path, part))


def _pairs(path: Path, part: str) -> Iterator[Pair]:
    """Read `NAME 1 2` (same) and `NAME 1 OTHER 1` (different), tab-separated, under a line of counts."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    try:
        n_folds, n_each = (int(lines[0][0]), int(lines[0][1])) if part == "10_folds" else (1, int(lines[0][0]))
        for i, cells in enumerate(lines[1:]):
            first, a, second, b = cells if len(cells) == 4 else (cells[0], cells[1], cells[0], cells[2])
            fold = str(i // (2 * n_each) + 1) if part == "10_folds" else part
            yield Pair(f"{first}_{int(a):04d}", f"{second}_{int(b):04d}", len(cells) == 3, fold)
    except (ValueError, IndexError) as error:
        raise DataError(f"{path} is not a list of LFW pairs: get it again from {PAIR_FILES[part].url}") from error
    if len(lines) - 1 != n_folds * 2 * n_each:
        raise DataError(f"{path} has {len(lines) - 1} pairs; its first line says {n_folds * 2 * n_each}: get it again")


SET = KnownSet(
    name="lfw",
    about="13,233 photos of 5,749 people in the news, 250 x 250 colour, with published pairs",
    card=CARD,
    open=open_people,
    fits=lambda folder: (folder / "lfw_funneled").is_dir() or (folder / "lfw").is_dir(),
    by_hand=f"the folder lfw_funneled (unpacked from {PHOTOS.url}) and {PAIR_FILES['10_folds'].filename}",
    files=(*PAIR_FILES.values(), PHOTOS),
    elsewhere=lambda: [scikit_learn_folder() / "lfw_home"],
    note="real people, press photos",
)
