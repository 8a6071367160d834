"""Names -> sets: where a set is looked for, and what is known of it."""

from __future__ import annotations

import difflib
import inspect
from pathlib import Path
from typing import Any

from mmteach.datasets.dataset import Dataset
from mmteach.datasets.folders import data_folders, embedded_folder, user_folder
from mmteach.datasets.known import KnownSet, known_sets
from mmteach.datasets.layouts import open_path
from mmteach.datasets.manifest import MANIFEST
from mmteach.datasets.pairing import pair
from mmteach.errors import DataError, ParameterError


def load(name_or_path: str | Path, **options: Any) -> Dataset:
    """Load a set by name or path, or two as one. Nothing is downloaded, and no picture or sound is read yet.

    A path that exists is taken first: a manifest (.csv), a folder with a manifest.csv, or a folder for each class.
    A name is then looked for in the folders of the variable MMTEACH_DATA, in the user's data folder, and among the
    sets that come with mmteach. "sst2+ravdess" are the texts of one set with the voices of another, see `pair`.

    Parameters
    ----------
    options : of the named set, as in `load("lfw", min_images=20)`, or of `pair`, as in
        `load("sst2+ravdess", conflict=0.2)`, which pairs by valence where both sets have it, else by label.

    Raises
    ------
    DataError : it is nowhere, with what to do; or it is there and cannot be used.

    Examples
    --------
    >>> faces = load("faces")  # doctest: +SKIP
    >>> faces.modalities  # doctest: +SKIP
    ('image', 'landmarks')
    """
    names = sides(name_or_path)
    if names:
        return _composed(*names, **options)
    return open_found(find(name_or_path), str(name_or_path), **options)


def sides(name_or_path: str | Path) -> tuple[str, str] | None:
    """The two names of a composed set, "sst2+ravdess"; None for any other, and where such a set or path exists."""
    text, plus, audio = str(name_or_path).strip().partition("+")
    if isinstance(name_or_path, Path) or not plus or not text.strip() or not audio.strip() or "+" in audio:
        return None
    if Path(name_or_path).expanduser().exists() or look_for(name_or_path.strip()):
        return None
    return text.strip(), audio.strip()


def _composed(text_name: str, audio_name: str, **options: Any) -> Dataset:
    """The texts of one set with the voices of another."""
    _require_options(f"{text_name}+{audio_name}", options, list(inspect.signature(pair).parameters)[2:])
    texts, voices = load(text_name), load(audio_name)
    both_have_it = all(any(row.meta.get("valence") for row in side.rows) for side in (texts, voices))
    return pair(texts, voices, **{"by": "valence" if both_have_it else "label", **options})


def _require_options(name: str, options: dict[str, Any], allowed: list[str]) -> None:
    for option in options:
        if option not in allowed:
            listed = ", ".join(allowed) or "none"
            raise ParameterError(f"set '{name}' has no option {option!r}; its options: {listed}")


def open_found(place: Path, name: str = "", **options: Any) -> Dataset:
    """Open a set where it lies: in its publisher's layout if it is a known one, else as one's own."""
    known = recognised(place, name)
    _require_options(name or str(place), options, list(inspect.signature(known.open).parameters)[1:] if known else [])
    if known is None:
        return open_path(place).described(card_text(place), synthetic=False, note="")
    dataset = known.open(place, **options)
    dataset.name = known.name
    note = "; ".join(said for said in (known.note, dataset.note) if said)
    return dataset.described(card_text(place) or known.card, known.synthetic, note)


def find(name_or_path: str | Path) -> Path:
    """The file or folder of a set.

    Raises
    ------
    DataError : it is nowhere; the sentence says where it was looked for and what to do.
    """
    name = str(name_or_path).strip()
    if not name:
        raise DataError("the name of the set is empty: give a name or a path")
    given = Path(name_or_path).expanduser()
    if given.exists():
        return given
    if isinstance(name_or_path, Path) or given.is_absolute() or given.suffix.lower() == ".csv":
        raise DataError(f"{given} is neither a file nor a folder: correct the path")
    folder = look_for(name)
    if folder is None:
        raise DataError(absence(name))
    return folder


def look_for(name: str) -> Path | None:
    """The first folder where a set of this name lies; None if there is none.

    The folder of a known set counts if the set lies in it as its publisher, or a manifest, lays it out: a download
    that broke off does not.
    """
    known = known_sets().get(name)
    elsewhere = [folder for folder in known.elsewhere() if known.fits(folder)] if known else []
    for folder in (
        *(folder / name for folder in (*data_folders(), user_folder())),
        *elsewhere,
        embedded_folder() / name,
    ):
        if folder.is_dir() and (known is None or known.fits(folder) or (folder / MANIFEST).is_file()):
            return folder
    return None


def recognised(place: Path, name: str = "") -> KnownSet | None:
    """The known set that lies at a place of its name, as its publisher lays it out."""
    for candidate in (name, place.resolve().name):
        known = known_sets().get(candidate)
        if known and place.is_dir() and known.fits(place):
            return known
    return None


def card_text(place: Path) -> str:
    """The CARD.md beside a set's files; "" where there is none."""
    card = (place if place.is_dir() else place.parent) / "CARD.md"
    return card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""


def absence(name: str) -> str:
    """One sentence: where a set was looked for, and what to do."""
    outside = ", ".join(str(folder) for folder in data_folders()) or "MMTEACH_DATA (not set)"
    looked = f"looked in {outside}, in {user_folder()} and among the embedded sets"
    known = known_sets().get(name)
    if known:
        fetch = f"run `mmteach data get {name}`, or " if known.files else ""
        return f"set '{name}' is not on this machine, {looked}: {fetch}put {known.by_hand} in {user_folder() / name}"
    names = sorted({*known_sets(), *(table.parent.name for table in embedded_folder().glob(f"*/{MANIFEST}"))})
    near = difflib.get_close_matches(name, names, 1)
    meant = f"did you mean '{near[0]}'? " if near else ""
    return f"no set or path is called {name!r}, {looked}: {meant}known sets are {', '.join(names)}"
