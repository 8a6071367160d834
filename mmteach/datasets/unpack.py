"""An archive -> a folder, taking nothing that would leave the folder."""

from __future__ import annotations

import os
import stat
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from mmteach.errors import DataError

MOST_BYTES = 4 * 10**9  # unpacked
MOST_FILES = 200_000


def unpack(archive: Path, inner: str, target: Path) -> Path:
    """Unpack one folder of an archive; `target` appears whole or not at all.

    Parameters
    ----------
    archive : a tar of any compression, or a zip.
    inner : the folder in the archive that becomes `target`, which must not exist yet.

    Raises
    ------
    DataError : the archive is damaged, too large, has no such folder, or holds a link or a path that leaves it.
    """
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=target.parent) as scratch:
        take = _unpack_zip if zipfile.is_zipfile(archive) else _unpack_tar
        try:
            take(archive, Path(scratch))
        except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise DataError(f"{archive} could not be unpacked ({error}): delete it and get it again") from error
        if not (Path(scratch) / inner).is_dir():
            raise DataError(f"{archive} holds no folder {inner}, it is another archive: delete it and get it again")
        os.replace(Path(scratch) / inner, target)
    return target


def _unpack_tar(archive: Path, folder: Path) -> None:
    n_bytes = 0
    with tarfile.open(archive) as tar:
        for n_files, member in enumerate(tar, 1):
            n_bytes += member.size
            _require_harmless(archive, member.name, member.isreg() or member.isdir(), n_files, n_bytes)
            tar.extract(member, folder, filter="data")


def _unpack_zip(archive: Path, folder: Path) -> None:
    n_bytes = 0
    with zipfile.ZipFile(archive) as zipped:
        for n_files, member in enumerate(zipped.infolist(), 1):
            n_bytes += member.file_size
            kind = stat.S_IFMT(member.external_attr >> 16)
            _require_harmless(archive, member.filename, kind in (0, stat.S_IFREG, stat.S_IFDIR), n_files, n_bytes)
            zipped.extract(member, folder)


def _require_harmless(archive: Path, name: str, plain: bool, n_files: int, n_bytes: int) -> None:
    """Check a member before it is written.

    Raises
    ------
    DataError : it is a link or a device, its path leaves the folder on some system, or too much came already.
    """
    windows = PureWindowsPath(name)  # knows drives and backslashes, which this system may take for plain letters
    leaves = windows.drive or windows.root or ".." in windows.parts or PurePosixPath(name).is_absolute()
    if leaves or not plain:
        why = "leaves its folder" if leaves else "is a link or a device"
        raise DataError(f"{archive} is not safe, {name!r} in it {why}: nothing was kept, delete the archive")
    if n_files > MOST_FILES or n_bytes > MOST_BYTES:
        most = f"{MOST_BYTES // 10**9} GB or {MOST_FILES} files"
        raise DataError(f"{archive} unpacks to more than {most}: nothing was kept, delete the archive")
