import io
import os
import stat
import tarfile
import zipfile

import pytest

from mmteach.datasets import unpack as module
from mmteach.datasets.unpack import unpack
from mmteach.errors import DataError


def tar_of(path, *members, mode="w:gz"):
    """Members are (name, content) or (name, content, change), where change alters the header."""
    with tarfile.open(path, mode) as tar:
        for name, content, *change in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for alter in change:
                alter(info)
            tar.addfile(info, io.BytesIO(content))
    return path


def zip_of(path, *members):
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content, *mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode[0] if mode else stat.S_IFREG | 0o644) << 16
            zipped.writestr(info, content)
    return path


def as_link(kind, target):
    def alter(info):
        info.type, info.linkname, info.size = kind, target, 0

    return alter


@pytest.mark.parametrize("make", [tar_of, zip_of], ids=["tar", "zip"])
def test_the_inner_folder_appears_and_nothing_else(tmp_path, make):
    archive = make(tmp_path / "a", ("set/Ann/1.txt", b"one"), ("set/Bob/1.txt", b"two"), ("LICENSE", b"terms"))
    target = unpack(archive, "set", tmp_path / "here")
    assert (target / "Ann" / "1.txt").read_bytes() == b"one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "here"]


HOSTILE = {
    "up": "../evil.txt",
    "up further in": "set/../../evil.txt",
    "absolute": "/evil.txt",
    "backslashes": "set\\..\\..\\evil.txt",
    "a drive's own folder": "C:evil.txt",
    "a drive": "C:\\evil.txt",
    "a share": "\\\\server\\evil.txt",
}


@pytest.mark.parametrize("make", [tar_of, zip_of], ids=["tar", "zip"])
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path, make, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    archive = make(inside / "a", ("set/1.txt", b"good"), (name, b"evil"))
    with pytest.raises(DataError, match=r"not safe.*leaves its folder"):
        unpack(archive, "set", inside / "here")
    assert [path.name for path in inside.iterdir()] == ["a"]
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (tarfile.SYMTYPE, "/etc"),
        (tarfile.SYMTYPE, "1.txt"),
        (tarfile.LNKTYPE, "set/1.txt"),
        (tarfile.FIFOTYPE, ""),
        (tarfile.CHRTYPE, ""),
    ],
    ids=["symlink out", "symlink", "hard link", "fifo", "device"],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind, target):
    archive = tar_of(tmp_path / "a", ("set/1.txt", b"good"), ("set/link", b"", as_link(kind, target)))
    with pytest.raises(DataError, match="link or a device"):
        unpack(archive, "set", tmp_path / "here")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_link_in_a_zip_is_refused(tmp_path):
    archive = zip_of(tmp_path / "a", ("set/1.txt", b"good"), ("set/link", b"/etc", stat.S_IFLNK | 0o777))
    with pytest.raises(DataError, match="link or a device"):
        unpack(archive, "set", tmp_path / "here")


@pytest.mark.parametrize("make", [tar_of, zip_of], ids=["tar", "zip"])
@pytest.mark.parametrize(("limit", "value"), [("MOST_BYTES", 5), ("MOST_FILES", 1)])
def test_too_much_is_refused(tmp_path, monkeypatch, make, limit, value):
    monkeypatch.setattr(module, limit, value)
    archive = make(tmp_path / "a", ("set/1.txt", b"one"), ("set/2.txt", b"two"))
    with pytest.raises(DataError, match="unpacks to more than"):
        unpack(archive, "set", tmp_path / "here")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("make", [tar_of, zip_of], ids=["tar", "zip"])
def test_a_damaged_archive_leaves_nothing(tmp_path, make):
    archive = make(tmp_path / "a", *((f"set/{i}.bin", os.urandom(5000)) for i in range(5)))
    content = archive.read_bytes()
    for damaged in (content[: len(content) // 2], content[:20], b"no archive", b""):
        archive.write_bytes(damaged)
        with pytest.raises(DataError, match="could not be unpacked"):
            unpack(archive, "set", tmp_path / "here")
        assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_another_archive_is_named(tmp_path):
    with pytest.raises(DataError, match="holds no folder set"):
        unpack(tar_of(tmp_path / "a", ("other/1.txt", b"one")), "set", tmp_path / "here")
