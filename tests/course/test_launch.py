"""JupyterLab comes up on the course, alone and without news."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from mmteach.course.launch import LARGEST_UPLOAD, check_port, lab_arguments
from mmteach.errors import MmteachError


def test_a_taken_port_is_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MmteachError, match=f"port {port} is in use: choose another with --port"):
            check_port(port)
    check_port(port)


def test_without_a_port_jupyter_chooses(tmp_path):
    names = {argument.partition("=")[0] for argument in lab_arguments(tmp_path)}
    assert not names & {"--ServerApp.port", "--ServerApp.port_retries", "--no-browser"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode("utf-8")


def test_jupyterlab_serves_the_course(tmp_path):
    folder, port = tmp_path / "my work", free_port()
    folder.mkdir()
    (folder / "00_welcome.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    code = "import sys; from pathlib import Path; from mmteach.course.launch import open_lab; "
    code += "open_lab(Path(sys.argv[1]), port=int(sys.argv[2]), browser=False)"
    log = (tmp_path / "log").open("w+")
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(port)],
        env={**os.environ, "JUPYTER_TOKEN": "secret"},
        stdout=log,
        stderr=log,
    )
    try:
        for _ in range(200):
            try:
                page = fetch(f"http://127.0.0.1:{port}/?token=secret")
                break
            except urllib.error.URLError:
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.1)
        assert '"news": {"disabled": true}' in page
        assert "/lab/tree/00_welcome.ipynb" in (tmp_path / "log").read_text()
        assert (
            json.loads(fetch(f"http://127.0.0.1:{port}/api/contents/?token=secret"))["content"][0]["name"]
            == "00_welcome.ipynb"
        )
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def test_a_large_photo_may_be_uploaded(tmp_path):
    from jupyter_server.serverapp import ServerApp

    server = ServerApp()
    server.parse_command_line(lab_arguments(tmp_path))
    assert server.tornado_settings["websocket_max_message_size"] == LARGEST_UPLOAD
