"""Names -> sets: where a set is looked for, and what is known of it."""

from __future__ import annotations

import difflib
import inspect
import os
from pathlib import Path
from typing import Any

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.known import KnownSet, known_sets
from mmteach.datasets.layouts import open_path
from mmteach.datasets.manifest import MANIFEST
from mmteach.errors import DataError, ParameterError

CARD = "CARD.md"


def load(name_or_path: str | Path, **options: Any) -> Dataset:
    """Load a set by name or path. Nothing is downloaded and no picture is read yet.

    A path that exists is taken first: a manifest (.csv), a folder with a manifest.csv, or a folder for each class.
    A name is then looked for in the folders of the variable MMTEACH_DATA, in the user's data folder, and among the
    sets that come with mmteach.

    Parameters
    ----------
    options : of the named set, as in `load("lfw", min_images=20)`.

    Raises
    ------
    DataError : it is nowhere, with what to do; or it is there and cannot be used.

    Examples
    --------
    >>> faces = load("faces")  # doctest: +SKIP
    >>> faces.modalities  # doctest: +SKIP
    ('image', 'landmarks')
    """
    folder = find(name_or_path)
    known = recognised(folder, str(name_or_path))
    allowed = list(inspect.signature(known.open).parameters)[1:] if known else []
    for option in options:
        if option not in allowed:
            listed = ", ".join(allowed) or "none"
            raise ParameterError(f"set '{name_or_path}' has no option {option!r}; its options: {listed}")
    if known:
        dataset = known.open(folder, **options)
        dataset.name = known.name
        return dataset.described(card_text(folder) or known.card, known.synthetic, known.note)
    return open_path(folder).described(card_text(folder), synthetic=False, note="")


def find(name_or_path: str | Path) -> Path:
    """The file or folder of a set.

    Raises
    ------
    DataError : it is nowhere; the sentence says where it was looked for and what to do.
    """
    given = Path(name_or_path).expanduser()
    if str(name_or_path).strip() and given.exists():
        return given
    name = str(name_or_path)
    if isinstance(name_or_path, Path) or given.is_absolute() or given.suffix.lower() == ".csv" or not name.strip():
        raise DataError(f"{name or 'an empty name'} is neither a file nor a folder: correct the path")
    for folder in places(name):
        if folder.is_dir():
            return folder
    raise DataError(_absence(name))


def places(name: str) -> list[Path]:
    """The folders where a set of this name would lie, in the order of the search."""
    known = known_sets().get(name)
    outside = [folder for folder in known.elsewhere() if known.fits(folder)] if known else []
    return [*(folder / name for folder in (*data_folders(), user_folder())), *outside, embedded_folder() / name]


def data_folders() -> list[Path]:
    """The folders that MMTEACH_DATA lists, parted as in PATH."""
    listed = os.environ.get("MMTEACH_DATA", "").split(os.pathsep)
    return [Path(folder.strip()).expanduser() for folder in listed if folder.strip()]


def user_folder() -> Path:
    """The user's own data folder, where downloads go."""
    from platformdirs import user_data_path

    return user_data_path("mmteach", appauthor=False) / "data"


def embedded_folder() -> Path:
    """The sets that come with mmteach: in its wheel, or in a checkout of its source."""
    packaged = Path(__file__).parent / "embedded"
    source = Path(__file__).parents[2]
    return source / "datasets" if not packaged.is_dir() and (source / "pyproject.toml").is_file() else packaged


def recognised(path: Path, name: str = "") -> KnownSet | None:
    """The known set that lies in a folder of that set's name, in its publisher's layout."""
    for candidate in (name, path.resolve().name):
        known = known_sets().get(candidate)
        if known and path.is_dir() and known.fits(path):
            return known
    return None


def card_text(path: Path) -> str:
    """The CARD.md beside a set's files; "" where there is none."""
    card = (path if path.is_dir() else path.parent) / CARD
    return card.read_text(encoding="utf-8") if card.is_file() else ""


def _absence(name: str) -> str:
    """One sentence: where a set was looked for, and what to do."""
    listed = [str(folder) for folder in data_folders()] or ["MMTEACH_DATA, which is not set"]
    looked = f"in {', '.join(listed)}, in {user_folder()} and among the embedded sets"
    known = known_sets().get(name)
    if known:
        fetch = f"run `mmteach data get {name}`, or " if known.files else ""
        return f"set '{name}' is not here, looked {looked}: {fetch}put {known.by_hand} in {user_folder() / name}"
    names = sorted({*known_sets(), *embedded_names()})
    near = difflib.get_close_matches(name, names, 1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    return f"no set or path is called {name!r}, looked {looked}: {meant}known sets are {', '.join(names)}"


def embedded_names() -> list[str]:
    """The sets that come with mmteach."""
    return sorted(table.parent.name for table in embedded_folder().glob(f"*/{MANIFEST}"))
