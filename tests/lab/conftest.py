"""A small course, a root folder, and a server that knows the routes."""

import json
import secrets
from pathlib import Path

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403 - its fixtures, for this folder alone
from tornado.httpclient import HTTPClientError

from mmteach.course import copies
from mmteach.lab import desk as module
from mmteach.lab.desk import Desk


def cell(source, kind="code", **mark):
    made = {"cell_type": kind, "id": secrets.token_hex(4), "metadata": {"mmteach": mark} if mark else {}}
    made["source"] = source.splitlines(keepends=True)
    return made if kind == "markdown" else {**made, "outputs": [], "execution_count": None}


def exercise(id, points=3, version=1, starter="def my_mean(values):\n    return ..."):
    return [
        cell("### Write it", "markdown", exercise=id, part="task"),
        cell(starter, exercise=id, part="starter", points=points, version=version, title=f"Title of {id}"),
        cell(f'ex = exercise("{id}")', exercise=id, part="check"),
    ]


def write(path: Path, title, *cells):
    content = {"cells": [cell(f"# {title}\n\nAbout 20 minutes", "markdown"), *cells], "metadata": {}}
    path.write_text(json.dumps({**content, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


@pytest.fixture
def notebook():
    """Write a notebook: notebook(path, title, *exercise(id, points=3, version=1))."""
    return write


@pytest.fixture
def cells():
    return exercise


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A course of two chapters, three exercises and a table, as it is handed out."""
    folder = tmp_path / "course as it is handed out"
    (folder / "data").mkdir(parents=True)
    write(folder / "00_welcome.ipynb", "Welcome", *exercise("welcome.one", 2))
    write(folder / "02_preprocess.ipynb", "Before learning", *exercise("preprocess.a"), *exercise("preprocess.b", 4))
    (folder / "data" / "table.csv").write_text("a,b\n", encoding="utf-8")
    monkeypatch.setattr(module, "notebooks_folder", lambda: folder)
    monkeypatch.setattr(copies, "notebooks_folder", lambda: folder)
    return folder


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The server's root folder; progress is kept beside it."""
    folder = tmp_path / "root_dir"  # the name that jp_root_dir has
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return folder


@pytest.fixture
def desk(root, source):
    return Desk(root)


@pytest.fixture
def book(root):
    from mmteach.exercises.progress import Progress

    return Progress()


@pytest.fixture
def jp_server_config():
    return {"ServerApp": {"jpserver_extensions": {"mmteach.lab": True}}}


@pytest.fixture
def ask(root, source, jp_fetch):
    """Send a request: await ask("course") or await ask("course", {...}); status and JSON come back."""

    async def send(route, body=None, **more):
        if body is not None:
            more |= {"method": "POST", "body": body if isinstance(body, bytes) else json.dumps(body)}
        try:
            answer = await jp_fetch("mmteach", route, **more)
        except HTTPClientError as error:
            answer = error.response
        return answer.code, json.loads(answer.body)

    return send
