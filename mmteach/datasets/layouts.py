"""A folder on disk -> a set, by how its files lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mmteach.datasets.dataset import Dataset, Row, natural_key
from mmteach.datasets.manifest import MANIFEST, read_manifest
from mmteach.errors import DataError
from mmteach.types import Modality

SUFFIXES: dict[Modality, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pbm", ".bmp", ".gif", ".tif", ".tiff", ".webp"),
    "audio": (".wav", ".flac", ".ogg", ".mp3", ".aiff", ".aif"),
    "text": (".txt",),
}


def open_path(path: Path) -> Dataset:
    """Open a manifest, a folder with a manifest.csv, or a folder for each class.

    Raises
    ------
    DataError : the path is none of these.
    """
    table = manifest_of(path)
    if table:
        return read_manifest(table)
    if path.is_dir():
        return read_class_folders(path)
    raise DataError(f"{path} is not a set: give a folder or a manifest (.csv)")


def manifest_of(path: Path) -> Path | None:
    """The table of a set: the path itself, or the manifest.csv in it; None where there is none."""
    if path.is_dir():
        return path / MANIFEST if (path / MANIFEST).is_file() else None
    return path if path.suffix.lower() in (".csv", ".tsv") else None


def read_class_folders(folder: Path) -> Dataset:
    """Read a folder for each class, as the AT&T/ORL faces lie: s1/1.pgm to s40/10.pgm.

    A folder's name is the label of the files in it, and their group: for faces, a folder a person. Folders and
    files come in natural order, s2 before s10. The kind of a file is known by the end of its name; hidden files and
    files of no known kind are passed over. An id is the path without its ending: "s1/1".

    Raises
    ------
    DataError : there is no such file in any folder.
    """
    files = [file for inner in class_folders(folder) for file in media_files(inner)]
    if not files:
        raise DataError(
            f"{folder} has neither a {MANIFEST} nor folders of pictures, sounds or texts: "
            "put each person's pictures in a folder of their own, or write a manifest"
        )
    return Dataset(rows_of(files, folder), folder.resolve().name)


def class_folders(folder: Path) -> list[Path]:
    """The folders in a folder, hidden ones left out, in natural order."""
    return _in_order(inner for inner in folder.iterdir() if inner.is_dir())


def media_files(folder: Path) -> list[Path]:
    """The pictures, sounds and texts that lie in a folder, in natural order."""
    return _in_order(file for file in folder.iterdir() if _modality(file) and file.is_file())


def rows_of(files: list[Path], folder: Path) -> list[Row]:
    """One row a file; the name of the folder it lies in is its label and group."""
    plain = [file.relative_to(folder).with_suffix("").as_posix() for file in files]
    count = Counter(plain)
    return [
        Row(
            id=name if count[name] == 1 else file.relative_to(folder).as_posix(),
            media={_modality(file): file},
            label=file.parent.name,
            group=file.parent.name,
        )
        for file, name in zip(files, plain, strict=True)
    ]


def _modality(file: Path) -> Modality:
    """The kind of a file by its ending; "" for another kind."""
    suffix = file.suffix.lower()
    return next((modality for modality, suffixes in SUFFIXES.items() if suffix in suffixes), "")


def _in_order(paths: Iterable[Path]) -> list[Path]:
    visible = (path for path in paths if not path.name.startswith("."))
    return sorted(visible, key=lambda path: natural_key(path.name))
