"""What `mmteach data` shows and fetches."""

from __future__ import annotations

from pathlib import Path

from mmteach.datasets.composed import composed_card, composed_sentence
from mmteach.datasets.folders import data_folders, embedded_folder, user_folder
from mmteach.datasets.known import RemoteFile, known_sets
from mmteach.datasets.manifest import MANIFEST
from mmteach.datasets.registry import absence, card_text, find, load, look_for, recognised, sides
from mmteach.errors import DataError, DownloadError


def names_with_state() -> list[tuple[str, str, str]]:
    """Every set that is known or lies in one of the data folders.

    Returns
    -------
    list of (name, state, description); state is "embedded", "here", "get" (it can be fetched) or "by hand".
    """
    listed = {}
    for folder in (embedded_folder(), user_folder(), *reversed(data_folders())):
        for table in sorted(folder.glob(f"*/{MANIFEST}")):
            state = "embedded" if folder == embedded_folder() else "here"
            listed[table.parent.name] = (state, _first_line(table.parent) or f"your own: {table}")
    for name, known in known_sets().items():
        here = look_for(name)
        if here is None:
            listed[name] = ("get" if known.files else "by hand", known.about)
        elif recognised(here, name):
            along = known.comes_along or here.parent == embedded_folder()
            listed[name] = ("embedded" if along else "here", known.about)
    return [(name, *listed[name]) for name in sorted(listed)]


def card(name: str) -> str:
    """The card of a set, markdown: how it was made, what it can and cannot teach.

    Raises
    ------
    DataError : the set is nowhere and not known, or nobody wrote a card for it.
    """
    if names := sides(name):
        if all(look_for(side) or Path(side).exists() for side in names):
            return load(name).card
        return composed_card(composed_sentence(*names, "valence"), *((side, card(side)) for side in names))
    known = known_sets().get(name)
    here = look_for(name) if known else find(name)
    text = (card_text(here) if here else "") or (known.card if known else "")
    if not text:
        place = here or name
        raise DataError(f"{place} has no card: write how it was made into a CARD.md beside its files")
    return text


def get(name: str, progress: bool = True) -> Path:
    """Fetch a set from its publisher into the user's data folder, or find that it is here.

    Returns
    -------
    Path : the set's folder.

    Raises
    ------
    DownloadError : no address is certain, or the publisher cannot be reached; it says which files to put where.
    DataError : no set has this name, or what came cannot be unpacked.
    """
    if names := sides(name):
        raise DataError(f"'{name}' is composed of two sets: run `mmteach data get` for {names[0]} and for {names[1]}")
    known = known_sets().get(name)
    here, ours = look_for(name), user_folder() / name
    if here and (here != ours or not (known and known.files)):
        return here
    if known is None:
        raise DataError(absence(name))
    if not known.files:
        raise DownloadError(f"no address of '{name}' is certain, so it is not fetched: put {known.by_hand} in {ours}")
    for remote in known.files:
        _bring(remote, ours, name, progress)
    return ours


def _bring(remote: RemoteFile, folder: Path, name: str, progress: bool) -> None:
    """Fetch one file, and unpack it where it is an archive; what is there already is left alone."""
    from mmteach.datasets.download import fetch
    from mmteach.datasets.unpack import unpack

    target = folder / (remote.unpacks_to or remote.filename)
    if remote.unpacks_to and target.exists():
        return
    path = fetch(remote, folder, again=f"mmteach data get {name}", progress=progress)
    if remote.unpacks_to:
        unpack(path, remote.unpacks_to, target)
        path.unlink()


def _first_line(folder: Path) -> str:
    """The title of a set's card; "" where it has none."""
    return card_text(folder).lstrip("# \n").partition("\n")[0].strip()
