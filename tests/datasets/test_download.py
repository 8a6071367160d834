"""A server on this machine stands in for the publisher: it can resume, break off, send on and refuse."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from mmteach.datasets import download
from mmteach.datasets.known import RemoteFile
from mmteach.errors import DownloadError

CONTENT = bytes(range(256)) * 400  # 102,400 bytes
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Publisher(ThreadingHTTPServer):
    """Serves CONTENT; what it does wrong is set by the test."""

    resumes = True
    breaks_after: int | None = None  # bytes of the first answer
    status = 200
    shift = 0  # resumes this many bytes off

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges: list[str | None] = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/file.bin"


class Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self):
        server, wanted = self.server, self.headers.get("Range")
        server.ranges.append(wanted)
        if server.status != 200:
            return self.send_error(server.status)
        start = int(wanted[6:-1]) if wanted and server.resumes else 0
        if start >= len(CONTENT):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            start += server.shift
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        stop, server.breaks_after = server.breaks_after, None
        self.wfile.write(CONTENT[start:][:stop])

    def log_message(self, *_):
        pass


@pytest.fixture
def publisher(monkeypatch):
    monkeypatch.setattr(download, "new_session", requests.Session)  # the stand-in speaks http
    monkeypatch.setattr(download, "PAUSE", 0)
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def fetch(server, folder, sha256=SHA256):
    return download.fetch(
        RemoteFile("file.bin", server.url, sha256), folder, again="mmteach data get it", progress=False
    )


def test_a_file_arrives_whole_under_its_name_alone(publisher, tmp_path):
    path = fetch(publisher, tmp_path / "new" / "folder")
    assert path.read_bytes() == CONTENT
    assert [file.name for file in path.parent.iterdir()] == ["file.bin"]


def test_what_is_there_already_is_not_fetched_again(publisher, tmp_path):
    (tmp_path / "file.bin").write_bytes(CONTENT)
    fetch(publisher, tmp_path)
    assert publisher.ranges == []


def test_a_wrong_file_put_there_by_hand_is_named_and_kept(publisher, tmp_path):
    (tmp_path / "file.bin").write_bytes(b"something else")
    with pytest.raises(DownloadError, match="not the published file"):
        fetch(publisher, tmp_path)
    assert (tmp_path / "file.bin").read_bytes() == b"something else"


def test_a_transfer_that_breaks_off_goes_on_from_there(publisher, tmp_path):
    publisher.breaks_after = 40_000
    assert fetch(publisher, tmp_path).read_bytes() == CONTENT
    first, second = publisher.ranges
    assert first is None
    assert 40_000 - download.CHUNK < int(second.removeprefix("bytes=").removesuffix("-")) <= 40_000


def test_an_earlier_part_is_gone_on_from(publisher, tmp_path):
    (tmp_path / "file.bin.part").write_bytes(CONTENT[:1000])
    assert fetch(publisher, tmp_path).read_bytes() == CONTENT
    assert publisher.ranges == ["bytes=1000-"]


def test_a_server_that_cannot_resume_starts_anew(publisher, tmp_path):
    publisher.resumes = False
    (tmp_path / "file.bin.part").write_bytes(CONTENT[:1000])
    assert fetch(publisher, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("part", [CONTENT, CONTENT + b"more"], ids=["whole", "too long"])
def test_a_part_with_nothing_left_to_fetch_starts_anew(publisher, tmp_path, part):
    (tmp_path / "file.bin.part").write_bytes(part)
    assert fetch(publisher, tmp_path).read_bytes() == CONTENT


def test_a_server_that_resumes_at_the_wrong_place_starts_anew(publisher, tmp_path):
    publisher.shift = 7
    (tmp_path / "file.bin.part").write_bytes(CONTENT[:1000])
    assert fetch(publisher, tmp_path).read_bytes() == CONTENT
    assert publisher.ranges == ["bytes=1000-", None]


def test_a_wrong_digest_leaves_nothing_behind(publisher, tmp_path):
    with pytest.raises(DownloadError, match="digest differs"):
        fetch(publisher, tmp_path, sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_part_costs_one_attempt(publisher, tmp_path):
    (tmp_path / "file.bin.part").write_bytes(b"x" * 1000)
    with pytest.raises(DownloadError, match="digest differs"):
        fetch(publisher, tmp_path)
    assert fetch(publisher, tmp_path).read_bytes() == CONTENT


def test_refused_or_offline_says_which_file_to_put_where(publisher, tmp_path):
    publisher.status = 403
    with pytest.raises(DownloadError, match="the server refuses: 403 Forbidden") as caught:
        fetch(publisher, tmp_path)
    said = str(caught.value)
    assert publisher.url in said
    assert str(tmp_path / "file.bin") in said
    assert "mmteach data get it" in said
    assert "\n" not in said
    publisher.server_close()
    with pytest.raises(DownloadError, match="no connection"):
        fetch(publisher, tmp_path)


def test_what_never_ends_is_stopped(publisher, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "MOST_BYTES", 1000)
    with pytest.raises(DownloadError, match="GB came"):
        fetch(publisher, tmp_path)


def test_http_is_refused(publisher, tmp_path, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(DownloadError, match="only https is allowed"):
        fetch(publisher, tmp_path)
    assert publisher.ranges == []


def test_being_sent_on_to_http_is_refused():
    """The session has no way to speak http, so a server that sends it there gets no further."""
    with download.new_session() as session, pytest.raises(requests.exceptions.InvalidSchema):
        session.get_adapter("http://127.0.0.1/")


def test_progress_is_shown_on_stderr(publisher, tmp_path, capsys):
    download.fetch(RemoteFile("file.bin", publisher.url, SHA256), tmp_path, again="", progress=True)
    captured = capsys.readouterr()
    assert "file.bin" in captured.err
    assert "100%" in captured.err
    assert captured.out == ""
