"""Start JupyterLab on a working folder."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from mmteach.course.chapters import FIRST
from mmteach.errors import MmteachError

LARGEST_UPLOAD = 100 * 2**20  # bytes


def check_port(port: int) -> None:
    """Raise MmteachError where JupyterLab could not listen on this port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # else a port that was closed a moment ago counts as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise MmteachError(f"port {port} is reserved for the system: choose one above 1023") from error
        except OSError as error:
            raise MmteachError(f"port {port} is in use: choose another with --port, or leave --port out") from error


def lab_arguments(folder: Path, port: int | None = None, browser: bool = True) -> list[str]:
    """Return the arguments that JupyterLab is started with: the course's first page, and no news from elsewhere."""
    arguments = [
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # An uploaded photo travels to its widget in one message; the usual limit of 10 MiB would cut the connection.
        f"--ServerApp.tornado_settings={{'websocket_max_message_size': {LARGEST_UPLOAD}}}",
    ]
    if port is not None:
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container everyone is root
        arguments.append("--allow-root")
    return arguments


def open_lab(folder: Path, port: int | None = None, browser: bool = True) -> None:
    """Run JupyterLab in this process until it is stopped."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise MmteachError(f"JupyterLab cannot be started ({error}): python -m pip install jupyterlab") from error
    LabApp.launch_instance(argv=lab_arguments(folder, port, browser))
