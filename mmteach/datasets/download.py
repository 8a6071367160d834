"""A publisher's file -> a folder of ours: over https only, resumed, and checked against its digest."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mmteach.datasets.known import RemoteFile
from mmteach.errors import DownloadError

if TYPE_CHECKING:
    import requests

ATTEMPTS = 4
PAUSE = 1.0  # s between attempts
TIMEOUT = (10, 30)  # s to connect, s between two pieces
CHUNK = 1 << 14  # bytes; what is lost where the line breaks
MOST_BYTES = 4 * 10**9


def fetch(remote: RemoteFile, folder: Path, *, again: str, progress: bool = True) -> Path:
    """Fetch a file, or take the one that was put there by hand, once its digest is right.

    What has come so far is kept beside it as NAME.part, and the next attempt goes on from there.

    Parameters
    ----------
    again : the command that goes on once the file is there, as in "mmteach data get lfw".

    Raises
    ------
    DownloadError : offline, refused, or not the published file; it says which file to put where.
    """
    path = folder / remote.filename
    by_hand = f"download {remote.url} in a browser, save it as {path}, and run `{again}` again"
    if path.exists():
        if digest(path) == remote.sha256:
            return path
        raise DownloadError(f"{path} is not the published file (its digest differs): delete it and run `{again}` again")
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _with_patience(remote.url, part, progress)
    except OSError as error:  # requests' exceptions are OSErrors too
        raise DownloadError(f"{remote.filename} could not be fetched ({_reason(error)}): {by_hand}") from error
    if digest(part) != remote.sha256:
        part.unlink()
        raise DownloadError(
            f"{remote.filename} came, but is not the published file (its digest differs), and was deleted: {by_hand}"
        )
    os.replace(part, path)
    return path


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def new_session() -> requests.Session:
    """A session that speaks https and nothing else, also where a server sends it on."""
    import requests

    session = requests.Session()
    del session.adapters["http://"]
    return session


def _with_patience(url: str, part: Path, progress: bool) -> None:
    """Fetch to `part`; where the line breaks, go on from there a few times."""
    from requests.exceptions import ChunkedEncodingError, ConnectionError, Timeout

    for attempt in range(1, ATTEMPTS + 1):
        had = _size(part)
        try:
            return _transfer(url, part, progress)
        except (ChunkedEncodingError, ConnectionError, Timeout):
            if attempt == ATTEMPTS or _size(part) <= had:  # nothing came: no use in asking again at once
                raise
            time.sleep(PAUSE)


def _transfer(url: str, part: Path, progress: bool) -> None:
    """One request, for what is still missing."""
    from tqdm import tqdm

    had = _size(part)
    wanted = {"Accept-Encoding": "identity", **({"Range": f"bytes={had}-"} if had else {})}
    with new_session() as session, session.get(url, headers=wanted, stream=True, timeout=TIMEOUT) as response:
        resumed = response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {had}-")
        if had and not resumed and response.status_code in (206, 416):  # what we have does not fit what it offers
            part.unlink()
            return _transfer(url, part, progress)
        response.raise_for_status()
        start = had if resumed else 0
        total = start + int(response.headers.get("Content-Length", 0)) or None
        bar = tqdm(total=total, initial=start, unit="B", unit_scale=True, desc=part.stem, disable=not progress)
        with part.open("ab" if resumed else "wb") as file, bar:
            for chunk in response.iter_content(CHUNK):
                bar.update(file.write(chunk))
                if file.tell() > MOST_BYTES:
                    raise OSError(f"more than {MOST_BYTES // 10**9} GB came")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: OSError) -> str:
    """Why a transfer failed, in a few words."""
    from requests import exceptions

    if isinstance(error, (exceptions.InvalidSchema, exceptions.MissingSchema)):
        return "only https is allowed"
    if isinstance(error, exceptions.SSLError):
        return "the server's certificate is not valid"
    if isinstance(error, exceptions.Timeout):
        return "the server does not answer"
    if isinstance(error, exceptions.HTTPError) and error.response is not None:
        return f"the server refuses: {error.response.status_code} {error.response.reason}"
    if isinstance(error, exceptions.RequestException):
        return "no connection, or it broke off"
    return str(error.strerror or error)
